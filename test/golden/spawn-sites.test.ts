import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const ROOT = fileURLToPath(new URL('../../src/', import.meta.url))

const sources = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(join(ROOT, name), 'utf8') }))

/** Every line of the sources that matches, as "file: line". */
function linesWith(pattern: RegExp): string[] {
  return sources.flatMap(({ name, text }) =>
    text
      .split('\n')
      .filter((line) => pattern.test(line) && !/^\s*(?:\/\/|\/?\*)/.test(line))
      .map((line) => `${name}: ${line.trim()}`),
  )
}

test('one place starts programs, and it asks for no shell', () => {
  expect(linesWith(/child_process/)).toEqual([
    "infra/process/run.ts: import { type ChildProcessByStdio, spawn } from 'node:child_process'",
  ])
  expect(linesWith(/\b(?:spawn|spawnSync|exec|execSync|execFile|execFileSync|fork)\(program/)).toEqual([
    'infra/process/run.ts: const child = spawn(program, args, {',
  ])
  expect(linesWith(/\bshell: /)).toEqual([])
})

test('a shell in a container is given a script that is a constant; values are its arguments', () => {
  expect(linesWith(/'(?:\/bin\/)?(?:ba|da|a|z)?sh'/)).toEqual([
    "infra/nginx/agent.ts: const own = await byExec(['sh', '-c', CLAIM, 'verdigris', id, ...argv])",
    "infra/nginx/agent.ts: const isScript = shell === 'sh' && option === '-c'",
    "infra/nginx/changed-files.ts: const argv = ['sh', '-c', CHANGED, 'verdigris', app]",
    "infra/nginx/compose-file.ts: const ENTRYPOINT = ['sh', '-c', START, 'verdigris', 'nginx', '-c', MAIN_CONF, '-g', 'daemon off;']",
    "infra/nginx/draining.ts: const argv = ['sh', '-c', LEFT, 'verdigris', pattern]",
    "infra/nginx/install.ts: const result = await driver.exec(container, ['sh', '-c', INSTALL, 'verdigris', ...words], {",
    "infra/nginx/install.ts: const argv = ['sh', '-c', REINSTATE, 'verdigris', app, String(generation), color]",
    "infra/nginx/move.ts: ['sh', '-c', MOVE, 'verdigris', ...words, ...long],",
    "infra/process/commands.ts: const argv: Argv = ['docker', 'exec', container, 'sh', '-c', END_MARKED, 'verdigris', mark]",
  ])
  // What is put together into a script is a constant, too: names in capitals, known when the program was built.
  const scripts = ['infra/nginx/scripts.ts', 'infra/process/commands.ts']
  const pieces = sources
    .filter(({ name }) => scripts.includes(name))
    .flatMap(({ text }) => [...text.matchAll(/(?<!\\)\$\{([^}]*)\}/g)].map(([, piece]) => piece))
  expect([...new Set(pieces)].sort()).toEqual([
    'GO',
    'LEAD',
    'MARK',
    'PACKED',
    'PAUSE',
    'RELOAD',
    'SCRIPT_EXIT.claimed',
    'SCRIPT_EXIT.missing',
    'SCRIPT_EXIT.refused',
    'SCRIPT_EXIT.stale',
    'SCRIPT_EXIT.unwritten',
    'WAIT_PATH',
  ])
})

test('values get into the text of a shell in one place, which writes each as one word that means itself', () => {
  // Without an exec there are no arguments: test/config/quoted.test.ts holds `quoted` to what shells read.
  const inInfra = linesWith(/\bquoted\b|\bgzipSync\((?!content\b)/).filter((line) =>
    line.startsWith('infra/'),
  )
  expect(inInfra).toEqual([
    "infra/nginx/agent.ts: const lines = [words.map(quoted).join(' '), isScript ? script : '']",
    "infra/nginx/agent.ts: return gzipSync(lines.join('\\n')).toString('base64')",
    'infra/nginx/agent.ts: export function quoted(word: string): string {',
  ])
  // What the agent is told otherwise is no text of a shell: it consists of a mark, an id in hexadecimal, and base64.
  expect(linesWith(/\bsay\(/).filter((line) => line.startsWith('infra/nginx'))).toEqual([
    "infra/nginx/agent.ts: talk.say(lineOf(id, 'ready'))",
    'infra/nginx/agent.ts: talk.say(lineOf(id, packed(argv)))',
  ])
})
