import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { failureOf } from '../../src/domain/failure.ts'
import { peersPattern } from '../../src/infra/nginx/peers.ts'
import { imageFromSetup } from '../support/apps.ts'
import { must } from '../support/run.ts'
import { freePort, until } from '../support/until.ts'
import { moveTo } from './support/move-to.ts'
import { createNginxLab, type NginxLab } from './support/nginx-lab.ts'

let lab: NginxLab
let generation = 1
beforeAll(async () => {
  lab = await createNginxLab()
  await Promise.all([lab.ensure(), lab.start('blue'), lab.start('green')])
  await until(async () => (await release(lab.port)) === '1')
})
afterAll(async () => await lab.remove())

const check = {
  path: '/up',
  statuses: [[200, 299]] as const,
  body: undefined,
  headers: {},
  requestTimeoutMs: 2_000,
}

test('it says what it serves, from its labels and from nginx itself', async () => {
  const ports = await lab.proxy.ports([lab.port])
  expect(await lab.proxy.observe()).toMatchObject({
    state: 'running',
    container: `${lab.app}-proxy-nginx-1`,
    active: 'blue',
    releases: { blue: 'blue-1', green: 'green-2' },
    managementPort: ports.management,
    previewPorts: ports.previews,
  })
})

test('the preview leads to the color that users are not on, before and after a switch', async () => {
  const preview = (await lab.proxy.ports([lab.port])).previews[lab.port] ?? 0
  expect([await release(lab.port), await release(preview)]).toEqual(['1', '2'])
  await installNext('green')
  expect([await release(lab.port), await release(preview)]).toEqual(['2', '1'])
  await installNext('blue')
})

test('a generation that was superseded is led back, and reinstated, at once', async () => {
  const before = generation
  await installNext('green')
  expect(await release(lab.port)).toBe('2')
  await lab.proxy.reinstate(before, 'blue')
  expect(await release(lab.port)).toBe('1')
  await lab.proxy.confirm(before, { times: 3, timeoutMs: 5_000 })
  expect(await lab.proxy.current()).toMatchObject({ generation: before, active: 'blue' })
  expect((await lab.proxy.observe()).state).toBe('running')
})

test('a number that was taken back can be used again', async () => {
  const before = generation - 1
  await lab.proxy.install(await lab.site(generation, 'green'))
  await lab.proxy.confirm(generation, { times: 3, timeoutMs: 5_000 })
  expect(await release(lab.port)).toBe('2')
  await lab.proxy.reinstate(before, 'blue')
  await lab.proxy.confirm(before, { times: 3, timeoutMs: 5_000 })
  expect(await release(lab.port)).toBe('1')
})

test('a template that nginx refuses leaves everything as it was', async () => {
  const folder = join(lab.folder, 'refused')
  const files = async () =>
    await must('docker', ['exec', `${lab.app}-proxy-nginx-1`, 'ls', '-R', '/etc/verdigris/sites'])
  const seen = async () => [await files(), await lab.proxy.observe()]
  const before = await seen()
  await must('mkdir', [folder])
  writeFileSync(join(folder, 'proxy.conf.ejs'), '  proxy_read_tiemout 5s;\n')
  const proxy = lab.anotherProxy({ templatesDir: folder })
  const site = await lab.site(generation + 1, 'green')
  for (const attempt of [() => proxy.test(site), () => proxy.install(site)]) {
    const failure = failureOf(await attempt().catch((error) => error))
    expect(failure).toMatchObject({ code: 'nginx-refused', template: 'site.conf.ejs' })
    expect(failure).toHaveProperty('output', expect.stringContaining('proxy_read_tiemout'))
  }
  expect(await seen()).toEqual(before)
})

