import {
  type Hook,
  type HookPlaces,
  PERFORM_HOOKS,
  PREPARE_HOOKS,
  ROLLBACK_HOOKS,
  SWITCH_HOOKS,
} from './hooks.ts'
import type { ClassifiedService, ServiceClass } from './service.ts'
import { type PlannedStep, type SkipReason, STEPS, type StepId } from './steps.ts'

/** The steps of a command, in order, with those that have nothing to do and why. Old snapshots are pruned at the
 * end of every plan that ran, whatever becomes of the cleanup step. */
export type Plan = { steps: PlannedStep[] }

/** What decides which steps of a switch have something to do. */
export type SwitchFacts = {
  singletons: number
  healthAsked: boolean
  watchMs: number
  cleanupAsked: boolean
  /** Users are on a color already, whose requests in flight must end. */
  somethingActive: boolean
  /** Users are on the app as plain Compose runs it; its containers stop once users are off them. */
  adopts?: boolean
  /** Hooks that are set. */
  hooks: readonly Hook[]
}

export type PerformFacts = SwitchFacts & {
  shared: number
  jobs: number
  smokeTests: number
  pullOrBuildAsked: boolean
  autoSwitch: boolean
}

export type RollbackFacts = SwitchFacts & {
  shared: number
  /** The release to go back to still runs in the standby color. */
  stillRunning: boolean
  /** It comes up in the other color than before: a release of its own, with a snapshot of its own. */
  restoredAnew: boolean
}

/** How many services of each class a release has, as plans count them. */
export function countClasses(services: readonly ClassifiedService[]): {
  shared: number
  jobs: number
  singletons: number
} {
  const count = (wanted: ServiceClass) => services.filter((service) => service.class === wanted).length
  return { shared: count('shared'), jobs: count('job'), singletons: count('singleton') }
}

/** Brings up a new release and, with `autoSwitch`, switches users to it. */
export function planPerform(facts: PerformFacts): Plan {
  const hooks = hooksAt(facts, facts.autoSwitch ? PERFORM_HOOKS : PREPARE_HOOKS)
  return planAll(hooks, {
    images: facts.pullOrBuildAsked ? undefined : 'pull-and-build-not-asked',
    shared: facts.shared > 0 ? undefined : 'no-shared-services',
    jobs: facts.jobs > 0 ? undefined : 'no-jobs',
    health: skippedHealth(facts),
    smoke: facts.smokeTests > 0 ? undefined : 'no-smoke-tests',
    ...(facts.autoSwitch ? pastTheLine(facts) : NOT_SWITCHED),
  })
}

/** Switches users to the color that stands by; it runs, so nothing is made anew. */
export function planSwitch(facts: SwitchFacts): Plan {
  return planAll(hooksAt(facts, SWITCH_HOOKS), {
    images: 'still-running',
    snapshot: 'still-running',
    shared: 'still-running',
    jobs: 'still-running',
    start: 'still-running',
    health: skippedHealth(facts),
    smoke: 'still-running',
    ...pastTheLine(facts),
  })
}

/** Goes back to an earlier release. Jobs never run on the way back: a migration is not undone by its older self. */
export function planRollback(facts: RollbackFacts): Plan {
  const running = facts.stillRunning ? 'still-running' : undefined
  return planAll(hooksAt(facts, ROLLBACK_HOOKS), {
    images: 'from-snapshot',
    snapshot: facts.restoredAnew ? undefined : 'from-snapshot',
    shared: running ?? (facts.shared > 0 ? undefined : 'no-shared-services'),
    jobs: 'from-snapshot',
    start: running,
    health: skippedHealth(facts),
    smoke: 'from-snapshot',
    ...pastTheLine(facts),
  })
}

type Skips = Partial<Record<StepId, SkipReason | undefined>>

function planAll(hooks: HookPlaces, skips: Skips): Plan {
  return { steps: STEPS.map((id) => ({ id, skip: skips[id], ...(hooks[id] && { hook: hooks[id] }) })) }
}

/** Those of a command's hooks that are set. */
function hooksAt({ hooks }: SwitchFacts, places: HookPlaces): HookPlaces {
  const set = Object.entries(places).filter(([, hook]) => hooks.includes(hook))
  return Object.fromEntries(set)
}

function skippedHealth(facts: SwitchFacts): SkipReason | undefined {
  return facts.healthAsked ? undefined : 'health-not-asked'
}

const NOT_SWITCHED: Skips = {
  switch: 'not-switched',
  confirm: 'not-switched',
  singletons: 'not-switched',
  watch: 'not-switched',
  drain: 'not-switched',
  cleanup: 'not-switched',
}

function pastTheLine(facts: SwitchFacts): Skips {
  return {
    singletons: facts.singletons > 0 ? undefined : 'no-singletons',
    watch: facts.watchMs > 0 ? undefined : 'watch-not-configured',
    drain: drainOf(facts),
    cleanup: facts.adopts ? 'own-are-kept' : facts.cleanupAsked ? undefined : 'cleanup-not-asked',
  }
}

function drainOf({ adopts, cleanupAsked, somethingActive }: SwitchFacts): SkipReason | undefined {
  if (adopts) return undefined
  if (!somethingActive) return 'nothing-to-drain'
  return cleanupAsked ? undefined : 'stays-warm'
}
