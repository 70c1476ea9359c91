import { spawn } from 'node:child_process'
import { existsSync, openSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { must, run } from '../run.ts'
import { cacheDir } from './cache.ts'

const PID_FILES = [
  { file: '/var/run/docker.pid', program: 'dockerd' },
  { file: '/var/run/docker/containerd/containerd.pid', program: 'containerd' },
]

/** Starts the engine so that it outlives this process, through systemd where that runs. */
export async function startDaemon(): Promise<void> {
  if (existsSync('/run/systemd/system')) {
    await must('systemctl', ['start', 'docker'])
    return
  }
  removeStalePidFiles()
  const log = openSync(logFile(), 'a')
  // `detached` is setsid(): neither Ctrl-C nor the end of this shell reaches the engine.
  spawn('dockerd', [], { detached: true, stdio: ['ignore', log, log], cwd: '/' }).unref()
  await waitForDaemon()
}

/** Waits until the engine answers; throws after a minute, with the end of its log. */
export async function waitForDaemon(): Promise<void> {
  const deadline = performance.now() + 60_000
  while (performance.now() < deadline) {
    const ran = await run('docker', ['version', '--format', '{{.Server.Version}}'], { timeoutMs: 5_000 })
    if (ran.code === 0) return
    await sleep(200)
  }
  const log = existsSync(logFile())
    ? readFileSync(logFile(), 'utf8').trim().split('\n').slice(-15).join('\n')
    : ''
  throw new Error(`dockerd did not answer within 60 s. The end of ${logFile()}:\n${log}`)
}

function logFile(): string {
  return join(cacheDir(), 'dockerd.log')
}

// dockerd 20.10 refuses to start where its pid file names any living process, also one that only inherited the number
// after a reboot or a kill; containerd's file makes dockerd wait for a containerd that is not there.
function removeStalePidFiles(): void {
  for (const { file, program } of PID_FILES) {
    if (!existsSync(file)) continue
    const comm = `/proc/${readFileSync(file, 'utf8').trim()}/comm`
    if (!existsSync(comm) || readFileSync(comm, 'utf8').trim() !== program) rmSync(file, { force: true })
  }
}
