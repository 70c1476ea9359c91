import { type WebAppOptions, webApp, webWithoutHealthcheck } from '../../support/apps.ts'
import type { Sandbox } from '../../support/sandbox.ts'
import type { Bench } from '../clock.ts'
import { durationMs, measureInPairs, type Side } from '../in-turn.ts'
import type { Mark } from '../marks.ts'
import { type Findings, type Row, rowOf } from '../report.ts'
import type { HandMadeNginx } from '../scenes/hand-made-nginx.ts'
import { deployable, upgrade, withoutPorts, withSandbox } from '../scenes/sandboxes.ts'
import type { Scenes } from '../scenes/scenes.ts'

interface App {
  what: string
  environment: Record<string, string>
  compose: (options: WebAppOptions) => string
  /** upgrade.yaml. */
  settings: string
  mark: Mark
}

const MOST_BY_HAND = { of: 'ratio', most: 1.15 } as const
const MOST_SECONDS = {
  of: 'ours',
  most: 3.7,
  source: "kamal-proxy's deploy of such an app, measured earlier on a machine like this one",
} as const

/** A whole upgrade of a running app, beside the same app brought up by hand, for a fast and for a slow start. */
export async function measurePerform(bench: Bench, scenes: Scenes): Promise<Findings> {
  const nginx = await scenes.nginx()
  const fast = {
    what: '`upgrade perform --auto-switch`',
    environment: {},
    compose: webApp,
    settings: '{}\n',
    mark: MOST_BY_HAND,
  }
  const slow = {
    ...fast,
    what: 'the same, of an app that listens after 2 s',
    environment: { START_DELAY_MS: '2000' },
  }
  // As kamal-proxy has it: no health check of Docker's, which looks once a second, but GET /up by the tool itself.
  const asked = {
    ...slow,
    what: 'the same, asked for `GET /up` instead of by a Docker health check',
    compose: webWithoutHealthcheck,
    settings: 'health: { path: /up }\n',
    mark: MOST_SECONDS,
  }
  return {
    rows: [
      await measure(bench, nginx, fast),
      await measure(bench, nginx, slow),
      { ...(await measure(bench, nginx, asked)), beside: undefined },
    ],
  }
}

async function measure(bench: Bench, nginx: HandMadeNginx, app: App): Promise<Row> {
  const first = { version: '1', environment: app.environment }
  const compose = app.compose(first)
  const pairs = await withSandbox({ ...(await deployable(bench, first)), compose }, (box) =>
    withSandbox({ compose: withoutPorts(compose) }, async (project) => {
      box.write('upgrade.yaml', app.settings)
      await upgrade(box, ['perform', '--auto-switch'])
      return measureInPairs(bench.clock, {
        rounds: bench.size.performRounds,
        ours: performing(box, app),
        theirs: byHand(project, nginx),
      })
    }),
  )
  return rowOf(pairs, {
    what: app.what,
    mark: app.mark,
    against: '`docker compose up -d --wait` beside it, `nginx -t`, `nginx -s reload`',
    unit: 's',
  })
}

/** The other version onto the one that runs, into a color where nothing is left. */
function performing(box: Sandbox, { compose, environment }: App): Side {
  let version = '1'
  let performed = 0
  return {
    prepare: async () => {
      if (performed++ > 0) await upgrade(box, ['cleanup', '--remove', '--yes'])
      version = version === '1' ? '2' : '1'
      box.write('compose.yaml', compose({ version, environment }))
    },
    measure: () => inSeconds(() => upgrade(box, ['perform', '--auto-switch'])),
  }
}

/** Only the commands that anybody would need: no check of the answer, no network joined, no record kept. */
function byHand(project: Sandbox, nginx: HandMadeNginx): Side {
  return {
    prepare: async () => void (await project.compose(['down', '-t', '1'])),
    measure: () =>
      inSeconds(async () => {
        await project.compose(['up', '-d', '--wait'])
        await nginx.test()
        await nginx.reload()
      }),
  }
}

async function inSeconds(work: () => Promise<unknown>): Promise<number> {
  return (await durationMs(work)) / 1000
}
