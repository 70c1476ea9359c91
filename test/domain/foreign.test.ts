import { expect, test } from 'vitest'
import type { ContainerFacts } from '../../src/domain/facts.ts'
import { findForeign } from '../../src/domain/foreign.ts'

const LINKS: Record<string, string> = { '/srv/current': '/srv/releases/5', '/srv/gone': '' }

function foreignOf(container: { project: string; workingDir: string | undefined; app?: string }) {
  const facts = { app: undefined, ...container } as ContainerFacts
  const world = { app: 'shop', containers: [facts] } as unknown as Parameters<typeof findForeign>[0]
  const real = (path: string) => (LINKS[path] ?? path) || undefined
  return findForeign(world, { projectDir: '/srv/current', deploymentDir: '/srv/current/deployments', real })
}

test.each([
  ['the app itself', { project: 'shop', workingDir: '/srv/current' }],
  ['the app, seen through another link', { project: 'shop', workingDir: '/srv/releases/5' }],
  ['one of its colors', { project: 'shop-blue', workingDir: '/srv/current/deployments/blue-1', app: 'shop' }],
  ['its proxy', { project: 'shop-proxy', workingDir: '/srv/current/deployments/proxy', app: 'shop' }],
  ['a color whose folder was moved', { project: 'shop-blue', workingDir: '/srv/gone', app: 'shop' }],
  ['what Compose did not make', { project: 'shop', workingDir: undefined }],
])('%s is the app’s own', (_title, container) => {
  expect(foreignOf(container)).toBeUndefined()
})

test.each([
  ['another folder’s application of the name', { project: 'shop', workingDir: '/home/ben/shop' }],
  ['an application of that name whose folder is gone', { project: 'shop', workingDir: '/srv/gone' }],
  ['an application that bears a color’s name', { project: 'shop-blue', workingDir: '/home/ben/shop-blue' }],
  ['what was started under a color’s name by hand', { project: 'shop-green', workingDir: '/srv/current' }],
  [
    'another folder’s app, in two colors',
    { project: 'shop-blue', workingDir: '/home/ben/d/blue-1', app: 'shop' },
  ],
  ['a folder that only begins alike', { project: 'shop-blue', workingDir: '/srv/current/deployments2/b' }],
  [
    'an application that bears the proxy’s name',
    { project: 'shop-proxy', workingDir: '/home/ben/shop-proxy' },
  ],
])('%s is foreign', (_title, container) => {
  expect(foreignOf(container)).toEqual({ project: container.project, directory: container.workingDir })
})
