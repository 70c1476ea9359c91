import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { ask } from '../../../src/cli/ask.ts'
import { describeTerminal } from '../../../src/cli/terminal.ts'

const TTY = { isTTY: true, columns: 120 }

function terminal(environment: Record<string, string>, streams = { stdout: TTY, stderr: TTY }) {
  return describeTerminal({ environment, platform: 'linux', json: false, ...streams })
}

describe('output looks as the place asks for', () => {
  test('a terminal gets colors, signs and a line that moves', () => {
    const look = terminal({ LANG: 'en_US.UTF-8', TERM: 'xterm' })
    expect(look).toMatchObject({ mode: 'pretty', color: { out: true, err: true }, unicode: true, live: true })
    expect(look.columns()).toBe(120)
  })

  test('a file gets no color even while progress goes to a terminal', () => {
    const look = terminal({ TERM: 'xterm' }, { stdout: { isTTY: false, columns: 0 }, stderr: TTY })
    expect(look).toMatchObject({ mode: 'pretty', color: { out: false, err: true } })
  })

  test.each([
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    [{ NO_COLOR: '' }, true],
    [{ FORCE_COLOR: '0' }, false],
    [{ TERM: 'dumb' }, false],
  ])('%j is respected', (environment, color) => {
    expect(terminal(environment).color).toEqual({ out: color, err: color })
  })

  test('a pipe gets plain lines, and colors only when they are forced', () => {
    const pipe = { stdout: { isTTY: false, columns: 0 }, stderr: { isTTY: false, columns: 0 } }
    expect(terminal({}, pipe)).toMatchObject({ mode: 'plain', color: { out: false }, live: false })
    expect(terminal({ FORCE_COLOR: '1' }, pipe)).toMatchObject({ mode: 'plain', color: { out: true } })
  })

  test.each([
    [{}, 80],
    [{ COLUMNS: '132' }, 132],
    [{ COLUMNS: 'wide' }, 80],
  ])('a terminal that has no size gets that of %j', (environment, columns) => {
    const unsized = { isTTY: true, columns: 0 }
    expect(terminal(environment, { stdout: unsized, stderr: unsized }).columns()).toBe(columns)
  })

  test.each([
    [{ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, false],
    [{ LC_CTYPE: 'C.utf8' }, true],
    [{ LC_ALL: '', LANG: 'de_DE.UTF-8' }, true],
    [{}, false],
  ])('the locale of %j decides about signs', (environment, unicode) => {
    expect(terminal(environment).unicode).toBe(unicode)
  })
})

describe('a question', () => {
  async function answer(text: string | undefined): Promise<{ yes: boolean; shown: string }> {
    const input = new PassThrough()
    const output = new PassThrough()
    const asked = ask({ question: 'Switch\u001b[2J now?', input, output })
    input.end(text)
    const yes = await asked
    return { yes, shown: String(output.read()) }
  }

  test.each(['y\n', 'yes\n', ' Y \n', 'YES\n'])('is answered with yes by %j', async (text) => {
    expect((await answer(text)).yes).toBe(true)
  })

  test.each(['\n', 'n\n', 'yep\n', 'no\n', undefined])('is answered with no by %j', async (text) => {
    expect((await answer(text)).yes).toBe(false)
  })

  test('shows what no is, and nothing that a terminal would obey', async () => {
    expect((await answer('y\n')).shown).toContain('Switch now? [y/N] ')
  })

  test('is answered with no by an interruption', async () => {
    const interruption = new AbortController()
    const streams = { input: new PassThrough(), output: new PassThrough() }
    const asked = ask({ question: 'Now?', ...streams, signal: interruption.signal })
    interruption.abort()
    expect(await asked).toBe(false)
  })
})
