import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Sandbox } from '../sandbox.ts'

/** How often two workers ran at a time, in the words of the engine. */
export interface WorkerWatch {
  twice: () => number
  stop: () => void
}

/** Listens to the engine: a singleton must never run twice, however short. */
export function watchWorkers(box: Sandbox): WorkerWatch {
  const filters = [
    'type=container',
    `label=verdigris.app=${box.app}`,
    'label=com.docker.compose.service=worker',
  ]
  const argv = ['events', ...filters.flatMap((filter) => ['--filter', filter])]
  const listening = spawn('docker', [...argv, '--format', '{{.Action}} {{.ID}}'], {
    env: box.env,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  const running = new Set<string>()
  let twice = 0
  createInterface({ input: listening.stdout }).on('line', (line) => {
    const [action, id = ''] = line.split(' ')
    if (action === 'die' || action === 'destroy') running.delete(id)
    if (action !== 'start') return
    running.add(id)
    if (running.size > 1) twice += 1
  })
  return { twice: () => twice, stop: () => void listening.kill('SIGKILL') }
}
