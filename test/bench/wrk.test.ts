import { describe, expect, test } from 'vitest'
import { parseWrk } from './wrk.ts'

function output({ p99 = '18.53ms', errors = '' }: { p99?: string; errors?: string } = {}): string {
  return `Running 2s test @ http://127.0.0.1:8080/
  1 threads and 50 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     7.35ms    3.64ms  33.26ms   79.49%
    Req/Sec     6.96k     1.30k    8.73k    70.00%
  Latency Distribution
     50%    6.76ms
     75%    8.91ms
     90%   11.49ms
     99%   ${p99}
  13869 requests in 2.00s, 2.67MB read
${errors}Requests/sec:   6927.36
Transfer/sec:      1.33MB
`
}

describe('the output of wrk', () => {
  test('holds requests a second and the 99th percentile', () =>
    expect(parseWrk(output())).toEqual({ requestsPerSecond: 6927.36, p99Ms: 18.53, failed: 0 }))

  test.each([
    ['912.00us', 0.912],
    ['1.20s', 1200],
    ['1.50m', 90_000],
  ])('has %s in its own unit', (p99, p99Ms) => expect(parseWrk(output({ p99 })).p99Ms).toBeCloseTo(p99Ms))

  test('counts socket errors and answers that are not good', () => {
    const errors = `  Socket errors: connect 0, read 3, write 0, timeout 2
  Non-2xx or 3xx responses: 7
`
    expect(parseWrk(output({ errors })).failed).toBe(12)
  })

  test('without figures is an error that shows it', () =>
    expect(() => parseWrk('unable to connect')).toThrow('unable to connect'))
})
