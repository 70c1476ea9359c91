import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Context } from './app/command.ts'
import type { Actions, GlobalOptions, Questions } from './cli/actions.ts'
import type { Question } from './cli/reporter/question-words.ts'
import type { Color } from './domain/color.ts'
import { Expected } from './domain/failure.ts'
import { exitCodeOf, type Outcome } from './domain/outcome.ts'
import type { Settings } from './domain/settings.ts'
import type { Session } from './session.ts'
import { beginLooking, createEyes, createMachineOf, createPorts, createVerifyEyes } from './wiring.ts'

type Flags = { autoSwitch?: true | undefined; autoCleanup?: true | undefined; timeout?: string | undefined }

/** What the commands do. Each loads only what it needs: commands that look must answer at once. */
export function createActions(session: Session): Actions {
  const load = async (global: GlobalOptions, flags: Flags = {}) => {
    const { loadSettings } = await import('./config/load.ts')
    const machine = await createMachineOf(session.interruption)
    const cwd = resolve(global.directory ?? '.')
    if (!existsSync(cwd)) throw new Expected({ code: 'wrong-usage', message: `There is no folder ${cwd}.` })
    const loaded = await loadSettings({
      cwd,
      flags: { config: global.config, app: global.app, deployments: global.deployments, ...flags },
      environment: process.env,
      readText: machine.readText,
    })
    session.about({ app: loaded.settings.app })
    return loaded
  }
  const acting = async (
    global: GlobalOptions,
    output: { json: boolean },
    flags: Flags = {},
  ): Promise<Context> => {
    const loaded = await load(global, flags)
    const { settings } = loaded
    const ports = await createPorts(loaded, session.interruption)
    return { ports, settings, emit: session.reporter(output).emit }
  }
  const ended = (outcome: Outcome) => session.exitWith(exitCodeOf(outcome))
  const text = { json: false }

  return {
    perform: async (options, global) => {
      const context = await acting(global, options, options)
      const { perform } = await import('./app/perform.ts')
      ended(
        await perform(context, {
          images: {
            pull: options.pull === 'skip' ? 'never' : 'ask-registry',
            build: options.build === 'skip' ? 'never' : 'always',
          },
          health: options.health,
          unchanged: options.unchanged,
          line: lineOf(session, context.settings, options),
        }),
      )
    },
    switch: async (options, global) => {
      const context = await acting(global, options)
      const { switchTo } = await import('./app/switch.ts')
      ended(await switchTo(context, options))
    },
    rollback: async (options, global) => {
      const context = await acting(global, options)
      const { rollback } = await import('./app/rollback.ts')
      ended(await rollback(context, options))
    },
    cleanup: async (options, global) => {
      const context = await acting(global, options)
      if (options.containers === 'remove')
        await confirm(session, { question: 'remove', color: options.color }, options.questions)
      const { cleanup } = await import('./app/cleanup.ts')
      ended(await cleanup(context, options))
    },
    status: async (options, global) => {
      const looking = beginLooking(session.interruption)
      const { settings } = await load(global)
      const { status } = await import('./app/status.ts')
      const view = await status(await createEyes(settings, looking), settings.app)
      session.reporter(options).show(view)
      if (options.exitCode === 'by-drift' && view.drift.length > 0) session.exitWith(8)
    },
    history: async (options, global) => {
      const { settings } = await load(global)
      const { history } = await import('./app/history.ts')
      const { createStore } = await import('./infra/store/store.ts')
      const eyes = { store: createStore(settings.deploymentDir) }
      session.reporter(options).show(await history(eyes, { app: settings.app, limit: options.limit }))
    },
    plan: async (options, global) => {
      const context = await acting(global, options)
      const { plan } = await import('./app/plan.ts')
      session.reporter(options).show(await plan(context))
    },
    doctor: async (options, global) => {
      const context = await acting(global, options)
      const { doctor } = await import('./app/doctor.ts')
      const view = await doctor(context)
      session.reporter(options).show(view)
      if (view.checks.some((check) => check.verdict === 'fail')) session.exitWith(8)
    },
    verify: async ({ json, seconds, way }, global) => {
      const { settings } = await load(global)
      const { verify } = await import('./app/verify.ts')
      const eyes = await createVerifyEyes(settings, session.interruption)
      const reporter = session.reporter({ json })
      // A view is one JSON document: nothing else stands on stdout then.
      const emit = json ? () => undefined : reporter.emit
      const view = await verify({ eyes, emit, settings }, { seconds, way })
      reporter.show(view)
      if (view.figures.ok < view.figures.sent || view.figures.sent === 0) session.exitWith(8)
    },
    config: async (options, global) => {
      const loaded = await load(global)
      const { describeSettings } = await import('./config/describe.ts')
      const rows = describeSettings(loaded.settings, loaded.origins)
      const files = loaded.file === undefined ? [] : [loaded.file]
      session.reporter(options).show({ view: 'config', files, rows, diagnostics: [] })
    },
    logs: async (options, global) => {
      const context = await acting(global, text)
      const { showLogs } = await import('./app/logs.ts')
      session.reporter(text).rest()
      await showLogs(context, options)
    },
    init: async (options, global) => {
      const context = await acting(global, text)
      const { init } = await import('./app/init.ts')
      const { renderInit } = await import('./config/init.ts')
      const { reasonWords } = await import('./cli/reporter/class-words.ts')
      const { writeNew } = await import('./infra/store/write-new.ts')
      const written = await init(context, {
        render: ({ app, routes, services }) =>
          renderInit({
            app,
            routes,
            services: services.map((each) => ({ ...each, reason: reasonWords(each.reason) })),
          }),
        write: (path, content) => writeNew(path, content, options.existing),
      })
      session.reporter(text).show({ view: 'done', done: 'settings-written', path: written.path })
    },
    proxyStart: async (options, global) => {
      const context = await acting(global, text)
      const { startProxy } = await import('./app/proxy.ts')
      const { app } = context.settings
      const urls = await startProxy(context, { recreate: options.running === 'recreate' })
      session.reporter(text).show({ view: 'done', done: 'proxy-started', app, urls })
    },
    proxyStop: async (options, global) => {
      const context = await acting(global, text)
      await confirm(session, { question: 'stop-proxy', app: context.settings.app }, options.questions)
      const { stopProxy } = await import('./app/proxy.ts')
      await stopProxy(context)
      session.reporter(text).show({ view: 'done', done: 'proxy-stopped', app: context.settings.app })
    },
    proxyConfig: async (_, global) => {
      const context = await acting(global, text)
      const { showProxyConfiguration } = await import('./app/proxy.ts')
      session
        .reporter(text)
        .show({ view: 'text', title: 'nginx', text: await showProxyConfiguration(context) })
    },
    proxyLogs: async (options, global) => {
      const context = await acting(global, text)
      const { showProxyLogs } = await import('./app/proxy.ts')
      await showProxyLogs(context, options)
    },
  }
}

