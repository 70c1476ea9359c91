import { expect, test } from 'vitest'
import { judgeDeadRun } from '../../src/domain/dead-run.ts'
import type { ProxyFacts, World } from '../../src/domain/facts.ts'
import { isBeforeTheLine, STEPS } from '../../src/domain/steps.ts'

const serving = (active: 'blue' | 'green'): ProxyFacts => ({
  state: 'running',
  container: 'p',
  image: 'nginx',
  generation: 3,
  active,
  releases: { blue: undefined, green: undefined },
  managementPort: 1,
  previewPorts: {},
  mayDrain: false,
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
