import { join } from 'node:path'
import { freePort } from '../../support/until.ts'
import { demandInstalled } from '../installed.ts'
import type { Peer } from './haproxy.ts'
import { startProgram } from './program.ts'

/** Caddy of this machine, which moves users by its admin API. */
export async function openCaddy(address: (release: string) => Promise<string>): Promise<Peer> {
  await demandInstalled('caddy', 'Its admin API was not measured.')
  const [port, admin] = [await freePort(), await freePort()]
  const upstreams = async (release: string) => [{ dial: await address(release) }]
  const first = JSON.stringify(configuration({ port, admin, upstreams: await upstreams('1') }))
  const known = { '1': await upstreams('1'), '2': await upstreams('2') } as Record<string, object>
  const program = await startProgram({
    port,
    command: (folder) => ['caddy', 'run', '--config', join(folder, 'caddy.json')],
    files: () => ({ 'caddy.json': first }),
  })
  return {
    port,
    moveTo: async (release) => {
      const answer = await fetch(`http://127.0.0.1:${admin}/id/app/upstreams`, {
        method: 'PATCH',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(known[release]),
      })
      if (!answer.ok) throw new Error(`Caddy answered ${answer.status}: ${await answer.text()}`)
    },
    remove: program.remove,
  }
}

function configuration({ port, admin, upstreams }: { port: number; admin: number; upstreams: object[] }) {
  const proxy = { '@id': 'app', handler: 'reverse_proxy', upstreams }
  return {
    admin: { listen: `127.0.0.1:${admin}`, config: { persist: false } },
    apps: {
      http: {
        servers: {
          public: {
            listen: [`127.0.0.1:${port}`],
            automatic_https: { disable: true },
            routes: [{ handle: [proxy] }],
          },
        },
      },
    },
  }
}
