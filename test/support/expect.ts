import { expect } from 'vitest'
import type { Ran } from './run.ts'
import type { Sandbox } from './sandbox.ts'
import type { Traffic } from './traffic.ts'
import { until } from './until.ts'

/** Runs a command that has to end with a code; what it wrote is shown where it does not. */
export async function expectCode(code: number, box: Sandbox, args: readonly string[]): Promise<Ran> {
  const ran = await box.upgrade(args)
  expect(ran.code, `upgrade ${args.join(' ')}\n${ran.stdout}${ran.stderr}`).toBe(code)
  return ran
}

/** Runs a command that has to succeed. */
export function succeed(box: Sandbox, args: readonly string[]): Promise<Ran> {
  return expectCode(0, box, args)
}

/** Stops the traffic once it has seen enough; not one request may have failed. */
export async function expectNoneFailed(traffic: Traffic, { atLeast = 200 } = {}): Promise<void> {
  const isEnough = () => traffic.count().failed > 0 || traffic.count().ok > atLeast
  await until(isEnough, { timeoutMs: 20_000, everyMs: 20 })
  const report = await traffic.stop()
  expect(report.failures.slice(0, 5)).toEqual([])
  expect(report.failed).toBe(0)
  expect(report.ok).toBeGreaterThan(atLeast)
}
