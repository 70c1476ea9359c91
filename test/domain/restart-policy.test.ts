import { expect, test } from 'vitest'
import type { ComposeService } from '../../src/domain/compose-model.ts'
import { alwaysRunning } from '../../src/domain/restart-policy.ts'

const deploy = (condition?: string) => ({ restart_policy: { delay: '5s', ...(condition && { condition }) } })

test.each<[ComposeService, boolean]>([
  [{}, false],
  [{ restart: 'always' }, true],
  [{ restart: 'unless-stopped' }, false],
  [{ deploy: deploy('any') }, true],
  [{ deploy: deploy('always'), restart: 'no' }, true],
  [{ deploy: deploy('on-failure'), restart: 'always' }, false],
  [{ deploy: deploy(), restart: 'always' }, false],
  [{ deploy: { replicas: 2 }, restart: 'always' }, true],
])('%j is started with the engine, stopped or not: %s', (service, always) => {
  expect(alwaysRunning({ services: { web: service } })).toEqual(always ? ['web'] : [])
})
