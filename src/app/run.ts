import { type Adoption, ownServices } from '../domain/adoption.ts'
import { type Color, colorProject } from '../domain/color.ts'
import type { ComposeModel } from '../domain/compose-model.ts'
import type { World } from '../domain/facts.ts'
import { countClasses } from '../domain/plan.ts'
import type { HeldImage, Metadata, ReleaseId } from '../domain/release.ts'
import type { ClassifiedService, NamedVolume, Route, SharedLink } from '../domain/service.ts'
import type { Settings } from '../domain/settings.ts'
import type { Definitions } from '../domain/shared-services.ts'
import type { Site } from '../domain/site.ts'
import type { StepId } from '../domain/steps.ts'
import type { Context, Held } from './command.ts'
import type { Emit, StepSubject } from './events.ts'
import type { HeldLock } from './ports/records.ts'
import type { TrafficStream } from './ports/requests.ts'
import type { Ports } from './ports.ts'

/** The release that a run brings to users: a new one, one from a snapshot, or one that runs already. */
export type Candidate = {
  release: ReleaseId
  services: ClassifiedService[]
  routes: Route[]
  links: SharedLink[]
  volumes: NamedVolume[]
  /** Of its shared services. */
  definitions: Definitions
  /** The same services as Compose resolved them, hashed: equal hashes are equal definitions. */
  resolved: Definitions
  images: HeldImage[]
  fingerprint: string
  /** The user's own model it was split from; undefined: it comes from a snapshot or runs already. */
  original: ComposeModel | undefined
  /** undefined: it runs already, nothing has to be started. */
  model: ComposeModel | undefined
  restoredFrom: ReleaseId | undefined
}

/** What the steps of one run share. Fields that are not readonly change as steps are done. */
export type Run = {
  readonly ports: Ports
  readonly settings: Settings
  readonly emit: Emit
  readonly held: HeldLock
  readonly command: string
  readonly world: World
  readonly from: Color | undefined
  readonly target: Color
  readonly startedAtMs: number
  readonly beganAtMs: number
  readonly candidate: Candidate
  /** The release that stood warm in the target color; brought back when the attempt fails. */
  readonly displaced: ReleaseId | undefined
  /** The site nginx served when the run began. */
  readonly before: Site | undefined
  /** The site nginx serves now; moves with every generation this run installs. */
  site: Site | undefined
  /** The generation to go back to, whose color is the one users came from; 0: none. */
  generation: number
  /** nginx has, or may have, another site than when the run began. */
  siteMoved: boolean
  /** The highest generation number in use, abandoned ones included. */
  lastGeneration: number
  /** What the snapshot of this run says of the release; undefined: it took none. */
  metadata: Metadata | undefined
  attempted: StepId[]
  durations: Partial<Record<StepId, number>>
  /** The app that plain Compose runs, whose users this run moves; undefined: there is none. */
  readonly adoption: Adoption | undefined
  /** The proxy does not have the listen ports yet: they change hands at the switch. */
  readonly takesPorts: boolean
  /** There never was a proxy: the one this run makes goes with it if it fails. */
  readonly madeProxy: boolean
  /** The candidate passed the last look before the switch; one that a person forced on users need not. */
  sawHealthy: boolean
  /** Users were, or may have been, moved. */
  crossedTheLine: boolean
  /** The way back did not come to its end: the journal stays, and the next command goes on with it. */
  unfinished: boolean
  /** How often each container of the target color had restarted before users came; only where it stood by. */
  restartsBefore: Readonly<Record<string, number>>
  /** When every service of the target color was last seen to be healthy, in ms since the epoch; undefined: not yet. */
  healthyAtMs: number | undefined
  switchMs: number
  /** How long the ports were nobody's; undefined: they did not change hands. */
  gapMs: number | undefined
  /** From the end of the installation until new connections were answered by it. */
  confirmMs: number
  /** The requests that are sent during the switch; undefined: none are. */
  probe: TrafficStream | undefined
}

export function subjectOf(run: Run): StepSubject {
  const { adoption, candidate, from, settings, target } = run
  return {
    app: settings.app,
    color: target,
    from,
    release: candidate.release,
    ...(adoption !== undefined && { own: ownServices(adoption) }),
  }
}

/** The release users were on when the run began. */
export function previousRelease(run: Run): ReleaseId | undefined {
  return run.from === undefined ? undefined : run.before?.releases[run.from]
}

/** Services by class, as plans count them: a singleton counts if either release has it, to be started or stopped. */
export function countRun(run: Run): ReturnType<typeof countClasses> {
  const counts = countClasses(run.candidate.services)
  const serving = run.world.records.snapshots.find((snapshot) => snapshot.id === previousRelease(run))
  return { ...counts, singletons: counts.singletons + countClasses(serving?.services ?? []).singletons }
}

/** The compose project of the target color, and the file it is brought up from. */
export function targetProject(run: Run): { project: string; file: string } {
  return {
    project: colorProject(run.settings.app, run.target),
    file: run.ports.store.composePath(run.candidate.release),
  }
}

export function elapsedMs(run: Run): number {
  return run.ports.machine.now().getTime() - run.beganAtMs
}

/** A run at its beginning: nothing was attempted yet. */
export function beginRun(
  { emit, ports, settings }: Context,
  { active, beganAtMs, held, startedAtMs, world }: Held,
  chosen: Pick<Run, 'command' | 'target' | 'candidate' | 'site' | 'displaced'> & {
    adoption?: Adoption | undefined
  },
): Run {
  const { proxy } = world
  const { adoption } = chosen
  return {
    ...chosen,
    ports,
    settings,
    emit,
    held,
    world,
    from: active,
    startedAtMs,
    beganAtMs,
    before: chosen.site,
    generation: chosen.site?.generation ?? 0,
    lastGeneration: chosen.site?.generation ?? 0,
    metadata: undefined,
    attempted: [],
    durations: {},
    madeProxy: world.proxy.state === 'absent' && chosen.site === undefined,
    siteMoved: false,
    sawHealthy: false,
    adoption,
    takesPorts: proxy.state === 'absent' ? adoption !== undefined : proxy.waiting === true,
    crossedTheLine: false,
    unfinished: false,
    switchMs: 0,
    restartsBefore: {},
    healthyAtMs: undefined,
    gapMs: undefined,
    confirmMs: 0,
    probe: undefined,
  }
}
