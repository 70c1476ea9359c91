import { cleanup } from './app/cleanup.ts'
import { doctor } from './app/doctor.ts'
import { eject } from './app/eject.ts'
import { explainAdoption } from './app/explain-adoption.ts'
import { history } from './app/history.ts'
import { init } from './app/init.ts'
import { acquireLock, releaseLock, showLock } from './app/lock.ts'
import { readLogs } from './app/logs.ts'
import { mend } from './app/mend.ts'
import { perform } from './app/perform.ts'
import { plan } from './app/plan.ts'
import { readProxyLogs, showProxyConfiguration, startProxy, stopProxy } from './app/proxy.ts'
import { rollback } from './app/rollback.ts'
import { status } from './app/status.ts'
import { switchTo } from './app/switch.ts'
import { verify } from './app/verify.ts'
import type { Actions } from './cli/actions.ts'
import { reasonWords } from './cli/reporter/class-words.ts'
import { describeSettings } from './config/describe.ts'
import { renderInit } from './config/init.ts'
import { failureOf } from './domain/failure.ts'
import { exitCodeOf, type Outcome } from './domain/outcome.ts'
import { createLock } from './infra/store/lock.ts'
import { createStore } from './infra/store/store.ts'
import { writeNew } from './infra/store/write-new.ts'
import { createLoading, nowhere, seeUsers } from './loading.ts'
import { confirm, lineOf } from './questions.ts'
import type { Session } from './session.ts'
import { beginLooking, beginPlanning, createEyes, createVerifyEyes } from './wiring.ts'

