import { randomBytes } from 'node:crypto'
import { createEngine, type Engine } from '../../../src/infra/docker/engine.ts'
import { START } from '../../../src/infra/nginx/scripts.ts'
import { imageFromSetup } from '../../support/apps.ts'
import { must } from '../../support/run.ts'

const ever = { env: process.env, signal: () => new AbortController().signal }

/** The machine's engine, and how many programs were begun in containers through this object. */
export function countingEngine(env: NodeJS.ProcessEnv = process.env): Engine & { execs: () => number } {
  const engine = createEngine({ ...ever, env })
  let execs = 0
  return {
    ...engine,
    exec: async (...call) => {
      execs += 1
      return await engine.exec(...call)
    },
    execs: () => execs,
  }
}

type Wanted = { program?: string[]; run?: string; input?: boolean }

/** A container that starts as the proxy does, with a program in nginx's place; `run` are the options of its /run. */
export async function startAgent({
  program = ['sleep', '1000'],
  run,
  input = true,
}: Wanted = {}): Promise<string> {
  const words = ['run', '-d', '--network', 'none', '--stop-signal', 'KILL', '--entrypoint', 'sh']
  if (input) words.push('-i')
  if (run !== undefined) words.push('--tmpfs', `/run:${run}`)
  const command = [imageFromSetup('PROXY_IMAGE'), '-c', START, 'verdigris', ...program]
  return (await must('docker', [...words, ...command])).trim()
}

export async function inContainer(id: string, script: string): Promise<string> {
  return await must('docker', ['exec', id, 'sh', '-c', script])
}

/** Sends the agent a signal, and the shell that it may have started with it. */
export async function signalAgent(id: string, signal: 'KILL' | 'STOP' | 'CONT'): Promise<void> {
  await inContainer(id, `kill -${signal} $(grep -ls 'read -r mar[k]' /proc/[0-9]*/cmdline | cut -d / -f 3)`)
}

/** A program that leaves a line for each time that it ran, and how many there are. */
export function counted(then = 'echo done; exit 3') {
  const file = `/${randomBytes(4).toString('hex')}`
  return {
    argv: ['sh', '-c', `echo ran >> ${file}; ${then}`],
    times: async (id: string) => Number(await inContainer(id, `cat ${file} 2> /dev/null | wc -l`)),
  }
}

/** Who was asked to begin a program in a container meanwhile, by the engine's own account. */
export async function execEvents<T>(id: string, act: () => Promise<T>): Promise<string[]> {
  const since = new Date().toISOString()
  await act()
  const times = ['--since', since, '--until', new Date().toISOString()]
  const told = await must('docker', [
    'events',
    ...times,
    '--filter',
    `container=${id}`,
    '--format',
    '{{.Action}}',
  ])
  return told.split('\n').filter((action) => action.startsWith('exec_create'))
}
