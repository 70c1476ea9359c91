/** What a load generator tells of one run. */
export interface LoadFigures {
  requestsPerSecond: number
  p99Ms: number
  /** Requests without a good answer. */
  failed: number
}

const MS = { us: 0.001, ms: 1, s: 1_000, m: 60_000 } as const

/** Reads what `wrk --latency` prints. */
export function parseWrk(output: string): LoadFigures {
  const requestsPerSecond = /^Requests\/sec:\s*([\d.]+)$/m.exec(output)?.[1]
  const p99 = /^\s*99%\s+([\d.]+)(us|ms|s|m)\s*$/m.exec(output)
  if (requestsPerSecond === undefined || !p99) throw new Error(`wrk told no figures:\n${output}`)
  return {
    requestsPerSecond: Number(requestsPerSecond),
    p99Ms: Number(p99[1]) * MS[p99[2] as keyof typeof MS],
    failed: socketErrors(output) + Number(/^\s*Non-2xx or 3xx responses: (\d+)$/m.exec(output)?.[1] ?? 0),
  }
}

// "Socket errors: connect 0, read 3, write 0, timeout 1"
function socketErrors(output: string): number {
  const counts = /^\s*Socket errors: (.*)$/m.exec(output)?.[1]?.match(/\d+/g) ?? []
  return counts.reduce((total, count) => total + Number(count), 0)
}