/** What the commands do. */
export function createActions(session: Session): Actions {
  const { acting, load } = createLoading(session)
  const ended = (outcome: Outcome) => session.exitWith(exitCodeOf(outcome))
  const text = { json: false }

  return {
    perform: async (options, global) => {
      const context = await acting(global, options, options)
      ended(
        await perform(context, {
          images: {
            pull: options.pull === 'skip' ? 'never' : 'ask-registry',
            build: options.build === 'skip' ? 'never' : 'always',
          },
          health: options.health,
          unchanged: options.unchanged,
          changedShared: options.changedShared,
          line: lineOf(session, context.settings, options),
        }),
      )
    },
    switch: async (options, global) => {
      const context = await acting(global, options, { waitS: options.waitS })
      ended(await switchTo(context, options))
    },
    rollback: async (options, global) => {
      const context = await acting(global, options, { waitS: options.waitS })
      ended(await rollback(context, options))
    },
    cleanup: async (options, global) => {
      const context = await acting(global, options, { waitS: options.waitS })
      if (options.containers === 'remove')
        await confirm(session, { question: 'remove', color: options.color }, options.questions)
      ended(await cleanup(context, options))
    },
    eject: async (options, global) => {
      const context = await acting(global, options, { waitS: options.waitS })
      await confirm(session, { question: 'eject', app: context.settings.app }, options.questions)
      ended(await eject(context))
    },
    maintenance: async ({ wanted }, global) => {
      const context = await acting(global, text)
      const { setMaintenance } = await import('./app/maintenance.ts')
      await setMaintenance(context, wanted)
      const { app } = context.settings
      session.reporter(text).show({ view: 'done', done: `maintenance-${wanted}`, app })
    },
    status: async (options, global) => {
      const looking = beginLooking(session.interruption)
      const loaded = await load(global)
      const { settings } = loaded
      const look = options.exitCode === 'by-drift' ? 'thorough' : 'quick'
      const view = await status(createEyes(settings, looking), settings, { look, nowhere: nowhere(loaded) })
      session.reporter(options).show(view)
      if (options.exitCode === 'by-drift' && view.drift.length > 0) session.exitWith(8)
    },
    history: async (options, global) => {
      const loaded = await load(global)
      const { app, deploymentDir } = loaded.settings
      const eyes = { store: createStore(deploymentDir) }
      const asked = { app, limit: options.limit, nowhere: nowhere(loaded) }
      session.reporter(options).show(await history(eyes, asked))
    },
    plan: async (options, global) => {
      const planning = beginPlanning(await load(global), session.interruption)
      session.reporter(options).show(await plan(planning, options))
    },
    doctor: async (options, global) => {
      const context = await acting(global, options)
      const mended = options.fix ? await mend(context) : undefined
      const view = { ...(await doctor(context)), mended }
      session.reporter(options).show(view)
      const failed = view.checks.some((check) => check.verdict === 'fail') || (mended?.failed.length ?? 0) > 0
      if (failed) session.exitWith(8)
    },
    verify: async ({ json, seconds, way }, global) => {
      const { settings } = await load(global)
      const eyes = createVerifyEyes(settings, session.interruption)
      const reporter = session.reporter({ json })
      // A view is one JSON document: nothing else stands on stdout then.
      const emit = json ? () => undefined : reporter.emit
      const view = await verify({ eyes, emit, settings }, { seconds, way })
      reporter.show(view)
      if (view.figures.ok < view.figures.sent || view.figures.sent === 0) session.exitWith(8)
    },
    config: async (options, global) => {
      const loaded = await load(global)
      const rows = describeSettings(loaded.settings, loaded.origins)
      const files = loaded.file === undefined ? [] : [loaded.file]
      session.reporter(options).show({ view: 'config', files, rows, diagnostics: [] })
    },
    logs: async (options, global) => {
      await readLogs(await acting(global, text), options, session.line)
    },
    lock: async (options, global) => {
      const { settings } = await load(global)
      const lock = createLock({ dir: settings.deploymentDir, user: '' })
      session.reporter(options).show(await showLock({ lock }, settings.app))
    },
    lockAcquire: async ({ json, message, waitS }, global) => {
      const context = await acting(global, { json }, { waitS })
      session.reporter({ json }).show(await acquireLock(context, message))
    },
    lockRelease: async (options, global) => {
      const context = await acting(global, options)
      session.reporter(options).show(await releaseLock(context, options))
    },
    init: async (options, global) => {
      const context = await acting(global, text)
      if (options.running === 'adopt') session.reporter(text).show(await explainAdoption(context))
      const writing = init(context, {
        render: ({ app, routes, services }) =>
          renderInit({
            app,
            routes,
            services: services.map((each) => ({ ...each, reason: reasonWords(each.reason) })),
          }),
        write: (path, content) => writeNew(path, content, options.existing),
      })
      const written = await writing.catch((error: unknown) => {
        if (options.running === 'adopt' && failureOf(error)?.code === 'file-exists') return undefined
        throw error
      })
      if (written !== undefined)
        session.reporter(text).show({ view: 'done', done: 'settings-written', path: written.path })
    },
    proxyStart: async (options, global) => {
      const context = await acting(global, text, { waitS: options.waitS })
      const { app } = context.settings
      session.afterwards(() => seeUsers(context.ports), 'failure')
      const urls = await startProxy(context, { recreate: options.running === 'recreate' })
      session.reporter(text).show({ view: 'done', done: 'proxy-started', app, urls })
    },
    proxyStop: async (options, global) => {
      const context = await acting(global, text, { waitS: options.waitS })
      await confirm(session, { question: 'stop-proxy', app: context.settings.app }, options.questions)
      session.afterwards(() => seeUsers(context.ports), 'failure')
      await stopProxy(context)
      session.reporter(text).show({ view: 'done', done: 'proxy-stopped', app: context.settings.app })
    },
    proxyConfig: async (_, global) => {
      const context = await acting(global, text)
      session
        .reporter(text)
        .show({ view: 'text', title: 'nginx', text: await showProxyConfiguration(context) })
    },
    proxyLogs: async (options, global) => {
      await readProxyLogs(await acting(global, text), options, session.line)
    },
  }
}
