import { randomBytes } from 'node:crypto'
import { firstPort } from '../../src/infra/nginx/proxy-ports.ts'

// Two test files run at a time, and a port is bound long after it was found free: each has a half of the ports.
const HALF = Number(process.env.VITEST_POOL_ID ?? 0) % 2
const SECOND_HALF_OF_APPS = 18_480

const given = { ports: new Set<number>(), starts: new Set<number>() }

/** A port of this process's own, which it may find taken by others. Below the range of outgoing connections. */
export function drawPort(): number {
  while (true) {
    const port = 20_000 + HALF * 6_000 + Math.floor(Math.random() * 6_000)
    if (given.ports.has(port)) continue
    given.ports.add(port)
    return port
  }
}

/** A name for an app, whose proxy looks for its ports where no other app of this test run does. */
export function uniqueName(start: string): string {
  while (true) {
    const name = `${start}${randomBytes(4).toString('hex')}`
    const from = firstPort(name)
    const half = from < SECOND_HALF_OF_APPS ? 0 : 1
    if (half !== HALF || given.starts.has(from)) continue
    // A run that makes apps for hours begins again.
    if (given.starts.size === 100) given.starts.clear()
    given.starts.add(from)
    return name
  }
}
