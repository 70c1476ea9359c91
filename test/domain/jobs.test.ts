import { expect, test } from 'vitest'
import { jobName, jobsOf, jobsText } from '../../src/domain/jobs.ts'
import type { ClassifiedService } from '../../src/domain/service.ts'

const service = (name: string, of: ClassifiedService['class']): ClassifiedService => {
  return { name, class: of, reason: { because: 'default' } }
}
const SEED = { service: 'seed', command: undefined }
const MIGRATE = { service: 'web', command: ['npm', 'run', 'migrate'] } as const

test('job services run in their order, the configured migration after them', () => {
  const services = [service('seed', 'job'), service('web', 'colored')]
  expect(jobsOf(services, MIGRATE)).toEqual([SEED, MIGRATE])
  expect(jobsOf(services, undefined)).toEqual([SEED])
  expect(jobsOf([], undefined)).toEqual([])
})

test('what jobs wrote is kept below their names', () => {
  const text = jobsText([
    { job: SEED, output: 'one\ntwo\n' },
    { job: MIGRATE, output: '' },
  ])
  expect(text).toBe(`# seed\none\ntwo\n\n# ${jobName(MIGRATE)}\n\n`)
})
