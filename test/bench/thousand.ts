import { startTraffic } from '../support/traffic.ts'
import { createSwitchLab } from './switch-lab.ts'

// Half of the switches under busy keep-alive connections, half under a mix of them, short ones and POSTs.
const switches = Number(process.argv.at(2) ?? 1_000)
const BUSY = { connections: 50, mode: 'keep-alive', paceMs: 10 } as const
const MIXED = [
  { connections: 25, mode: 'keep-alive', paceMs: 20, postShare: 0.5 },
  { connections: 10, mode: 'short', paceMs: 25, postShare: 0.5 },
] as const
const BETWEEN_MS = 200
const STRETCH = 50
const TRAFFIC_MAX_MS = 600_000

const lab = await createSwitchLab()
try {
  for (const [name, loads] of [
    ['busy keep-alive', [BUSY]],
    ['mixed', MIXED],
  ] as const) {
    const total = { switches: 0, sent: 0, lost: 0, reasons: new Set<string>(), tookMs: [] as number[] }
    // Answers are kept by the traffic: it is begun anew now and then.
    while (total.switches < switches / 2) {
      const traffic = loads.map((load) => startTraffic({ port: lab.port, maxMs: TRAFFIC_MAX_MS, ...load }))
      for (let index = 0; index < STRETCH && total.switches < switches / 2; index++) {
        total.tookMs.push(await lab.switchOver())
        total.switches++
        await new Promise((resolve) => setTimeout(resolve, BETWEEN_MS))
      }
      for (const report of await Promise.all(traffic.map((each) => each.stop()))) {
        total.sent += report.sent
        total.lost += report.failed
        for (const { reason } of report.failures) total.reasons.add(reason)
      }
    }
    const median = total.tookMs.sort((a, b) => a - b)[Math.floor(total.tookMs.length / 2)] ?? 0
    const why = total.reasons.size > 0 ? ` (${[...total.reasons].join(', ')})` : ''
    console.log(
      `${name}: ${total.switches} switches, ${total.sent} requests, ${total.lost} lost${why}, a switch took ${Math.round(median)} ms (median)`,
    )
  }
} finally {
  await lab.remove()
}