test('a template of the user that has no part for maintenance is told, and turns nobody away', async () => {
  const folder = join(lab.folder, 'without-maintenance')
  await must('mkdir', [folder])
  const builtIn = readFileSync(new URL('../../templates/site.conf.ejs', import.meta.url), 'utf8')
  const marked = '"maintenance":"$<%= site.prefix %>_maintenance"'
  const own = builtIn.replace(`,${marked}`, '').replaceAll('maintenance %>/on', 'maintenance %>/never')
  writeFileSync(join(folder, 'site.conf.ejs'), own)
  await lab.anotherProxy({ templatesDir: folder }).install(await lab.site(++generation, 'blue'))
  await lab.proxy.confirm(generation, { times: 3, timeoutMs: 5_000 })
  const failure = failureOf(await lab.proxy.maintain('on').catch((error) => error))
  expect(failure).toEqual({ code: 'maintenance-unknown' })
  await installNext('blue')
  expect(await release(lab.port)).toBe('1')
})

test('a reload without effect is noticed, with what nginx said about it', async () => {
  const taken = await freePort()
  const container = `${lab.app}-proxy-nginx-1`
  const conf = `events {} error_log stderr; pid /tmp/other.pid; http { server { listen ${taken}; } }`
  await must('docker', ['exec', '-i', container, 'sh', '-c', 'cat > /tmp/other.conf'], { input: conf })
  await must('docker', ['exec', '-d', container, 'nginx', '-c', '/tmp/other.conf', '-g', 'daemon off;'])
  await until(async () => (await must('docker', ['exec', container, 'cat', '/tmp/other.pid'])).trim())
  const before = (await lab.proxy.current())?.generation ?? 0
  const ports = await lab.proxy.ports([lab.port])
  const previews = { ...ports.previews, [taken]: await freePort() }
  await lab.proxy.install(await lab.site(++generation, 'blue', { ports: { ...ports, previews } }))
  const failure = failureOf(
    await lab.proxy.confirm(generation, { times: 3, timeoutMs: 8_000 }).catch((error) => error),
  )
  expect(failure).toMatchObject({
    code: 'reload-without-effect',
    expected: generation,
    answered: `generation ${before}`,
  })
  expect(failure).toHaveProperty('logs', expect.arrayContaining([expect.stringContaining('bind()')]))
  expect(await release(lab.port)).toBe('1')
  await lab.proxy.reinstate(before, 'blue')
  await lab.proxy.confirm(before, { times: 3, timeoutMs: 5_000 })
  await must('docker', ['exec', container, 'sh', '-c', 'kill $(cat /tmp/other.pid)'])
})

test('a probe reaches a container that has just started, of a service no generation has heard of', async () => {
  const target = { color: 'green', service: 'late', port: 3000, check } as const
  expect(await lab.proxy.probe(target)).toEqual({ kind: 'unreachable', why: 'no container bears this name' })
  await lab.start('green', { service: 'late' })
  await until(async () => (await lab.proxy.probe(target)).kind === 'answered', { timeoutMs: 5_000 })
  expect(await lab.proxy.probe(target)).toMatchObject({ kind: 'answered', status: 200, ok: true })
  expect(await lab.proxy.probe({ ...target, port: 3001 })).toMatchObject({ kind: 'refused' })
  const strict = { ...target, check: { ...check, path: '/a%20b?c=d', statuses: [[500, 599]] as const } }
  expect(await lab.proxy.probe(strict)).toMatchObject({ kind: 'answered', ok: false, why: 'answered 200' })
})

test('a port that speaks no HTTP counts as answering where a connection is all that is asked', async () => {
  const script = "require('net').createServer(() => {}).listen(7000)"
  await lab.start('green', {
    service: 'raw',
    image: imageFromSetup('NODE_IMAGE'),
    argv: ['node', '-e', script],
  })
  const target = { color: 'green', service: 'raw', port: 7000, check: undefined } as const
  const answer = await until(async () => {
    const { kind, ...rest } = await lab.proxy.probe(target)
    return kind === 'answered' && rest
  })
  expect(answer).toMatchObject({ ok: true })
  expect(await lab.proxy.probe({ ...target, check })).not.toMatchObject({ kind: 'answered' })
})

