import type { ContainerFacts } from '../../domain/facts.ts'
import { failureOf } from '../../domain/failure.ts'
import type { Quiet } from '../../domain/settings.ts'
import type { Context } from '../command.ts'

const LOOK_EVERY_MS = 100

/** Tells services that they are about to stop, so that they end what they do and begin nothing new. */
export async function quietContainers(
  context: Context,
  { project, stopping }: { project: string; stopping: readonly string[] },
): Promise<void> {
  const { ports, settings } = context
  const wanted = stopping.filter((name) => settings.services[name]?.quiet !== undefined)
  if (wanted.length === 0) return
  const running = (await ports.platform.containers([project])).filter(
    (each) => each.state === 'running' && !each.oneOff,
  )
  await Promise.all(
    running.map(async (container) => {
      const quiet = settings.services[container.service]?.quiet
      if (quiet !== undefined && wanted.includes(container.service))
        await quietOrTell(context, container, quiet)
    }),
  )
}

/** What could not be quieted is stopped all the same: its grace time is its own. */
async function quietOrTell(context: Context, container: ContainerFacts, quiet: Quiet): Promise<void> {
  try {
    const reason = await tellContainer(context, container, quiet)
    if (reason !== undefined) tell(context, container, reason)
  } catch (error) {
    const failure = failureOf(error)
    if (failure === undefined || failure.code === 'interrupted') throw error
    tell(context, container, failure.code)
  }
}

function tell({ emit }: Context, { service }: ContainerFacts, reason: string): void {
  emit({ type: 'note', note: { note: 'not-quieted', service, reason } })
}

/** Why it could not be done; undefined: it was. */
async function tellContainer(
  context: Context,
  container: ContainerFacts,
  quiet: Quiet,
): Promise<string | undefined> {
  const { commands, platform } = context.ports
  switch (quiet.by) {
    case 'signal':
      await platform.signal(container.id, quiet.signal)
      await waitEnded(context, container, quiet.waitMs)
      return undefined
    case 'command': {
      const output: string[] = []
      const options = { env: {}, timeoutMs: quiet.waitMs, onLine: (line: string) => output.push(line) }
      const exitCode = await commands.inContainer(container.id, quiet.command, options)
      return exitCode === 0 ? undefined : `exit code ${exitCode}: ${output.at(-1) ?? 'no words'}`
    }
  }
}

async function waitEnded(
  { ports: { machine, platform } }: Context,
  { id, project }: ContainerFacts,
  waitMs: number,
): Promise<void> {
  const deadlineMs = machine.now().getTime() + waitMs
  while (machine.now().getTime() < deadlineMs) {
    const found = (await platform.containers([project])).find((each) => each.id === id)
    if (found?.state !== 'running') return
    await machine.sleep(LOOK_EVERY_MS)
  }
}
