import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { ProxyDriver } from '../../src/infra/nginx/driver.ts'
import { rememberContainer } from '../../src/infra/nginx/remember-container.ts'

/** A driver whose every look finds another container; `fails`: what becomes of looks and of changes. */
function counting({ fails }: { fails: boolean } = { fails: false }) {
  let looks = 0
  const change = async () => {
    if (fails) throw new Error('The engine is gone.')
  }
  const find = async (project: string) => {
    looks += 1
    await change()
    return { id: `${project}-${looks}` }
  }
  const driver = { find, compose: change, connect: change, leave: change, kill: change, signal: change }
  return rememberContainer(driver as unknown as ProxyDriver)
}

const idOf = async (driver: ProxyDriver, project = 'p') => (await driver.find(project))?.id

test('a container that was found a moment ago is not looked for again, later it is', async () => {
  const driver = counting()
  expect([await idOf(driver), await idOf(driver)]).toEqual(['p-1', 'p-1'])
  expect(await idOf(driver, 'q')).toBe('q-2')
  await sleep(120)
  expect(await idOf(driver, 'q')).toBe('q-3')
})

test.each<[string, (driver: ProxyDriver) => Promise<void>]>([
  ['compose', (driver) => driver.compose({ project: 'p', file: 'f' }, ['stop'])],
  ['connect', (driver) => driver.connect('p-1', ['n'])],
  ['leave', (driver) => driver.leave('p-1', 'n')],
  ['kill', (driver) => driver.kill('p-1')],
  ['signal', (driver) => driver.signal('p-1', 'HUP')],
])('after %s it is looked for again, whether or not that went well', async (_, change) => {
  const driver = counting()
  await idOf(driver)
  await change(driver)
  expect(await idOf(driver)).toBe('p-2')
  const failing = counting({ fails: true })
  await expect(change(failing)).rejects.toThrow('gone')
  await expect(idOf(failing)).rejects.toThrow('gone')
})

test('a look that failed is not remembered', async () => {
  const driver = counting({ fails: true })
  await expect(idOf(driver)).rejects.toThrow('gone')
  await expect(idOf(driver)).rejects.toThrow('gone')
})
