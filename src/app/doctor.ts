import { countFreeNetworks } from '../domain/address-pools.ts'
import { ownServices } from '../domain/adoption.ts'
import { COLORS, colorProject } from '../domain/color.ts'
import { isFelt, isMendable, judgeDrift, judgeFiles } from '../domain/drift.ts'
import type { Records } from '../domain/facts.ts'
import { Expected, failureOf } from '../domain/failure.ts'
import { judgeRelease } from '../domain/held-images.ts'
import { chooseSmallSubnet } from '../domain/small-subnet.ts'
import { gatherAdoption } from './adoption.ts'
import type { Context } from './command.ts'
import { draftRelease } from './draft-release.ts'
import { checkPorts } from './preflight.ts'
import { refuseForeign } from './refuse-foreign.ts'
import { tellOnce } from './tell-once.ts'
import type { DoctorCheck, DoctorCheckId, DoctorView } from './views.ts'
import { observeWorld } from './world.ts'

type Found = Pick<DoctorCheck, 'found'> & Partial<Pick<DoctorCheck, 'verdict' | 'cure' | 'drift'>>

const LOW_DISK_BYTES = 1024 ** 3
/** Beyond what is needed nobody has to know how many there are. */
const SPARE_NETWORKS = 10

/** Looks at everything an upgrade needs, and says of each what was found and what cures it. Changes nothing. */
export async function doctor(context: Context): Promise<DoctorView> {
  const { ports, settings } = context
  const engine = await check('engine', async () => ({ found: (await ports.platform.check()).engine }))
  if (engine.verdict === 'fail' && engine.failure?.code === 'engine-unreachable') {
    return { view: 'doctor', app: settings.app, checks: [engine] }
  }
  // Before all others: who reads a corrupt record first sets it aside.
  const read = ports.store.read('whole')
  await read.catch(() => undefined)
  const folder = ports.store.check('in-passing')
  folder.catch(() => undefined)
  const checks = await Promise.all([
    check('compose', async () => ({ found: (await ports.platform.check()).compose })),
    check('compose-file', () => checkComposeFile(context)),
    check('settings', async () => {
      const world = await observeWorld(ports, settings.app)
      await refuseForeign({ machine: ports.machine, settings }, world)
      return { found: `the app is ${settings.app}` }
    }),
    check('deployments', async () => {
      await folder
      return { found: `${settings.deploymentDir} can be written` }
    }),
    check('disk', async () => checkDisk(settings, await folder)),
    check('ports', () => checkListenPorts(context)),
    check('networks', () => checkNetworks(context)),
    check('proxy', async () => ({
      found: `nginx ${(await ports.proxy.check()).version} in ${settings.proxy.image}`,
    })),
    check('images', () => checkImages(context)),
    check('records', () => checkRecords(context, read)),
  ])
  return { view: 'doctor', app: settings.app, checks: tellOnce([engine, ...checks]) }
}

async function check(id: DoctorCheckId, look: () => Promise<Found>): Promise<DoctorCheck> {
  try {
    const { cure, drift, found, verdict = 'ok' } = await look()
    return { id, verdict, found, failure: undefined, cure, ...(drift && { drift }) }
  } catch (error) {
    const failure = failureOf(error)
    if (failure === undefined) throw error
    return { id, verdict: 'fail', found: '', failure, cure: undefined }
  }
}

async function checkComposeFile(context: Context): Promise<Found> {
  const draft = await draftRelease(context, { color: 'blue', at: context.ports.machine.now() })
  const routes = draft.routes.map((route) => `${route.listen} → ${route.service}:${route.port}`)
  return { found: `${counted(draft.services.length, 'service')}; ${routes.join(', ')}` }
}

function checkDisk(
  { deploymentDir }: Pick<Context['settings'], 'deploymentDir'>,
  { freeBytes }: { freeBytes: number },
): Found {
  const found = `${Math.floor(freeBytes / LOW_DISK_BYTES)} GiB free where ${deploymentDir} is`
  if (freeBytes >= LOW_DISK_BYTES) return { found }
  return { found: `${Math.floor(freeBytes / 1024 ** 2)} MiB free`, verdict: 'warn', cure: 'docker system df' }
}

