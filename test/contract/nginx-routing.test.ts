import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { routeFor, routeTable } from '../../src/domain/route-table.ts'
import type { Route } from '../../src/domain/service.ts'
import { freePort } from '../support/until.ts'
import { createNginxLab, type NginxLab } from './support/nginx-lab.ts'

const SITES = 12
const TEMPLATE = join(fileURLToPath(new URL('../../templates/', import.meta.url)), 'site.conf.ejs')
const PASSED = 'proxy_pass http://$<%= address(location.variable) %>;'
// Says where it would lead, instead of leading there.
const TOLD = 'return 200 "$<%= location.variable %>";'

let lab: NginxLab
let ports: [number, number]
let generation = 1

beforeAll(async () => {
  const template = readFileSync(TEMPLATE, 'utf8')
  expect(template.split(PASSED)).toHaveLength(2)
  lab = await createNginxLab({ 'site.conf.ejs': template.replace(PASSED, TOLD) })
  ports = [lab.port, await freePort()]
  await lab.ensure({ listen: [...ports] })
})

afterAll(() => lab.remove())

const HOSTS = [
  undefined,
  'a.example',
  'b.a.example',
  '*.a.example',
  '*.example',
  'c.org',
  'Capitals.org',
  'A.example',
]
const PATHS = ['/', '/x', '/x/y', '/xy', '/z']
const ASKED = {
  hosts: ['a.example', 'b.a.example', 'q.a.example', 'd.e.a.example', 'c.org', 'capitals.org', 'unknown.net'],
  paths: ['/', '/x', '/x/', '/x/y/k', '/xy', '/xz', '/z/1'],
}

const routes = fc.uniqueArray(
  fc.record({
    port: fc.constantFrom(0, 1),
    host: fc.constantFrom(...HOSTS),
    path: fc.constantFrom(...PATHS),
    service: fc.constantFrom('web', 'api', 'admin'),
  }),
  { selector: ({ host, path, port }) => `${port}${lower(host)}${path}`, minLength: 1, maxLength: 14 },
)

/** The service that a request is led to, or the status without one. */
async function answered(port: number, host: string, path: string): Promise<string> {
  const { body, status } = await new Promise<{ body: string; status: number }>((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, path, agent: false, headers: { host } }, (answer) => {
      let body = ''
      answer.setEncoding('utf8').on('data', (text: string) => {
        body += text
      })
      answer.on('end', () => resolve({ body, status: answer.statusCode ?? 0 }))
    })
    asked.on('error', reject)
    asked.end()
  })
  const [, color, service] = body.split('.')
  return status === 200 ? `${color} ${service}` : String(status)
}

test(`${SITES} tables of routes lead in nginx where each color's routes say, on either port`, async () => {
  let served = 0
  for (const drawn of fc.sample(routes, SITES)) {
    const blue: Route[] = drawn.map(({ port, ...route }) => ({ ...route, listen: ports[port], port: 3000 }))
    const green = blue.map((route) => ({ ...route, service: `${route.service}-2` })).slice(1)
    const { previews } = await lab.proxy.ports(ports)
    generation += 1
    const site = await lab.site(generation, 'blue', {
      colors: { blue: { release: 'blue-1', routes: blue }, green: { release: 'green-2', routes: green } },
      ports: await lab.proxy.ports(ports),
    })
    await lab.proxy.install(site)
    await lab.proxy.confirm(generation, { times: 3, timeoutMs: 5_000 })
    for (const listen of ports)
      for (const [color, own, port] of [
        ['blue', blue, listen],
        ['green', green, previews[listen] ?? 0],
      ] as const) {
        const table = routeTable(
          own
            .filter((route) => route.listen === listen)
            .map((route) => ({ ...route, host: lower(route.host) })),
        )
        for (const host of ASKED.hosts)
          for (const path of ASKED.paths) {
            const route = routeFor(table, { host, path })
            if (route) served += 1
            const led = await answered(port, host, path)
            const place = { color, listen, host, path, drawn }
            expect({ ...place, led }).toEqual({ ...place, led: route ? `${color} ${route.service}` : '404' })
          }
      }
  }
  expect(served).toBeGreaterThan(100)
})

function lower(host: string | undefined): string | undefined {
  return host?.toLowerCase()
}
