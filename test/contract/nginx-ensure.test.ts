import { once } from 'node:events'
import { existsSync, statSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Expected, failureOf } from '../../src/domain/failure.ts'
import type { ProxyDriver } from '../../src/infra/nginx/driver.ts'
import { must } from '../support/run.ts'
import { freePort, until } from '../support/until.ts'
import { createNginxLab, type NginxLab } from './support/nginx-lab.ts'

let lab: NginxLab
beforeEach(async () => {
  lab = await createNginxLab()
})
afterEach(async () => await lab.remove())

test('before anything is deployed users are told so, and the first release can be previewed', async () => {
  const colors = { blue: { release: 'blue-1', routes: [lab.route()] } }
  const first = await lab.site(1, undefined, { colors })
  await lab.proxy.ensure(() => first, { listen: [lab.port], recreate: false })
  await lab.proxy.join([lab.network])
  const nobody = await fetch(`http://127.0.0.1:${lab.port}/`)
  expect([nobody.status, await nobody.text()]).toEqual([503, `Nothing of ${lab.app} is deployed yet.\n`])
  await lab.start('blue')
  const preview = first.listeners[0]?.previewPort ?? 0
  await until(async () => (await release(preview)) === '1')
  await lab.proxy.install({ ...first, generation: 2, active: 'blue' })
  expect(await release(lab.port)).toBe('1')
  await lab.proxy.confirm(2, { times: 3, timeoutMs: 5_000 })
})