test.each([
  ['by marks', moveNext],
  ['by a reload', installNext],
])('requests that are on the color users left %s are counted until they end', async (_, move) => {
  const slow = fetch(`http://127.0.0.1:${lab.port}/slow/2500`)
  await until(async () => (await lab.proxy.draining('blue')) > 0)
  await move('green')
  expect(await lab.proxy.draining('blue')).toBeGreaterThan(0)
  expect((await slow).headers.get('x-version')).toBe('1')
  expect(await lab.proxy.draining('blue')).toBe(0)
  await installNext('blue')
})

test('a template of the user that follows no marks, or counts no requests, is moved by a reload, and drained', async () => {
  const folder = join(lab.folder, 'without-marks')
  await must('mkdir', [folder])
  const builtIn = readFileSync(new URL('../../templates/site.conf.ejs', import.meta.url), 'utf8')
  writeFileSync(join(folder, 'site.conf.ejs'), builtIn.replace('/in-flight/', '/elsewhere/'))
  const proxy = lab.anotherProxy({ templatesDir: folder })
  await proxy.install(await lab.site(++generation, 'blue'))
  await proxy.confirm(generation, { times: 3, timeoutMs: 5_000 })
  const slow = fetch(`http://127.0.0.1:${lab.port}/slow/2500`)
  await until(async () => (await connectionsTo('blue')) > 0)
  expect(await moveTo(proxy, await lab.site(++generation, 'green'))).toBe('installed')
  expect(await proxy.draining('blue')).toBeGreaterThan(0)
  expect((await slow).headers.get('x-version')).toBe('1')
  await until(async () => (await proxy.draining('blue')) === 0, { timeoutMs: 20_000 })
  await installNext('blue')
})

test('where only the color differs users are moved by marks, which a restart finds again', async () => {
  const number = (await lab.proxy.current())?.generation
  expect(await lab.proxy.lead(await lab.site(99, 'green', { drainTimeoutMs: 4_000 }))).toBeUndefined()
  expect(await release(lab.port)).toBe('1')
  expect(await lab.proxy.lead(await lab.site(99, 'green'))).toBe(number)
  expect(await release(lab.port)).toBe('2')
  const led = { generation: number, active: 'green' }
  expect([await lab.proxy.current(), await lab.proxy.observe()]).toMatchObject([led, led])
  const container = `${lab.app}-proxy-nginx-1`
  await must('docker', ['stop', '-t', '1', container])
  expect(await lab.proxy.current()).toMatchObject(led)
  await must('docker', ['start', container])
  await until(async () => (await release(lab.port)) === '2')
  expect(await lab.proxy.lead(await lab.site(99, 'blue'))).toBe(number)
  expect(await release(lab.port)).toBe('1')
})

test('the request reaches the application as the user sent it', async () => {
  const script = `require('http').createServer((q, s) => s.end(JSON.stringify({ url: q.url, ...q.headers })))
    .on('upgrade', (q, socket) => socket.end('HTTP/1.1 101 Switching Protocols\\r\\nUpgrade: ' + q.headers.upgrade +
      '\\r\\nConnection: Upgrade\\r\\n\\r\\n')).listen(3000)`
  await lab.start('blue', {
    service: 'echo',
    image: imageFromSetup('NODE_IMAGE'),
    argv: ['node', '-e', script],
  })
  const routes = [lab.route(), lab.route({ path: '/echo', service: 'echo' })]
  const colors = { blue: { release: 'blue-1', routes }, green: { release: 'green-2', routes } }
  await lab.proxy.install(await lab.site(++generation, 'blue', { colors }))
  await lab.proxy.confirm(generation, { times: 3, timeoutMs: 5_000 })
  const url = `http://127.0.0.1:${lab.port}/echo/a%20b%2Fc?d=%22`
  const seen = await until(async () => (await (await fetch(url)).json()) as Record<string, string>)
  expect(seen).toMatchObject({
    url: '/echo/a%20b%2Fc?d=%22',
    host: `127.0.0.1:${lab.port}`,
    'x-forwarded-proto': 'http',
    'x-forwarded-host': `127.0.0.1:${lab.port}`,
    'x-forwarded-port': String(lab.port),
    'x-real-ip': seen['x-forwarded-for'],
    'x-request-id': expect.stringMatching(/^[0-9a-f]{32}$/),
  })
  expect(await release(lab.port, '/echoes')).toBe('1')
  expect(await upgradeStatus(lab.port, '/echo')).toBe(101)
})

