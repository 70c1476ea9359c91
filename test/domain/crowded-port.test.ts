import { expect, test } from 'vitest'
import type { ComposeService } from '../../src/domain/compose-model.ts'
import { crowdedPort } from '../../src/domain/crowded-port.ts'

const PORTS = [{ target: 3000, published: '8080' }]
const crowded = (web: ComposeService) => crowdedPort({ name: 'shop', services: { db: {}, web } })

test.each<[string, ComposeService]>([
  ['deploy.replicas', { ports: PORTS, deploy: { replicas: 3 } }],
  ['scale', { ports: PORTS, scale: 3 }],
])('several replicas of one published port are more than plain Compose can run (%s)', (_, web) => {
  expect(crowded(web)).toEqual({ service: 'web', replicas: 3, port: 8080 })
})

test.each<[string, ComposeService]>([
  ['one replica', { ports: PORTS, deploy: { replicas: 1 } }],
  ['none', { ports: PORTS, scale: 0 }],
  ['no port', { scale: 3 }],
  ['a port for each', { scale: 3, ports: [{ target: 3000, published: '8080-8082' }] }],
  ['ports that Docker picks', { scale: 3, ports: [{ target: 3000 }, { target: 1, published: '0' }] }],
])('%s is none too many', (_, web) => {
  expect(crowded(web)).toBeUndefined()
})
