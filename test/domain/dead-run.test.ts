import { expect, test } from 'vitest'
import { judgeDeadRun } from '../../src/domain/dead-run.ts'
import type { ProxyFacts, World } from '../../src/domain/facts.ts'
import { isBeforeTheLine, STEPS, type StepId } from '../../src/domain/steps.ts'

const serving = (active: 'blue' | 'green'): ProxyFacts => ({
  state: 'running',
  container: 'p',
  image: 'nginx',
  generation: 3,
  active,
  releases: { blue: undefined, green: undefined },
  managementPort: 1,
  previewPorts: {},
  maintenance: false,
})

const worldWith = (proxy: ProxyFacts): World => ({
  app: 'shop',
  proxy,
  containers: [],
  records: { active: 'blue', history: [], snapshots: [], setAside: [], broken: [] },
})

test.each(STEPS)('a run that died at %s goes the way of its users', (step) => {
  const judge = (proxy: ProxyFacts) => judgeDeadRun({ step, target: 'green' }, worldWith(proxy))
  expect(judge(serving('green'))).toBe('finish')
  expect(judge(serving('blue'))).toBe('take-back')
})

test.each(STEPS)(
  'without an nginx to ask, a run that died at %s loses no color that users may be on',
  (step) => {
    const proxies: ProxyFacts[] = [
      { state: 'absent' },
      { state: 'stopped', container: 'p' },
      { state: 'silent', container: 'p', reason: 'it starts' },
    ]
    for (const proxy of proxies)
      expect(judgeDeadRun({ step, target: 'green' }, worldWith(proxy))).toBe(
        isBeforeTheLine(step) ? 'take-back' : 'undecided',
      )
  },
)

test('ports that were about to change hands go back, unless a proxy past the switch may only be slow', () => {
  const stopped: ProxyFacts = { state: 'stopped', container: 'p' }
  const silent: ProxyFacts = { state: 'silent', container: 'p', reason: 'nothing is published' }
  const judge = (step: StepId, proxy: ProxyFacts) =>
    judgeDeadRun({ step, target: 'green', takesPorts: true }, worldWith(proxy))
  expect([judge('switch', silent), judge('switch', stopped), judge('watch', stopped)]).toEqual([
    'take-back',
    'take-back',
    'take-back',
  ])
  expect(judge('watch', silent)).toBe('undecided')
  expect(judge('switch', serving('green'))).toBe('finish')
})
