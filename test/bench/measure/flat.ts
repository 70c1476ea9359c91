import { setTimeout as sleep } from 'node:timers/promises'
import { parse, stringify } from 'yaml'
import { type WebAppOptions, webWithoutHealthcheck } from '../../support/apps.ts'
import type { Sandbox } from '../../support/sandbox.ts'
import type { Bench } from '../clock.ts'
import { durationMs, measureInPairs, type Pairs, type Side } from '../in-turn.ts'
import { type Findings, rowOf } from '../report.ts'
import { deployable, deployPair, standby, upgrade, withSandbox } from '../scenes/sandboxes.ts'
import type { Scenes } from '../scenes/scenes.ts'

const HISTORY = 'deployments/history.json'
const ENTRIES = 10_000
const ROUTES = 50
const REPLICAS = 20
/** Workers that the switch before made old have ended by then: nobody switches twice in a second. */
const QUIET_MS = 500

/** Whether a switch costs the same however long a history, however many routes and replicas there are. */
export async function measureFlat(bench: Bench, scenes: Scenes): Promise<Findings> {
  const row = {
    against: 'the same of an app with one route, one replica and a short history',
    unit: 'ms',
    mark: { of: 'ratio', most: 1.25 },
  } as const
  const grown = await withHistory(bench, await scenes.pair())
  const laden = await withPair(bench, { routes: 1, replicas: 1 }, (small) =>
    withPair(bench, { routes: ROUTES, replicas: REPLICAS }, (large) =>
      measure(bench, { ours: switching(large), theirs: switching(small) }),
    ),
  )
  return {
    rows: [
      rowOf(grown, { ...row, what: `\`upgrade switch\` with ${ENTRIES} entries of history` }),
      rowOf(laden, { ...row, what: `\`upgrade switch\` with ${ROUTES} routes to ${REPLICAS} replicas` }),
    ],
  }
}

function measure({ clock, size }: Bench, sides: { ours: Side; theirs: Side }): Promise<Pairs> {
  return measureInPairs(clock, { rounds: size.flatRounds, warmUps: 1, ...sides })
}

/** One box, with its own history and with one that was made longer. */
async function withHistory(bench: Bench, box: Sandbox): Promise<Pairs> {
  const short = box.read(HISTORY)
  const long = lengthened(short)
  const after = (history: string): Side => ({
    ...switching(box),
    prepare: async () => {
      box.write(HISTORY, history)
      await sleep(QUIET_MS)
    },
  })
  try {
    return await measure(bench, { ours: after(long), theirs: after(short) })
  } finally {
    box.write(HISTORY, short)
  }
}

// What is written is what an app has that switched back and forth for years.
function lengthened(history: string): string {
  const entries = JSON.parse(history) as object[]
  const older = Array.from(
    { length: ENTRIES - entries.length },
    (_, index) => entries[index % entries.length],
  )
  return `${JSON.stringify([...older, ...entries], undefined, 2)}\n`
}

function switching(box: Sandbox): Side {
  return {
    prepare: async () => void (await sleep(QUIET_MS)),
    measure: () => durationMs(() => upgrade(box, ['switch', standby(box)])),
  }
}

type Size = { routes: number; replicas: number }

// Both sizes have an upgrade.yaml: that it is read costs the same for one route as for none.
async function withPair<T>(
  bench: Bench,
  { replicas, routes }: Size,
  work: (box: Sandbox) => Promise<T>,
): Promise<T> {
  const options = await deployable(bench, { version: '1' })
  const compose = (app: WebAppOptions) => replicated(app, replicas)
  const sized = { compose: compose({ version: '1' }), files: { 'upgrade.yaml': settingsWith(routes) } }
  return withSandbox({ ...options, ...sized }, async (box) => {
    bench.say(`Deploys ${replicas} replicas with ${routes} routes in two colors …`)
    await deployPair(bench, { box, compose })
    return work(box)
  })
}

// Docker would look 40 times a second: the tool itself asks, as often as of one replica.
function replicated(app: WebAppOptions, replicas: number): string {
  const model = parse(webWithoutHealthcheck(app)) as { services: { web: { ports?: unknown } } }
  const { ports, ...web } = model.services.web
  return stringify({ services: { web: { ...web, deploy: { replicas } } } })
}

// A host and a path of its own each: hosts that have the same routes are one server to nginx.
function settingsWith(routes: number): string {
  const route = { listen: '__PORT__', service: 'web', port: 3000 }
  const others = Array.from({ length: routes - 1 }, (_, index) => ({
    ...route,
    host: `r${index}.example.com`,
    path: `/r${index}`,
  }))
  // A number, once the port is known.
  return stringify({ health: { path: '/up' }, routes: [route, ...others] }).replaceAll(
    /["']?__PORT__["']?/g,
    '__PORT__',
  )
}
