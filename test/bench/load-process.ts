import { setPriority } from 'node:os'
import { startTraffic } from '../support/traffic.ts'
import { type LoadOrder, nowMs, type SeenByLoads } from './loads.ts'

// Users are neither in the process that measures, which stops for milliseconds when it starts a command, nor on the
// machine: what they wait for is not the processor that their own program needs.
// One argument: what to do, as JSON. Tells how many were answered, until its parent tells it to stop; then what it saw.

const TELL_EVERY_MS = 20
const AHEAD_OF_OTHERS = -15

try {
  setPriority(AHEAD_OF_OTHERS)
} catch {
  // Only root may.
}
const { host, loads, maxMs, port } = JSON.parse(process.argv[2] ?? '') as LoadOrder
const running = loads.map((load) => {
  const traffic = startTraffic({ ...(host && { host }), port, maxMs, ...load })
  return { mode: load.mode, traffic, shiftMs: nowMs() - traffic.nowMs() }
})
const answered = () => running.reduce((total, { traffic }) => total + traffic.count().ok, 0)
const tell = (message: SeenByLoads, then = () => {}) => process.send?.(message, then)
const telling = setInterval(() => tell({ answered: answered() }), TELL_EVERY_MS)

process.once('disconnect', () => process.exit())
process.once('message', async () => {
  clearInterval(telling)
  const seen = await Promise.all(
    running.map(async ({ mode, shiftMs, traffic }) => {
      const { answers, failed, failures, sent } = await traffic.stop()
      return {
        mode,
        sent,
        lost: failed,
        reasons: failures.map(({ reason }) => reason),
        answers: answers.map(({ atMs, release, startedMs }) => ({
          startedMs: startedMs + shiftMs,
          atMs: atMs + shiftMs,
          release,
        })),
      }
    }),
  )
  tell({ answered: answered(), seen }, () => process.disconnect())
})