test('what was chosen once is kept, found again from labels, and published to users alone', async () => {
  const before = await lab.proxy.ports([lab.port])
  await lab.ensure()
  const elsewhere = lab.anotherProxy({ deploymentDir: join(lab.folder, 'elsewhere') })
  expect(await elsewhere.ports([lab.port])).toEqual(before)
  expect(await elsewhere.check()).toEqual({ version: expect.stringMatching(/^\d+\.\d+\.\d+$/) })
  const published = await must('docker', ['port', `${lab.app}-proxy-nginx-1`])
  for (const port of [before.management, ...Object.values(before.previews)]) {
    expect(published).toContain(`${port}/tcp -> 127.0.0.1:${port}\n`)
    expect(published).not.toContain(`0.0.0.0:${port}\n`)
  }
  expect(published).toContain(`0.0.0.0:${lab.port}\n`)
  const file = join(lab.folder, 'deployments/proxy/docker-compose.yml')
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('a stopped proxy is started as it was, its compose file lost or not', async () => {
  await lab.ensure()
  await lab.proxy.stop()
  expect(await lab.proxy.observe()).toMatchObject({ state: 'stopped' })
  expect(await lab.proxy.current()).toMatchObject({ generation: 1, active: 'blue' })
  const deploymentDir = join(lab.folder, 'elsewhere')
  const elsewhere = lab.anotherProxy({ deploymentDir })
  await elsewhere.ensure(refuse, { listen: [lab.port], recreate: false })
  expect(await lab.proxy.observe()).toMatchObject({ state: 'running', generation: 1 })
  expect(existsSync(join(deploymentDir, 'proxy/docker-compose.yml'))).toBe(true)
})

test('a running proxy gets another port only where a gap is allowed, and keeps its networks', async () => {
  await lab.ensure()
  await lab.start('blue')
  await until(async () => (await release(lab.port)) === '1')
  const more = await freePort()
  const listen = [lab.port, more]
  const ensure = async (recreate: boolean) => {
    const routes = listen.map((port) => lab.route({ listen: port }))
    const colors = { blue: { release: 'blue-1', routes } }
    const next = await lab.site(2, 'blue', { colors, ports: await lab.proxy.ports(listen) })
    await lab.proxy.ensure(() => next, { listen, recreate })
  }
  const failure = failureOf(await ensure(false).catch((error) => error))
  expect(failure).toEqual({ code: 'proxy-ports-differ', published: [lab.port], needed: listen })
  await ensure(true)
  await until(async () => (await release(more)) === '1' && (await release(lab.port)) === '1')
  expect(await lab.proxy.observe()).toMatchObject({ state: 'running', generation: 2 })
})

test('a port that somebody else holds is named', async () => {
  const holder = createServer().listen(lab.port, '0.0.0.0')
  try {
    const failure = failureOf(await lab.ensure().catch((error) => error))
    expect(failure).toMatchObject({ code: 'port-taken', port: lab.port })
  } finally {
    holder.close()
  }
})

test('a port of its own that somebody takes right before it is bound is passed over', async () => {
  const { management, previews } = await lab.proxy.ports([lab.port])
  const preview = previews[lab.port] ?? 0
  const holders = [management, preview].map((port) => ({ port, holder: createServer() }))
  const waiting = [...holders]
  const compose: ProxyDriver['compose'] = async (project, words) => {
    const next = words[0] === 'start' ? waiting.shift() : undefined
    if (next) await once(next.holder.listen(next.port, '127.0.0.1'), 'listening')
    await lab.driver.compose(project, words)
  }
  const beaten = lab.anotherProxy({ driver: { ...lab.driver, compose } })
  const site = await lab.site(1, 'blue')
  try {
    await beaten.ensure(() => site, { listen: [lab.port], recreate: false })
    expect(waiting).toEqual([])
    const bound = await beaten.ports([lab.port])
    const previewPort = bound.previews[lab.port] ?? 0
    expect([bound.management, previewPort]).not.toContain(management)
    expect([bound.management, previewPort]).not.toContain(preview)
    expect(await beaten.current()).toMatchObject({
      managementPort: bound.management,
      listeners: [{ previewPort }],
    })
  } finally {
    for (const { holder } of holders) holder.close()
  }
})

test('a port of its own that was taken while it was stopped is passed over, one that a user set is named', async () => {
  await lab.ensure()
  const { previews } = await lab.proxy.ports([lab.port])
  const preview = previews[lab.port] ?? 0
  const site = await lab.proxy.current()
  if (site === undefined) throw new Error('nothing is installed')
  await lab.proxy.stop()
  const holder = createServer().listen(preview, '127.0.0.1')
  try {
    const bound = lab.anotherProxy({ previewPort: preview })
    const ensuring = bound.ensure(refuse, { listen: [lab.port], recreate: false })
    expect(failureOf(await ensuring.catch((error) => error))).toMatchObject({
      code: 'port-taken',
      port: preview,
      setting: 'preview',
    })
    const free = lab.anotherProxy({})
    await free.ensure(() => site, { listen: [lab.port], recreate: false })
    const found = await free.observe()
    expect(found).toMatchObject({ state: 'running', generation: 1, active: 'blue' })
    expect(found.state === 'running' && found.previewPorts[lab.port]).not.toBe(preview)
  } finally {
    holder.close()
  }
})

test('a set port that is taken is named in the words of Docker 28, too', async () => {
  const managementPort = (await lab.proxy.ports([lab.port])).management
  const words = `failed to bind host port for 127.0.0.1:${managementPort}:172.18.0.2:80/tcp: address already in use`
  const compose: ProxyDriver['compose'] = async (project, [first = '', ...rest]) => {
    if (first === 'start')
      throw new Expected({ code: 'start-failed', project: project.project, output: words })
    await lab.driver.compose(project, [first, ...rest])
  }
  const refused = lab.anotherProxy({ driver: { ...lab.driver, compose }, managementPort })
  const site = await lab.site(1, 'blue')
  const ensuring = refused.ensure(() => site, { listen: [lab.port], recreate: false })
  expect(failureOf(await ensuring.catch((error) => error))).toMatchObject({
    code: 'port-taken',
    port: managementPort,
    setting: 'management',
  })
})

test('nothing of it is left once it was removed', async () => {
  await lab.ensure()
  await lab.proxy.remove()
  expect(await lab.proxy.observe()).toEqual({ state: 'absent' })
  const label = ['--filter', `label=com.docker.compose.project=${lab.app}-proxy`, '-q']
  for (const kind of ['container', 'volume', 'network']) {
    expect(await must('docker', [kind, 'ls', ...label])).toBe('')
  }
})

function refuse(): never {
  throw new Error('a proxy that exists needs no first site')
}

async function release(port: number): Promise<string | null> {
  return (await fetch(`http://127.0.0.1:${port}/`)).headers.get('x-version')
}
