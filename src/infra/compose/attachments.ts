import { setTimeout as pause } from 'node:timers/promises'
import type { ContainerInspectInfo, EndpointSettings } from 'dockerode'
import type { Platform } from '../../app/ports/platform.ts'
import type { Attachment } from '../../domain/adoption.ts'
import { Expected, failureOf } from '../../domain/failure.ts'
import type { Engine } from '../docker/engine.ts'

type Attachments = Pick<Platform, 'attachments' | 'detach' | 'attach'>

/** How long ports are waited for that somebody else took meanwhile, and how often they are tried. */
const PORTS_MS = 20_000
const TRY_EVERY_MS = 200

/** Containers leave their networks, and with them their ports, and come back. */
export function createAttachments(engine: Engine): Attachments {
  return {
    attachments: async (containers) => {
      const found = await Promise.all(containers.map((id) => engine.inspect(id)))
      return found.flatMap((each) => (each && portsOf(each).length > 0 ? attachmentsOf(each) : []))
    },
    detach: async (attachments) => {
      // One network after the other: as long as one is left, the ports move there.
      const detachAll = async (of: readonly Attachment[]) => {
        for (const { container, network } of of) await engine.disconnect(container, network)
      }
      await Promise.all(byContainer(attachments).map(detachAll))
    },
    attach: async (attachments) => {
      await Promise.all(byContainer(attachments).map((of) => attachAgain(engine, of)))
    },
  }
}

function byContainer(attachments: readonly Attachment[]): Attachment[][] {
  const containers = [...new Set(attachments.map((each) => each.container))]
  return containers.map((container) => attachments.filter((each) => each.container === container))
}

/** The ports a container is to publish, as "3000/tcp". */
function portsOf({ HostConfig }: ContainerInspectInfo): string[] {
  return Object.keys(HostConfig.PortBindings ?? {})
}

function attachmentsOf({ Id, NetworkSettings }: ContainerInspectInfo): Attachment[] {
  return Object.entries(NetworkSettings.Networks).map(([network, endpoint]) => {
    const { Aliases, IPAMConfig, Links } = endpoint as Partial<EndpointSettings>
    return {
      container: Id,
      network,
      // The engine adds the short id by itself.
      aliases: (Aliases ?? []).filter((alias) => !Id.startsWith(alias)),
      links: (Links as string[] | null | undefined) ?? [],
      ipv4: IPAMConfig?.IPv4Address || undefined,
      ipv6: IPAMConfig?.IPv6Address || undefined,
    }
  })
}

async function attachAgain(engine: Engine, attachments: readonly Attachment[]): Promise<void> {
  const found = await engine.inspect(attachments[0]?.container ?? '')
  if (found === undefined) return
  const problem = await attachMissing(engine, found, attachments)
  if (found.State.Running) await untilPublished(engine, attachments, problem)
}

/** Attaches it where it is not yet; returns what the engine said where it could not. */
async function attachMissing(
  engine: Engine,
  { NetworkSettings }: ContainerInspectInfo,
  attachments: readonly Attachment[],
): Promise<unknown> {
  let problem: unknown
  for (const attachment of attachments) {
    if (NetworkSettings.Networks[attachment.network] !== undefined) continue
    await engine.attach(attachment).catch((error: unknown) => {
      if (failureOf(error)?.code !== 'command-failed') throw error
      problem = error
    })
  }
  return problem
}

/**
 * A port that somebody else has is waited for. Docker 20.10 to 28 leave a container that they could not publish half
 * joined: only a restart makes it whole. Later ones take it off that network again (moby, connectToNetwork), where no
 * restart would bring it back.
 */
async function untilPublished(
  engine: Engine,
  attachments: readonly Attachment[],
  first: unknown,
): Promise<void> {
  const container = attachments[0]?.container ?? ''
  const deadline = performance.now() + PORTS_MS
  let problem = first
  for (;;) {
    const found = await engine.inspect(container)
    if (found === undefined) return
    const missing = portsOf(found).filter((port) => !found.NetworkSettings.Ports[port]?.length)
    if (found.State.Running && missing.length === 0) {
      // The ports may have become free between two networks.
      await attachMissing(engine, found, attachments)
      return
    }
    if (performance.now() > deadline) throw problem ?? notPublished(found, missing)
    await pause(TRY_EVERY_MS)
    const joined = attachments.every(({ network }) => found.NetworkSettings.Networks[network] !== undefined)
    problem = joined
      ? await engine.restart(container).catch((error: unknown) => error)
      : await attachMissing(engine, found, attachments)
  }
}

function notPublished({ HostConfig, Name }: ContainerInspectInfo, missing: readonly string[]): Expected {
  const bindings = HostConfig.PortBindings as Record<string, { HostPort?: string }[]>
  const port = Number(bindings[missing[0] ?? '']?.[0]?.HostPort ?? 0)
  return new Expected({ code: 'port-taken', port, holder: undefined, container: Name.slice(1), own: false })
}
