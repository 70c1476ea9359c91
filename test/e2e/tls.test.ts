import { readFileSync } from 'node:fs'
import { get } from 'node:https'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { webApp } from '../support/apps.ts'
import { expectCode, succeed } from '../support/expect.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { freePort } from '../support/until.ts'

const pair = (name: string) =>
  readFileSync(new URL(`../support/certificate/${name}`, import.meta.url), 'utf8')

let box: Sandbox
let tlsPort: number

beforeAll(async () => {
  tlsPort = await freePort()
  box = await createSandbox({
    compose: webApp({ version: '1' }),
    files: {
      'tls.crt': pair('test.crt'),
      'tls.key': pair('test.key'),
      'upgrade.yaml': `tls:\n  certificate: tls.crt\n  key: tls.key\n  listen: ${tlsPort}\n  redirect: true\n`,
    },
  })
})
afterAll(async () => {
  await box?.remove()
})

test('an app is deployed behind TLS, and whoever comes without is sent there', async () => {
  const ran = await succeed(box, ['perform', '--auto-switch'])
  expect(ran.stdout).toContain(`https://127.0.0.1:${tlsPort}/`)
  expect((await succeed(box, ['status'])).stdout).toContain(`https://127.0.0.1:${tlsPort}/`)
  expect(await overTls('/')).toBe('hello from 1\n')
  // Nobody but root in the proxy can read the key.
  const key = `/etc/verdigris/sites/${box.app}/current/tls.key`
  expect(await box.docker(['exec', `${box.app}-proxy-nginx-1`, 'stat', '-c', '%a %u', key])).toBe('600 0\n')
  const plain = await box.get('/a?b=c')
  expect(plain.status).toBe(308)
  expect(plain.headers.location).toBe(`https://127.0.0.1:${tlsPort}/a?b=c`)
})

test('an upgrade and a rollback move its users', async () => {
  box.write('compose.yaml', webApp({ version: '2' }))
  await succeed(box, ['perform', '--auto-switch'])
  expect(await overTls('/')).toBe('hello from 2\n')
  await succeed(box, ['rollback'])
  expect(await overTls('/')).toBe('hello from 1\n')
})

test('a port that the running proxy does not publish is refused, and what is said to run helps', async () => {
  const other = await freePort()
  box.write('upgrade.yaml', `tls:\n  certificate: tls.crt\n  key: tls.key\n  listen: ${other}\n`)
  const ran = await expectCode(5, box, ['perform', '--auto-switch'])
  expect(ran.stderr).toMatch(/upgrade proxy start --recreate/)
  expect(await overTls('/')).toBe('hello from 1\n')
  await succeed(box, ['proxy', 'start', '--recreate'])
  expect(await overTls('/')).toBe('hello from 1\n')
  // The settings alone are a change.
  await succeed(box, ['perform', '--auto-switch'])
  tlsPort = other
  expect(await overTls('/')).toBe('hello from 2\n')
})

/** One request to the port with TLS; the test's own certificate is no authority's. */
function overTls(path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asked = get(
      { host: '127.0.0.1', port: tlsPort, path, agent: false, rejectUnauthorized: false },
      (answer) => {
        let text = ''
        answer.setEncoding('utf8').on('data', (part: string) => {
          text += part
        })
        answer.on('end', () => resolve(text))
      },
    )
    asked.on('error', reject)
  })
}
