import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type DemoVerdict, judgeDemo, type Phase } from './demo-verdict.ts'
import { createSandbox, PROGRAM, type Sandbox } from './sandbox.ts'
import { CannotInstall } from './setup/cannot-install.ts'
import { ensureEngine } from './setup/engine.ts'
import { ensureImages } from './setup/images.ts'
import { startTraffic, type Traffic } from './traffic.ts'
import { until } from './until.ts'

// Deploys examples/hello, upgrades it and rolls it back, in a folder, a project and a port of its own, while requests
// run the whole time; ends with the figures and leaves nothing behind.

const EXAMPLE = fileURLToPath(new URL('../../examples/hello', import.meta.url))
const TRAFFIC_MAX_MS = 300_000
const say = (line: string) => console.log(line)

class Interrupted extends Error {}

interface Demo {
  sandbox: Sandbox
  command: ChildProcess | undefined
  traffic: Traffic[]
  interrupted: boolean
}

process.exitCode = await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  if (error instanceof Interrupted) return 130
  return error instanceof CannotInstall ? 3 : 1
})

async function main(): Promise<number> {
  if (!existsSync(PROGRAM)) throw new Error('dist/main.cjs is not there: run `npm run build` first.')
  await ensureEngine(say)
  const images = await ensureImages(say)
  const sandbox = await copyExample({ PROXY_IMAGE: images.proxy, BASE_IMAGE: images.node })
  const demo: Demo = { sandbox, command: undefined, traffic: [], interrupted: false }
  interruptible(demo)
  const verdict = await tell(demo).finally(async () => {
    await Promise.all(demo.traffic.map((traffic) => traffic.stop()))
    say('\nRemoving what the demo made …')
    await sandbox.remove()
  })
  for (const line of verdict.lines) say(line)
  return verdict.good ? 0 : 1
}

async function tell(demo: Demo): Promise<DemoVerdict> {
  await upgrade(demo, 'v1', ['perform', '--auto-switch', '--yes'])
  await until(() => demo.sandbox.get('/'), { timeoutMs: 5_000 })
  say(
    '\nFrom here on 25 clients send requests without a pause: 20 keep their connections, and half of what they send is',
  )
  say('POST; 5 open a new connection each time. None of them retries.\n')
  const common = { port: demo.sandbox.port, maxMs: TRAFFIC_MAX_MS }
  const traffic = startTraffic({ ...common, connections: 20, mode: 'keep-alive', postShare: 0.5 })
  demo.traffic = [traffic, startTraffic({ ...common, connections: 5, mode: 'short' })]
  const steps = [
    { name: 'Upgrade', from: 'v1', to: 'v2', args: ['perform', '--auto-switch', '--yes'] },
    { name: 'Rollback', from: 'v2', to: 'v1', args: ['rollback'] },
  ]
  const phases: Phase[] = []
  for (const { args, ...step } of steps) {
    await sleep(1_000)
    const fromMs = traffic.nowMs()
    await upgrade(demo, step.to, args)
    phases.push({ ...step, fromMs, toMs: traffic.nowMs() })
  }
  await sleep(1_000)
  const reports = await Promise.all(demo.traffic.map((each) => each.stop()))
  await upgrade(demo, 'v1', ['status'])
  return judgeDemo(reports, phases)
}

async function copyExample(env: Record<string, string>): Promise<Sandbox> {
  const read = (name: string) => readFileSync(join(EXAMPLE, name), 'utf8')
  const files = Object.fromEntries(
    ['Dockerfile', '.dockerignore', 'server.mjs'].map((name) => [name, read(name)]),
  )
  const compose = read('compose.yaml').replace('image: hello:', 'image: verdigris.local/__APP__/hello:')
  return createSandbox({ name: 'demo', compose, files, env })
}

// Runs the program with its words on this terminal; the release's version stands in .env, as a user would write it.
async function upgrade(demo: Demo, version: string, args: readonly string[]): Promise<void> {
  if (demo.interrupted) throw new Interrupted('Interrupted.')
  const { sandbox } = demo
  sandbox.write('.env', `VERSION=${version}\nPORT=__PORT__\n`)
  say(`\n$ upgrade ${args.join(' ')}`)
  const { NO_COLOR: _, ...env } = sandbox.env
  const command = spawn(process.execPath, [PROGRAM, ...args], {
    cwd: sandbox.folder,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  demo.command = command
  const code = await new Promise((resolve) => command.on('close', resolve))
  demo.command = undefined
  if (demo.interrupted) throw new Interrupted('Interrupted.')
  if (code !== 0) throw new Error(`upgrade ${args.join(' ')} ended with code ${code}.`)
}

// On a terminal Ctrl-C reaches the program too; a signal sent to this process alone is passed on.
function interruptible(demo: Demo): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      demo.interrupted = true
      if (signal === 'SIGTERM' || !process.stdin.isTTY) demo.command?.kill(signal)
    })
  }
}
