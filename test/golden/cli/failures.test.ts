import { expect, test } from 'vitest'
import { tellFailure } from '../../../src/cli/reporter/failure-words.ts'
import { exitCodeOfFailure, type Outcome } from '../../../src/domain/outcome.ts'
import { record, tooWide } from './record.ts'
import { FAILURES } from './samples.ts'

const CONTEXT = { app: 'shop', active: 'blue', color: 'green', command: 'proxy stop' } as const

test.each([40, 80, 160])('every failure fits a terminal of %i columns', async (columns) => {
  const texts = Object.values(FAILURES).map(
    (failure) =>
      `# ${failure.code}\n${record({ columns }).failure(failure, { ...CONTEXT, command: 'perform' })}`,
  )
  if (columns >= 80) for (const text of texts) expect(tooWide(text, columns)).toEqual([])
  await expect(texts.join('\n')).toMatchFileSnapshot(`files/failures-${columns}.txt`)
})

test.each(Object.values(FAILURES))('$code ends with what to do next', (failure) => {
  const told = tellFailure(failure, CONTEXT)
  expect(told.what).toMatch(/[.!]$/)
  expect(told.next.length).toBeGreaterThan(0)
  const lines = record({ columns: 300 }).failure(failure, CONTEXT).trimEnd().split('\n')
  expect(lines.at(-1)).toMatch(/^ {2}→ /)
})

test.each(Object.values(FAILURES))(
  '$code proposes nothing to do with a color that was removed',
  (failure) => {
    const told = tellFailure(failure, { ...CONTEXT, command: 'perform', containers: 'removed' })
    expect(JSON.stringify(told.next)).not.toMatch(/-p shop-green|switch green/)
  },
)

test.each(Object.values(FAILURES))('$code can be told without knowing the app', (failure) => {
  const told = tellFailure(failure, {})
  expect(JSON.stringify(told)).not.toMatch(/undefined|null|NaN/)
})

test.each(Object.values(FAILURES))('$code says what users saw, before what to do next', (failure) => {
  const outside = record({ columns: 300 }).failure(failure, { ...CONTEXT, command: 'perform' })
  // Whatever serves, nobody reaches it.
  const reached = failure.code !== 'proxy-absent' && failure.code !== 'proxy-silent'
  const users = reached ? 'blue serves shop' : 'users get no answer until the proxy gives one'
  const told =
    failure.code === 'output-lost' ? 'What the command did stands; only its words were lost' : undefined
  const all = told ?? `Nothing was changed: ${users}`
  expect(outside).toMatch(new RegExp(`\\n {2}${all}\\.\\n( {2}→ .*\\n( {6}.*\\n)?)+$`))
  const run = { command: 'perform', app: 'shop', durationMs: 1 }
  const ended = (outcome: Outcome) => record({ columns: 300 }).events([{ type: 'outcome', ...run, outcome }])
  const [step, active] = ['health', 'blue'] as const
  expect(ended({ kind: 'aborted', failure, step, active })).toContain(
    reached
      ? '\n  Users were not affected: blue still serves shop.\n'
      : `\n  Nothing was changed: ${users}.\n`,
  )
  expect(ended({ kind: 'rolled-back', failure, step: 'watch', active })).toMatch(
    /\n {2}Users (are|were) .*blue/,
  )
  expect(ended({ kind: 'stuck', failure, step, active, wayBack: FAILURES['proxy-silent'] })).toContain(
    '\n  Who serves users is not certain. This needs a person:\n',
  )
})

test.each([
  ['running', 'Users are answered: the proxy of shop runs.'],
  ['silent', 'Users get no answer: the proxy of shop runs, but is silent.'],
  ['stopped', 'Users get no answer: the proxy of shop does not run.'],
  ['absent', 'Users get no answer: the proxy of shop does not run.'],
  ['unknown', 'Whether users of shop are answered could not be seen.'],
] as const)('a command that touches the proxy says of one that is %s then: %s', (proxy, users) => {
  for (const failure of Object.values(FAILURES)) {
    const told = record({ columns: 300 }).failure(failure, { ...CONTEXT, proxy })
    expect(told).toContain(`\n  ${users}\n  → `)
  }
  const bug = record({ columns: 300 }).bug(new Error('x'), { version: '1', app: 'shop', proxy })
  expect(bug).toContain(`\n  ${users} Whatever was begun is in the journal:`)
})

