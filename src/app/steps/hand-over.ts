import type { Adoption } from '../../domain/adoption.ts'
import { ownServices } from '../../domain/adoption.ts'
import { colorProject } from '../../domain/color.ts'
import type { Site } from '../../domain/site.ts'
import type { Context } from '../command.ts'
import { insist } from '../insist.ts'
import type { Run } from '../run.ts'

/**
 * The ports go from the app that plain Compose runs to the proxy, which stands ready: between the two they are
 * nobody's. Until then nothing of that app was touched; what fails from then on gives the ports back.
 */
export async function handOverPorts(run: Run, next: Site): Promise<void> {
  const { machine, platform, proxy } = run.ports
  const networks = await platform.networks(colorProject(run.settings.app, run.target))
  await standReady(run, next)
  run.crossedTheLine = true
  const beganMs = machine.now().getTime()
  await platform.detach(run.adoption?.attachments ?? [])
  await proxy.takePorts(networks.map((network) => network.name))
  await proxy.awaitUpstreams(next, run.target)
  run.gapMs = machine.now().getTime() - beganMs
  await proxy.settle()
}

/** Nginx tests the site where it waits, before it is made anew; what fails here, users never saw. */
async function standReady(run: Run, next: Site): Promise<void> {
  const { machine, proxy } = run.ports
  run.lastGeneration = next.generation
  await proxy.test(next)
  run.siteMoved = true
  try {
    await proxy.standReady(next)
    run.site = next
  } catch (error) {
    machine.heedInterruption()
    const problem = await insist(machine, () => proxy.waitAgain())
    if (problem !== undefined) run.unfinished = true
    throw error
  }
}

/** The way back: the proxy ends, and users are on the containers they were on. */
export async function givePortsBack(
  { ports, settings }: Pick<Context, 'ports' | 'settings'>,
  adoption: Adoption | undefined,
): Promise<void> {
  await ports.proxy.letGo()
  if (adoption === undefined) return
  await ports.platform.attach(adoption.attachments)
  const serving = adoption.containers.filter((each) => each.class === 'colored')
  if (serving.length > 0) await ports.platform.start(settings.app, ownServices({ containers: serving }))
}
