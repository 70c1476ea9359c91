import { expect, test } from 'vitest'
import { findOwnContainers, ownServices } from '../../src/domain/adoption.ts'
import type { ContainerFacts, World } from '../../src/domain/facts.ts'
import type { ClassifiedService, ServiceClass } from '../../src/domain/service.ts'

const CLASSES: Record<string, ServiceClass> = {
  web: 'colored',
  worker: 'singleton',
  db: 'shared',
  migrate: 'job',
}

const services: ClassifiedService[] = Object.entries(CLASSES).map(([name, each]) => {
  return { name, class: each, reason: { because: 'default' } }
})

const container = (service: string, change: Partial<ContainerFacts> = {}): ContainerFacts => ({
  id: service,
  name: `shop-${service}-1`,
  project: 'shop',
  service,
  workingDir: '/srv/shop',
  app: undefined,
  color: undefined,
  release: undefined,
  definition: undefined,
  image: service,
  state: 'running',
  health: undefined,
  status: 'Up',
  oneOff: false,
  ...change,
})

const found = (containers: ContainerFacts[], change: Partial<World['records']> = {}) => {
  const records = { active: undefined, history: [], snapshots: [], setAside: [], broken: [], ...change }
  const world: World = { app: 'shop', proxy: { state: 'absent' }, containers, records }
  const own = findOwnContainers(world, { projectDir: '/srv/shop', services })
  return own.map((each) => `${each.service} ${each.class}`)
}

test('what a release brings itself is taken over; databases and jobs are not', () => {
  const all = Object.keys(CLASSES).map((service) => container(service))
  expect(found(all)).toEqual(['web colored', 'worker singleton'])
})

test.each<[string, Partial<ContainerFacts>]>([
  ['is stopped', { state: 'exited' }],
  ['is of another project', { project: 'blog' }],
  ['is of another folder', { workingDir: '/srv/old-shop' }],
  ['was run by hand, once', { oneOff: true }],
  ['is of a service that no release has', { service: 'gone' }],
])('what %s is left alone', (_, change) => {
  expect(found([container('web', change)])).toEqual([])
})

test('once a color serves, nothing is taken over', () => {
  expect(found([container('web')], { active: 'blue' })).toEqual([])
})

test('replicas are one service', () => {
  const replica = (id: string) => ({ id, name: id, service: 'web', class: 'colored' }) as const
  expect(ownServices({ containers: [replica('a'), replica('b')] })).toEqual(['web'])
})
