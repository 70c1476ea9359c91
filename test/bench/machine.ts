import { cpus, release, totalmem } from 'node:os'
import { must, run } from '../support/run.ts'

/** What the figures were measured on, and with. */
export interface Machine {
  date: string
  /** The commit that was measured, with `-dirty` where files differ from it. */
  commit: string
  cpu: string
  cores: number
  memoryGiB: number
  kernel: string
  node: string
  docker: string
  compose: string
  nginx: string
  /** What takes part in some rows, where it is installed: program → version. */
  others: Record<string, string>
}

/** Reads what this machine is; asks nginx itself which version an image has. */
export async function readMachine(proxyImage: string): Promise<Machine> {
  const cores = cpus()
  const [described, docker, compose, nginx, others] = await Promise.all([
    run('git', ['describe', '--always', '--dirty', '--exclude', '*']),
    must('docker', ['version', '--format', '{{.Server.Version}}']),
    must('docker', ['compose', 'version', '--short']),
    run('docker', ['run', '--rm', '--network', 'none', '--entrypoint', 'nginx', proxyImage, '-v']),
    versionsOfOthers(),
  ])
  return {
    date: new Date().toISOString().slice(0, 10),
    commit: described.stdout.trim() || 'an unknown commit',
    cpu: cores[0]?.model.trim() ?? 'unknown CPU',
    cores: cores.length,
    memoryGiB: totalmem() / 1024 ** 3,
    kernel: release(),
    node: process.versions.node,
    docker: docker.trim(),
    compose: compose.trim().replace(/^v/, ''),
    nginx: /nginx\/([\d.]+)/.exec(nginx.stderr)?.[1] ?? 'unknown',
    others,
  }
}

async function versionsOfOthers(): Promise<Record<string, string>> {
  const asked = await Promise.all(
    (
      [
        ['HAProxy', 'haproxy', '-v'],
        ['Caddy', 'caddy', 'version'],
        ['wrk', 'wrk', '-v'],
      ] as const
    ).map(async ([name, program, word]) => {
      const { code, stderr, stdout } = await run(program, [word])
      const version = /\d+(?:\.\d+)+/.exec(stdout + stderr)?.[0]
      return code === 127 || version === undefined ? [] : [[name, version]]
    }),
  )
  return Object.fromEntries(asked.flat())
}
