import {
  chownSync,
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { must, run } from '../support/run.ts'
import { PROGRAM } from '../support/sandbox.ts'

// The program as it was built, with a command line of the test's own in two parts.
const COMMAND_LINE = `exports.runCommandLine = async ([, code = '0']) => {
  process.stdout.write(require('./part.cjs').says())
  return Number(code)
}`
const saying = (word: string) => `exports.says = () => '${word}'`
const BUILT_AT = new Date('2026-01-02T03:04:05Z')

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vt-parts-'))
  copyFileSync(PROGRAM, join(folder, 'main.cjs'))
  put('command-line.cjs', COMMAND_LINE)
  put('part.cjs', saying('one'))
})
afterEach(async () => {
  await must('chattr', ['-i', folder])
  rmSync(folder, { recursive: true, force: true })
})

function put(name: string, text: string): void {
  writeFileSync(join(folder, name), text)
  utimesSync(join(folder, name), BUILT_AT, BUILT_AT)
}

const upgrade = async (...words: string[]) =>
  (await run(process.execPath, [join(folder, 'main.cjs'), ...words])).stdout
const kept = () => readdirSync(folder).filter((name) => !name.endsWith('.cjs'))
const COMPILED = ['command-line.status.compiled', 'part.status.compiled']

test('the second run takes what the first one compiled, as long as the part is the same', async () => {
  expect(await upgrade('status')).toBe('one')
  expect(kept()).toEqual(COMPILED)
  // Same size, same time: nobody could tell that the text is another.
  put('part.cjs', saying('two'))
  expect(await upgrade('status')).toBe('one')
  writeFileSync(join(folder, 'part.cjs'), saying('two'))
  expect(await upgrade('status')).toBe('two')
  put('part.cjs', saying('three'))
  expect(await upgrade('status')).toBe('three')
})

test('each command has its own', async () => {
  for (const command of ['status', 'plan', 'status', '--json']) await upgrade(command)
  expect(kept().filter((name) => name.startsWith('part'))).toEqual([
    'part.other.compiled',
    'part.plan.compiled',
    'part.status.compiled',
  ])
})

test('the build writes ASCII, as which it is read', () => {
  const parts = readdirSync(dirname(PROGRAM)).filter((name) => name.endsWith('.cjs'))
  expect(parts.length).toBeGreaterThan(5)
  for (const name of parts)
    expect(readFileSync(join(dirname(PROGRAM), name)).findIndex((byte) => byte > 127)).toBe(-1)
})

test('a run that failed keeps nothing', async () => {
  expect(await upgrade('nonsense', '3')).toBe('one')
  expect(kept()).toEqual([])
})

test.each([
  ['nothing', () => Buffer.alloc(0)],
  ['garbage', () => Buffer.from('\u0000garbage'.repeat(1000))],
  ['half of it', (whole: Buffer) => whole.subarray(0, whole.length / 2)],
  [
    'another Node’s',
    (whole: Buffer) => Buffer.from(whole.toString('latin1').replace(process.version, 'v0.0.1'), 'latin1'),
  ],
  [
    'a label and garbage',
    (whole: Buffer) => Buffer.concat([whole.subarray(0, whole.indexOf('\n') + 1), Buffer.alloc(999)]),
  ],
])('%s in its place is replaced, and nobody notices', async (_, damage) => {
  await upgrade('status')
  const path = join(folder, 'part.status.compiled')
  const whole = readFileSync(path)
  writeFileSync(path, damage(whole))
  const ran = await run(process.execPath, [join(folder, 'main.cjs'), 'status'])
  expect(ran).toMatchObject({ code: 0, stdout: 'one', stderr: '' })
  expect(readFileSync(path).length).toBe(whole.length)
})

test('nobody else may write it, whatever the mask says', async () => {
  await must('sh', ['-c', `umask 0 && exec "$@"`, 'sh', process.execPath, join(folder, 'main.cjs'), 'status'])
  expect(kept().map((name) => statSync(join(folder, name)).mode & 0o777)).toEqual([0o644, 0o644])
})

test('in somebody else’s folder, or one that cannot be written, nothing is kept and all goes on', async () => {
  chownSync(folder, 12345, 12345)
  expect(await upgrade('status')).toBe('one')
  chownSync(folder, statSync(dirname(PROGRAM)).uid, 0)
  await must('chattr', ['+i', folder])
  expect(await upgrade('status')).toBe('one')
  expect(kept()).toEqual([])
})