async function checkListenPorts(context: Context): Promise<Found> {
  const world = await observeWorld(context.ports, context.settings.app)
  if (world.proxy.state === 'silent') return { found: 'the proxy has them' }
  if (world.proxy.state === 'running' && world.proxy.waiting !== true) {
    return { found: `the proxy has ${Object.keys(world.proxy.previewPorts).join(', ')}` }
  }
  const draft = await draftRelease(context, { color: 'blue', at: context.ports.machine.now() })
  const adoption = await gatherAdoption(context, world, draft.services)
  await checkPorts(context, world, draft.routes, adoption)
  const ports = [...new Set(draft.routes.map((route) => route.listen))].join(', ')
  if (adoption === undefined || adoption.attachments.length === 0) return { found: `${ports} free` }
  return { found: `${ports}: your own ${ownServices(adoption).join(', ')}, until the proxy takes over` }
}

/** Networks that are there already need no room, and those with small subnets one block together. */
async function checkNetworks(context: Context): Promise<Found> {
  const { ports, settings } = context
  const [space, world, draft] = await Promise.all([
    ports.platform.addressSpace(),
    observeWorld(ports, settings.app),
    draftRelease(context, { color: 'blue', at: ports.machine.now() }),
  ])
  const missingOf = async (project: string, wanted: number) =>
    Math.max(0, wanted - (await ports.platform.networks(project)).length)
  const ofColor = Object.keys(draft.model?.networks ?? {}).length
  const shared = draft.services.some((service) => service.class === 'shared')
  const missing = await Promise.all([
    ...COLORS.map((color) => missingOf(colorProject(settings.app, color), ofColor)),
    missingOf(settings.app, shared ? 1 : 0),
  ])
  // Ports change hands by way of a network that is there for that moment only.
  const passing = (await gatherAdoption(context, world, draft.services)) === undefined ? 0 : 1
  const [ofBlue = 0, ofGreen = 0, ofBase = 0] = missing
  const ofOurs = ofBlue + ofGreen + (world.proxy.state === 'absent' ? 1 : 0) + passing
  const small = chooseSmallSubnet(space)
  const needed = ofBase + (small === undefined ? ofOurs : Number(ofOurs > 0 && small.opens))
  const enough = needed + SPARE_NETWORKS
  const free = countFreeNetworks(space, enough)
  if (free < needed) throw new Expected({ code: 'networks-exhausted', free, needed })
  const more = free === enough ? `${free} or more` : String(free)
  return { found: `${needed} needed, room for ${more}` }
}

/** Whether each release that can be gone back to still has its images. */
async function checkImages({ ports, settings }: Context): Promise<Found> {
  const [{ records }, listed] = await Promise.all([
    observeWorld(ports, settings.app),
    ports.platform.images(),
  ])
  const judged = records.snapshots.map(({ id, images }) => ({ id, ...judgeRelease(images, listed) }))
  const lacking = judged.filter(({ gone }) => gone.length > 0)
  if (lacking.length > 0) {
    const names = lacking.map(({ gone, id }) => `${gone.join(', ')} of ${id}`)
    return { found: `gone: ${names.join('; ')}`, verdict: 'warn', cure: 'upgrade history' }
  }
  const pulls = new Set(judged.flatMap((each) => each.pulls))
  const unproved = new Set(judged.flatMap((each) => each.unproved))
  const again = pulls.size === 0 ? '' : `, ${[...pulls].join(', ')} by another pull`
  const perhaps = unproved.size === 0 ? '' : `, if a registry has ${[...unproved].join(', ')}`
  return { found: `${counted(judged.length, 'release')} can be started${again}${perhaps}` }
}

function counted(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : `${noun}s`}`
}

async function checkRecords({ ports, settings }: Context, read: Promise<Records>): Promise<Found> {
  const { setAside } = await read
  const seen = await observeWorld(ports, settings.app)
  const world = { ...seen, records: { ...seen.records, setAside } }
  const files = world.proxy.state === 'running' ? await ports.proxy.changedFiles() : []
  const drift = [...judgeDrift(world), ...judgeFiles(files)]
  if (drift.length === 0)
    return { found: `${counted(world.records.snapshots.length, 'snapshot')}; records agree with what runs` }
  const cure = drift.some(isMendable) ? 'upgrade doctor --fix' : undefined
  return { found: '', verdict: drift.some(isFelt) ? 'fail' : 'warn', cure, drift }
}
