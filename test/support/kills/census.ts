import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { PrivateEngine } from '../private-engine.ts'
import type { Sandbox } from '../sandbox.ts'

/** What a long row of commands could pile up, counted while nothing is under way. */
export type Census = Record<
  | 'containers'
  | 'networks'
  | 'volumes'
  | 'images'
  | 'tags'
  | 'files'
  | 'temporary files'
  | 'generations'
  | 'descriptors of nginx'
  | 'descriptors of the engine',
  number
>

/** Counts all there is on an engine that serves one app alone, and beside it. */
export async function takeCensus(box: Sandbox, engine: PrivateEngine): Promise<Census> {
  const docker = async (...words: string[]) => count(await box.docker(words))
  const inProxy = async (script: string) =>
    await docker('exec', `${box.app}-proxy-nginx-1`, 'sh', '-c', script)
  const counts = await Promise.all([
    docker('ps', '-aq'),
    docker('network', 'ls', '-q'),
    docker('volume', 'ls', '-q'),
    docker('images', '-aq', '--no-trunc'),
    docker('images', '--format', '{{.Repository}}:{{.Tag}}'),
  ])
  const [containers = 0, networks = 0, volumes = 0, images = 0, tags = 0] = counts
  const generations = await inProxy(`ls /etc/verdigris/sites/${box.app}/generations`)
  const descriptors = await inProxy('ls /proc/[0-9]*/fd 2> /dev/null | grep "^[0-9]"')
  return {
    containers,
    networks,
    volumes,
    images,
    tags,
    files: readdirSync(join(box.folder, 'deployments'), { recursive: true }).length,
    'temporary files': readdirSync(box.env.TMPDIR ?? '').length,
    generations: Math.max(0, generations - GENERATIONS_KEPT),
    'descriptors of nginx': descriptors,
    'descriptors of the engine': await engine.descriptors(),
  }
}

const GENERATIONS_KEPT = 6

function count(listed: string): number {
  return listed.split('\n').filter(Boolean).length
}

/** What there is more of than before. */
export function more(before: Census, after: Census): Partial<Census> {
  const names = Object.keys(before) as (keyof Census)[]
  return Object.fromEntries(
    names.filter((name) => after[name] > before[name]).map((name) => [name, after[name] - before[name]]),
  )
}
