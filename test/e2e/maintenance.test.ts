import { Agent, request } from 'node:http'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { webApp } from '../support/apps.ts'
import { expectCode, succeed } from '../support/expect.ts'
import { previewPort, statusOf } from '../support/observe.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'

let box: Sandbox
beforeAll(async () => {
  box = await createSandbox({
    compose: webApp({ version: '1' }),
    files: {
      'soon.html': '<h1>Tea break</h1>\n',
      'upgrade.yaml': 'proxy: {maintenance_page: soon.html, error_page: soon.html}\n',
    },
  })
  await succeed(box, ['perform', '--auto-switch'])
  box.write('compose.yaml', webApp({ version: '2' }))
  await succeed(box, ['perform'])
})
afterAll(async () => {
  await box?.remove()
})

test('users get the page at their next request, on old connections too, and the preview leads on', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  expect(await onOneConnection(agent)).toEqual({ status: 200, reused: false })
  await succeed(box, ['maintenance', 'on'])
  expect(await onOneConnection(agent)).toEqual({ status: 503, reused: true })
  agent.destroy()
  for (const method of ['GET', 'POST']) {
    const turnedAway = await box.get('/any/path', { method, body: method === 'POST' ? 'a=b' : '' })
    expect(turnedAway).toMatchObject({ status: 503, body: '<h1>Tea break</h1>\n' })
    expect(turnedAway.headers).toMatchObject({ 'retry-after': '120', 'content-type': 'text/html' })
  }
  expect((await box.get('/', { port: await previewPort(box) })).body).toBe('hello from 2\n')
  expect((await succeed(box, ['status'])).stdout).toMatch(/Maintenance is on[\s\S]*upgrade maintenance off/)
  expect(await statusOf(box)).toMatchObject({ maintenance: true, active: 'blue' })
})

test('it stays on through a switch, a rollback and a restart of the proxy', async () => {
  const switched = await succeed(box, ['switch', 'green'])
  expect(switched.stderr).toContain('Maintenance is on')
  // Nobody is served whom requests could speak for.
  expect(switched.stdout + switched.stderr).not.toMatch(/requests/)
  expect((await box.get('/')).status).toBe(503)
  expect((await box.get('/', { port: await previewPort(box) })).body).toBe('hello from 1\n')
  await succeed(box, ['rollback'])
  await succeed(box, ['proxy', 'stop', '--yes'])
  await succeed(box, ['proxy', 'start'])
  expect((await box.get('/')).status).toBe(503)
})

test('turned off, users are on the color that serves', async () => {
  box.write('upgrade.yaml', '')
  await succeed(box, ['maintenance', 'on'])
  expect((await box.get('/')).body).toContain('<h1>Back soon</h1>')
  await succeed(box, ['maintenance', 'off'])
  expect(await box.get('/')).toMatchObject({ status: 200, body: 'hello from 1\n' })
  expect(await statusOf(box)).toMatchObject({ maintenance: false, active: 'blue' })
  const wrong = await expectCode(2, box, ['maintenance', 'maybe'])
  expect(wrong.stderr).toContain('neither on nor off')
})

function onOneConnection(agent: Agent): Promise<{ status: number; reused: boolean }> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port: box.port, agent }, (answer) => {
      answer.resume()
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, reused: asked.reusedSocket }))
    })
    asked.on('error', reject)
    asked.end()
  })
}
