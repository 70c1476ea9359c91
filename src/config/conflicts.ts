import type { Diagnostic, SettingOrigin, Settings } from '../domain/settings.ts'
import { formatDuration } from './duration.ts'
import type { FileLayer } from './upgrade-file.ts'
import { showPath } from './wording.ts'
import type { KeyPath } from './yaml-source.ts'

/** Two settings, each possible, that cannot hold together; `at` is the one to change. */
type Conflict = { at: KeyPath; with: KeyPath; message: string; hint: string }

/** What cannot hold together in settings that are each valid. What stands beside another mistake is not judged. */
export function diagnoseConflicts(input: {
  settings: Settings
  origins: () => Readonly<Record<string, SettingOrigin>>
  /** What is known to be wrong already. */
  told: readonly Diagnostic[]
  place: FileLayer['place']
}): Diagnostic[] {
  const { settings, origins, told, place } = input
  const conflicts = [
    ...timesOf(settings),
    ...portsOf(settings),
    ...routesOf(settings),
    ...protocolsOf(settings),
  ]
  return conflicts
    .filter((conflict) => !told.some((other) => touches(conflict, other)))
    .map(({ at, message, hint }) => {
      const origin = origins()[showPath(at)]
      const elsewhere = origin?.from === 'environment' || origin?.from === 'flag'
      if (elsewhere) return { place: undefined, path: origin.name, message, hint }
      return { place: place(at, 'value'), path: showPath(at), message, hint }
    })
}

function touches(conflict: Conflict, { place, path }: Diagnostic): boolean {
  const section = /^\w+/.exec(path)?.[0]
  return place === undefined || section === conflict.at[0] || section === conflict.with[0]
}

function timesOf({ health }: Settings): Conflict[] {
  if (health.intervalMs <= health.timeoutMs) return []
  const timeout = formatDuration(health.timeoutMs)
  return [
    {
      at: ['health', 'interval'],
      with: ['health', 'timeout'],
      message: `The pause between two checks, ${formatDuration(health.intervalMs)}, is longer than the time they all may take, ${timeout}.`,
      hint: `Write at most ${timeout}, or a longer health.timeout.`,
    },
  ]
}

function portsOf({ delivery, proxy, routes }: Settings): Conflict[] {
  const preview: KeyPath = ['proxy', 'preview_port']
  const management: KeyPath = ['proxy', 'management_port']
  const uses = [
    ...routes.map(({ listen }, index) => ({ at: ['routes', index, 'listen'] as KeyPath, port: listen })),
    { at: ['tls', 'listen'] as KeyPath, port: delivery.tls?.listen },
    { at: preview, port: proxy.previewPort },
    { at: management, port: proxy.managementPort },
  ]
  return uses.slice(-2).flatMap(({ at, port }) => {
    const other = uses.slice(0, at === preview ? -2 : -1).find((use) => use.port === port)
    if (port === undefined || other === undefined) return []
    const message = `Port ${port} is taken: ${USES[String(other.at[0])]}.`
    return [{ at, with: other.at, message, hint: 'Write another port, or leave it out to get a free one.' }]
  })
}

const USES: Record<string, string> = {
  routes: 'a route listens on it',
  tls: 'users are served with TLS on it',
  proxy: 'it is the preview port',
}

function protocolsOf({ delivery, routes }: Settings): Conflict[] {
  const index = routes.findIndex(({ protocol }) => protocol === 'grpc')
  if (index < 0 || delivery.http2) return []
  return [
    {
      at: ['proxy', 'http2'],
      with: ['routes', index, 'protocol'],
      message: 'gRPC is spoken over HTTP/2, which is turned off.',
      hint: 'Write true, or leave it out.',
    },
  ]
}

function routesOf({ routes }: Settings): Conflict[] {
  const keys = routes.map(({ listen, host, path }) => `${listen} ${host?.toLowerCase() ?? ''} ${path}`)
  return keys.flatMap((key, index) => {
    const first = keys.indexOf(key)
    if (first === index) return []
    return [
      {
        at: ['routes', index],
        with: ['routes', first],
        message: 'An earlier route has the same port, host and path.',
        hint: 'Keep one of the two, or give them different hosts or paths.',
      },
    ]
  })
}
