import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { ProxyPorts, UsersCome } from '../../app/ports/proxy.ts'
import { proxyProject } from '../../domain/color.ts'
import { LABEL } from '../../domain/labels.ts'
import { onFile } from '../store/failures.ts'
import { FOLDER_MODE, writeAtomic } from '../store/write-atomic.ts'
import type { ProxyContainer } from './driver.ts'
import { CONFIG_ROOT, MAIN_CONF } from './layout.ts'
import { isWaiting, PROXY_LABEL, parsePortLabels, portLabels } from './proxy-ports.ts'
import { START } from './scripts.ts'

export type ProxyProject = {
  app: string
  image: string
  version: string
  ports: ProxyPorts
  /** `later`: somebody else has the listen ports, which are not published yet. */
  users: UsersCome
}

const ENTRYPOINT = ['sh', '-c', START, 'verdigris', 'nginx', '-c', MAIN_CONF, '-g', 'daemon off;']

/** The compose model of the proxy's own project. */
function proxyModel({ app, image, version, ports, users }: ProxyProject) {
  const listen = users !== 'later' ? Object.keys(ports.previews) : []
  const published = listen.map((port) => `${port}:${port}`)
  const loopback = [ports.management, ...Object.values(ports.previews)].map(
    (port) => `127.0.0.1:${port}:${port}`,
  )
  return {
    name: proxyProject(app),
    services: {
      nginx: {
        image,
        pull_policy: 'missing',
        entrypoint: ENTRYPOINT,
        command: [],
        // What the agent beside nginx reads.
        stdin_open: true,
        // After a crash of its own, Docker 20.10 leaves `unless-stopped` containers stopped: as if somebody had.
        restart: 'always',
        // nginx answers what it has begun before it ends.
        stop_signal: 'SIGQUIT',
        ports: [...published, ...loopback],
        volumes: [`config:${CONFIG_ROOT}`],
        labels: {
          [LABEL.app]: app,
          [LABEL.role]: 'proxy',
          [PROXY_LABEL.image]: image,
          [PROXY_LABEL.version]: version,
          [PROXY_LABEL.agent]: 'true',
          ...portLabels(ports),
          ...(users === 'later' && { [PROXY_LABEL.waiting]: 'true' }),
        },
      },
    },
    networks: { default: { name: networkName(app) } },
    volumes: { config: { labels: { [LABEL.app]: app } } },
  }
}

/**
 * Docker publishes a container's ports on one of its networks, the first by name (libnetwork, epHeap.Less), and
 * moves them when that one comes or goes: users are refused for as long as that takes. This name comes before
 * that of any color, so that colors come and go without it.
 */
export function networkName(app: string): string {
  return `00-${proxyProject(app)}`
}

/** The proxy's compose file, written anew from the container's labels where it was lost. */
export async function restoreProxyFile(path: string, container: ProxyContainer | undefined): Promise<void> {
  const ports = container && parsePortLabels(container.labels)
  if (!ports || existsSync(path)) return
  const { labels } = container
  await writeProxyFile(path, {
    app: labels[LABEL.app] ?? '',
    image: labels[PROXY_LABEL.image] ?? '',
    version: labels[PROXY_LABEL.version] ?? '',
    ports,
    users: isWaiting(labels) ? 'later' : 'now',
  })
}

/** Writes the proxy's compose file, atomically, 0600 in a folder of 0700; `file-failed`. */
export async function writeProxyFile(path: string, project: ProxyProject): Promise<void> {
  const { stringify } = await import('yaml')
  // `$` is Compose's own sign for a variable.
  const text = stringify(proxyModel(project)).replaceAll('$', '$$$$')
  await onFile(path, async () => {
    await mkdir(dirname(path), { recursive: true, mode: FOLDER_MODE })
    await writeAtomic(path, text)
  })
}
