import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const SOURCES = join(import.meta.dirname, '../../src')

/** Every source file, by its path, with its text. */
const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => ({ path, text: readFileSync(join(SOURCES, path), 'utf8') }))

const thatHave = (pattern: RegExp) =>
  files
    .filter(({ text }) => pattern.test(text))
    .map(({ path }) => path)
    .sort()

// What leaves this process, and where its deadline is. A new way out must be put here, with its own.
const WAYS_OUT: Record<string, RegExp> = {
  'infra/docker/socket.ts': /AbortSignal\.timeout\(TIMEOUT_MS\)/,
  'infra/http/http.ts': /timeout: \{ request: check\.requestTimeoutMs \}/,
  'infra/http/stream.ts': /answerWithinMs/,
  'infra/nginx/management.ts': /setTimeout\(giveUp, timeoutMs\)/,
  'infra/process/run.ts': /timeoutMs: number\n/,
}

test('every way out of the process has a deadline', () => {
  const out = thatHave(
    /from 'node:child_process'|import\('got'\)|\b(?:get|request) ?\}? from 'node:http'|request \} from/,
  )
  expect(out).toEqual(Object.keys(WAYS_OUT).sort())
  for (const [path, deadline] of Object.entries(WAYS_OUT))
    expect(files.find((file) => file.path === path)?.text).toMatch(deadline)
})

test('only logs that a person follows run without one', () => {
  expect(thatHave(/timeoutMs: 0\b/)).toEqual(['infra/compose/projects.ts'])
})

test('the engine is asked only through the client that counts the time', () => {
  expect(thatHave(/import\('dockerode'\)/)).toEqual(['infra/docker/client.ts'])
})
