import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { stringify } from 'yaml'
import { imageFromSetup } from '../support/apps.ts'
import { succeed } from '../support/expect.ts'
import { type GrpcStream, openGrpcStream } from '../support/grpc-stream.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { until } from '../support/until.ts'

const PROGRAM = readFileSync(new URL('../support/programs/long-app.mjs', import.meta.url), 'utf8')
const ROUTES = `routes:
  - {listen: __PORT__, service: web, port: 3000}
  - {listen: __PORT__, path: /shop.Orders, service: web, port: 3001, protocol: grpc}
health: {path: /}
drain: 60s
`

const compose = (release: string) =>
  stringify({
    services: {
      web: {
        image: imageFromSetup('NODE_IMAGE'),
        command: ['node', '/programs/long-app.mjs', release],
        volumes: ['./programs:/programs:ro'],
      },
    },
  })

let box: Sandbox
beforeAll(async () => {
  const files = { 'programs/long-app.mjs': PROGRAM, 'upgrade.yaml': ROUTES }
  box = await createSandbox({ compose: compose('1'), files })
})
afterAll(async () => {
  await box?.remove()
})

test('an app with a route to gRPC is deployed, upgraded and rolled back, and a stream spans it all', async () => {
  expect((await succeed(box, ['plan'])).stdout).toContain('web:3001, gRPC')
  await succeed(box, ['perform', '--auto-switch'])
  const origin = `http://127.0.0.1:${box.port}`
  const [stream, endless] = await Promise.all([watch(origin, 12_000), watch(origin, 600_000)])
  box.write('compose.yaml', compose('2'))
  await succeed(box, ['perform', '--auto-switch'])
  expect(await call(origin)).toBe('2')
  expect((await succeed(box, ['status'])).stdout).toMatch(/users still have \d+ connections? to blue/)
  await succeed(box, ['rollback'])
  expect(await call(origin)).toBe('1')
  expect(endless.endedAtMs()).toBe(undefined)
  await until(() => stream.endedAtMs(), { timeoutMs: 30_000 })
  expect(stream.status()).toBe('0')
  expect(stream.messages()).toEqual(Array.from({ length: 120 }, () => '1'))
  expect((await box.get('/')).headers['x-version']).toBe('1')
})

/** A stream that has begun, asked for again where an old worker ended before it came to it. */
async function watch(origin: string, forMs: number): Promise<GrpcStream> {
  for (;;) {
    const stream = openGrpcStream(origin, '/shop.Orders/Watch', forMs)
    await until(() => stream.messages().length > 2 || stream.endedAtMs())
    if (!stream.unprocessed()) return stream
  }
}

async function call(origin: string): Promise<string | undefined> {
  for (;;) {
    const answer = openGrpcStream(origin, '/shop.Orders/Get', 0)
    await until(() => answer.endedAtMs())
    if (!answer.unprocessed()) return answer.messages()[0]
  }
}