/** What happens at the line: asked for beforehand, asked now, or left for `upgrade switch`. */
function lineOf(
  session: Session,
  { app, autoSwitch }: Settings,
  options: { questions: Questions; json: boolean },
) {
  if (autoSwitch || options.questions === 'yes') return { kind: 'switch' } as const
  if (options.json || !isTerminal()) return { kind: 'stop' } as const
  const ask = (color: Color, preview: string | undefined) =>
    askYes(session, { question: 'switch', app, color, preview })
  return { kind: 'ask', ask } as const
}

function isTerminal(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true
}

async function confirm(session: Session, question: Question, questions: Questions): Promise<void> {
  if (questions === 'yes') return
  if (!isTerminal()) {
    const { questionWords } = await import('./cli/reporter/question-words.ts')
    throw new Expected({ code: 'needs-confirmation', question: questionWords(question) })
  }
  if (!(await askYes(session, question))) throw new Expected({ code: 'declined' })
}

async function askYes(session: Session, question: Question): Promise<boolean> {
  const [{ ask }, { questionWords }] = await Promise.all([
    import('./cli/ask.ts'),
    import('./cli/reporter/question-words.ts'),
  ])
  session.reporter({ json: false }).rest()
  return ask({
    question: questionWords(question),
    input: process.stdin,
    output: process.stderr,
    signal: session.interruption.signal,
  })
}
