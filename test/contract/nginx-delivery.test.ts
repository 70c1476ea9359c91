import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Delivery, PLAIN_DELIVERY } from '../../src/domain/delivery.ts'
import { failureOf } from '../../src/domain/failure.ts'
import { must } from '../support/run.ts'
import { until } from '../support/until.ts'
import { createNginxLab, type NginxLab } from './support/nginx-lab.ts'

let lab: NginxLab
let generation = 1
beforeAll(async () => {
  lab = await createNginxLab()
  await Promise.all([lab.ensure(), lab.start('blue'), lab.start('green')])
  await until(async () => (await fetch(`http://127.0.0.1:${lab.port}/`)).ok)
})
afterAll(async () => await lab.remove())

test('answers bear the release that gives them where that was asked for, and not otherwise', async () => {
  await install({}, 'blue')
  expect(await head('/')).not.toMatch(/x-verdigris-release/i)
  await install({ exposeRelease: true }, 'blue')
  expect(await head('/')).toMatch(/x-verdigris-release: blue-1\r/i)
  await install({ exposeRelease: true }, 'green')
  expect(await head('/')).toMatch(/x-verdigris-release: green-2\r/i)
})

test('a body of any size passes, unless a limit is set', async () => {
  const body = 'x'.repeat(2_000_000)
  const post = async () =>
    await must('curl', ['-s', '-o', '/dev/null', '-w', '%{http_code}', '--data-binary', '@-', url('/')], {
      input: body,
    })
  await install({}, 'blue')
  expect(await post()).toBe('200')
  await install({ maxBodyBytes: 1_000_000 }, 'blue')
  expect(await post()).toBe('413')
})

test('an answer that takes longer than read_timeout is given up', async () => {
  await install({ readTimeoutMs: 1_000 }, 'blue')
  expect(await status('/slow/3000')).toBe('504')
})

test('texts are compressed only where that was asked for', async () => {
  const encoding = async () =>
    await must('curl', ['-s', '-D', '-', '-H', 'Accept-Encoding: gzip', '-o', '/dev/null', url('/')])
  await install({}, 'blue')
  expect(await encoding()).not.toMatch(/content-encoding/i)
  await install({ gzip: true }, 'blue')
  expect(await encoding()).toMatch(/content-encoding: gzip/i)
})

test('users see the page of their own when nothing answers, and what the application says otherwise', async () => {
  const errorPage = join(lab.folder, 'down.html')
  writeFileSync(errorPage, '<h1>Back soon</h1>\n')
  const proxy = lab.anotherProxy({ files: { certificate: undefined, key: undefined, errorPage } })
  await install({ errorPage: true }, 'blue', proxy)
  expect(await must('curl', ['-s', url('/')])).toBe('hello from 1\n')
  await must('docker', ['stop', '-t', '1', `${lab.app}-blue-web`])
  for (const words of [[], ['-d', 'a=b']]) {
    const answer = await must('curl', [
      '-s',
      '-w',
      '%{http_code} %{content_type}',
      ...words,
      url('/any/path'),
    ])
    expect(answer).toMatch(/^<h1>Back soon<\/h1>\n50[24] text\/html$/)
  }
  // Another run of the program, whose settings name no page any more, still has the one that is installed.
  await install({ errorPage: true }, 'blue')
  expect(await must('curl', ['-s', url('/')])).toBe('<h1>Back soon</h1>\n')
})

test('a file that is not there is named before anything moves', async () => {
  const files = { certificate: '/nowhere/tls.crt', key: '/nowhere/tls.key', errorPage: undefined }
  const tls = { listen: lab.port, redirect: false, hsts: false }
  const site = await lab.site(generation + 1, 'green', { delivery: { ...PLAIN_DELIVERY, tls } })
  const failure = failureOf(
    await lab
      .anotherProxy({ files })
      .install(site)
      .catch((error) => error),
  )
  expect(failure).toMatchObject({ code: 'file-failed', path: '/nowhere/tls.crt' })
  expect(await lab.proxy.current()).toMatchObject({ generation, active: 'blue' })
})

async function install(change: Partial<Delivery>, color: 'blue' | 'green', proxy = lab.proxy): Promise<void> {
  generation += 1
  await proxy.install(await lab.site(generation, color, { delivery: { ...PLAIN_DELIVERY, ...change } }))
  await proxy.confirm(generation, { times: 3, timeoutMs: 5_000 })
}

function url(path: string): string {
  return `http://127.0.0.1:${lab.port}${path}`
}

async function head(path: string): Promise<string> {
  return await must('curl', ['-sI', url(path)])
}

async function status(path: string): Promise<string> {
  return await must('curl', ['-s', '-o', '/dev/null', '-w', '%{http_code}', url(path)])
}
