import { Expected } from '../../domain/failure.ts'
import type { ProxyDriver } from './driver.ts'
import { askState } from './management.ts'
import { waitFor } from './wait-for.ts'

const PAUSE_MS = 10
const REQUEST_TIMEOUT_MS = 2_000
// A reload that nginx gave up is in its log at once; before this it may just be slow.
const LOG_AFTER_MS = 1_000
const LOG_LINES = 50

/**
 * New connections answer with the generation, `times` in a row. `nginx -s reload` says nothing of the sort: where
 * a port cannot be bound, the test passes, the reload succeeds and the old configuration goes on.
 */
export async function confirmGeneration(options: {
  driver: ProxyDriver
  container: string
  managementPort: number
  generation: number
  times: number
  timeoutMs: number
  since: Date
}): Promise<void> {
  const { managementPort, generation, times, timeoutMs } = options
  const startedAt = performance.now()
  let answered = 'nothing'
  let inARow = 0
  let nextLookMs = LOG_AFTER_MS
  const confirmed = await waitFor(
    async () => {
      while (inARow < times) {
        answered = await describeState(managementPort)
        if (answered !== `generation ${generation}`) break
        inARow += 1
      }
      if (inARow >= times) return 'confirmed'
      inARow = 0
      if (performance.now() - startedAt < nextLookMs) return undefined
      nextLookMs += LOG_AFTER_MS
      return (await gaveUp(options)) ? 'gave up' : undefined
    },
    { timeoutMs, pauseMs: PAUSE_MS },
  )
  if (confirmed === 'confirmed') return
  const logs = await complaints(options)
  throw new Expected({ code: 'reload-without-effect', expected: generation, answered, logs })
}

async function describeState(managementPort: number): Promise<string> {
  try {
    const { generation } = await askState(managementPort, REQUEST_TIMEOUT_MS)
    return `generation ${generation}`
  } catch (error) {
    return (error as Error).message
  }
}

type Place = { driver: ProxyDriver; container: string; since: Date }

async function gaveUp(place: Place): Promise<boolean> {
  return (await complaints(place)).some((line) => line.includes('[emerg]'))
}

async function complaints({ driver, container, since }: Place): Promise<string[]> {
  const lines = await driver.errorLines(container, { since, lines: LOG_LINES })
  return lines.filter((line) => /\[(?:emerg|alert|crit|error)\]/.test(line))
}