test.each(Object.values(FAILURES))('$code says as JSON what users saw, too', (failure) => {
  const told = JSON.parse(record({ mode: 'json' }).failure(failure, { ...CONTEXT, proxy: 'stopped' }))
  expect(told).toMatchObject({ type: 'failure', failure: { code: failure.code } })
  expect(told.words.users).toBe('Users get no answer: the proxy of shop does not run.')
})

test('every failure has its exit code', async () => {
  const rows = Object.values(FAILURES).map(({ code }) => `${exitCodeOfFailure(code)}  ${code}\n`)
  await expect(rows.join('')).toMatchFileSnapshot('files/exit-codes.txt')
})

test('a mistake of the tool tells its version, the stack, and that nothing is lost', async () => {
  const mistake = new Error('cannot read properties of undefined')
  mistake.stack = 'Error: cannot read properties of undefined\n    at perform (dist/main.js:1:1)'
  const known = { app: 'shop', active: 'blue', proxy: 'running' } as const
  const text = record().bug(mistake, { version: '1.2.3', ...known })
  expect(text).toContain('verdigris 1.2.3, node v')
  const anywhere = text.replace(/node v\S+ \S+ \S+/, 'node <version>, <platform>')
  await expect(anywhere).toMatchFileSnapshot('files/bug.txt')
})

test('a needed yes is told with the command that says it', () => {
  const told = tellFailure(FAILURES['needs-confirmation'], CONTEXT)
  expect(told.next[0]).toMatchObject({ run: 'upgrade proxy stop --yes' })
})

const COMPOSE_PLACE = { file: '/srv/shop/compose.yaml', line: 4, column: 5, text: '    ports: 80' }

const FULL = { reason: 'no space left on the disk', isFull: true }

test('no port, size or path reads oddly in its variants', async () => {
  const variants = [
    { ...FAILURES['port-taken'], container: undefined, own: false, holder: 'nginx (pid 812)' },
    { ...FAILURES['port-taken'], container: undefined, own: false },
    { ...FAILURES['port-taken'], container: 'other-web-1', own: false },
    { ...FAILURES['port-taken'], container: undefined, own: false, setting: 'preview' as const },
    { ...FAILURES['port-taken'], container: undefined, own: false, setting: 'management' as const },
    { ...FAILURES['image-missing'], service: undefined, output: '' },
    { ...FAILURES.locked, holder: undefined },
    { ...FAILURES['networks-exhausted'], free: 0, needed: undefined },
    { ...FAILURES['snapshot-missing'], known: [] },
    { ...FAILURES['command-failed'], exitCode: undefined, output: '' },
    { ...FAILURES['never-healthy'], tries: 1, logs: [], evidence: 'its container is not there.' },
    { ...FAILURES['container-exited'], oomKilled: false, logs: [] },
    { ...FAILURES['compose-file-missing'], records: '/srv/shop/deployments' },
    { ...FAILURES['compose-file-invalid'], place: COMPOSE_PLACE },
    { ...FAILURES['template-failed'], line: undefined },
    { ...FAILURES['nginx-refused'], template: undefined },
    { ...FAILURES['hook-failed'], how: { ended: 'timed-out', afterMs: 60_000 } as const },
    { ...FAILURES['hook-failed'], how: { ended: 'not-started', reason: 'spawn ./x ENOENT' } as const },
    { ...FAILURES['hook-failed'], how: { ended: 'no-container', service: 'web' } as const },
    { ...FAILURES['deployment-dir-unwritable'], ...FULL },
    { ...FAILURES['file-failed'], ...FULL },
  ]
  const texts = variants.map((failure) => `# ${failure.code}\n${record().failure(failure, CONTEXT)}`)
  await expect(texts.join('\n')).toMatchFileSnapshot('files/failure-variants.txt')
})