test('it starts again while no color is there, and answers as soon as one is', async () => {
  await must('docker', ['stop', '-t', '1', `${lab.app}-blue-web`, `${lab.app}-green-web`])
  await must('docker', ['restart', '-t', '1', `${lab.app}-proxy-nginx-1`])
  await until(async () => (await lab.proxy.observe()).state === 'running')
  expect((await fetch(`http://127.0.0.1:${lab.port}/`)).status).toBe(502)
  const preview = (await lab.proxy.ports([lab.port])).previews[lab.port]
  const previewed = await fetch(`http://127.0.0.1:${preview}/`)
  expect([previewed.status, await previewed.text()]).toEqual([
    503,
    `No standby of ${lab.app} answers here.\n`,
  ])
  await must('docker', ['start', `${lab.app}-blue-web`])
  await until(async () => (await release(lab.port)) === '1')
})

test('a color that has ended is not waited for, and the reason is told', async () => {
  const beganMs = performance.now()
  const failure = { code: 'standby-unhealthy', service: 'web', evidence: 'no container of it runs any more' }
  const site = await lab.site(generation, 'blue')
  await expect(lab.proxy.awaitUpstreams(site, 'green')).rejects.toMatchObject({ failure })
  expect(performance.now() - beganMs).toBeLessThan(4_000)
  await lab.proxy.awaitUpstreams(site, 'blue')
})

test('a configuration longer than an argument of a program may be arrives whole', async () => {
  const hosts = Array.from({ length: 120 }, (_, index) => `host-${index}.example.com`)
  const routes = [lab.route(), ...hosts.map((host, index) => lab.route({ host, path: `/r${index}` }))]
  const colors = { blue: { release: 'blue-1', routes }, green: { release: 'green-2', routes } }
  const site = await lab.site(++generation, 'blue', { colors })
  await lab.proxy.install(site)
  await lab.proxy.confirm(generation, { times: 3, timeoutMs: 5_000 })
  const shown = await lab.proxy.show()
  expect(shown.length).toBeGreaterThan(128 * 1024)
  expect(shown).toBe(await lab.proxy.render(site))
  expect(await release(lab.port)).toBe('1')
})

async function moveNext(active: 'blue' | 'green'): Promise<void> {
  expect(await moveTo(lab.proxy, await lab.site(generation + 1, active))).toBe('led')
}

async function connectionsTo(color: 'blue' | 'green'): Promise<number> {
  const [address = ''] = await lab.driver.addresses(`${lab.app}-${color}`)
  const peers = peersPattern([address])
  const table = await must('docker', ['exec', `${lab.app}-proxy-nginx-1`, 'cat', '/proc/net/tcp'])
  return table.split(`${peers}:`).length - 1
}

async function installNext(active: 'blue' | 'green'): Promise<void> {
  generation += 1
  await lab.proxy.install(await lab.site(generation, active))
  await lab.proxy.confirm(generation, { times: 3, timeoutMs: 5_000 })
}

async function release(port: number, path = '/'): Promise<string | null> {
  return (await fetch(`http://127.0.0.1:${port}${path}`)).headers.get('x-version')
}

async function upgradeStatus(port: number, path: string): Promise<number | undefined> {
  const { request } = await import('node:http')
  return await new Promise((resolve, reject) => {
    const headers = { Connection: 'Upgrade', Upgrade: 'websocket' }
    request({ host: '127.0.0.1', port, path, headers })
      .on('upgrade', (answer, socket) => {
        socket.destroy()
        resolve(answer.statusCode)
      })
      .on('response', (answer) => resolve(answer.statusCode))
      .on('error', reject)
      .end()
  })
}
