import { setTimeout as sleep } from 'node:timers/promises'
import { webApp } from '../../support/apps.ts'
import type { Sandbox } from '../../support/sandbox.ts'
import type { Bench } from '../clock.ts'
import type { TrafficRow } from '../report.ts'
import { type PlainNginx, upgrade, withSandbox } from '../scenes.ts'
import { joinStretches, type Stretch, underTraffic } from '../under-traffic.ts'

/** A way of moving users from one release to the other and back. */
interface Way {
  what: string
  port: number
  /** How often it moves users in a round. */
  moves: number
  moveTo: (release: string) => Promise<void>
  mark: TrafficRow['mark']
}

/** What requests meet while users are moved: by us, by hand, and by Compose in place. */
export async function measureRequests(
  bench: Bench,
  { box, nginx }: { box: Sandbox; nginx: PlainNginx },
): Promise<TrafficRow[]> {
  return withSandbox({ compose: webApp({ version: '1' }) }, async (inPlace) => {
    await inPlace.compose(['up', '-d', '--wait'])
    await startAtOne({ box, nginx })
    const { recreatesARound, switchesARound } = bench.size
    return measureWays(bench, [
      {
        what: '`upgrade switch`',
        port: box.port,
        moves: switchesARound,
        moveTo: async (release) => void (await upgrade(box, ['switch', colorOf(release)])),
        mark: 'none lost',
      },
      {
        what: 'nginx by hand: edit, `nginx -t`, `nginx -s reload`',
        port: nginx.port,
        moves: switchesARound,
        moveTo: (release) => switchByHand(nginx, release),
        mark: undefined,
      },
      {
        what: '`docker compose up -d` in place',
        port: inPlace.port,
        moves: recreatesARound,
        moveTo: async (release) => {
          inPlace.write('compose.yaml', webApp({ version: release }))
          await inPlace.compose(['up', '-d'])
        },
        mark: undefined,
      },
    ])
  })
}

async function measureWays({ clock, size }: Bench, ways: readonly Way[]): Promise<TrafficRow[]> {
  const seen = ways.map((way) => ({ way, release: '1', stretches: [] as Stretch[] }))
  for (let round = 0; round < size.trafficRounds; round++) {
    for (const each of seen) {
      clock.check()
      const stretch = await underTraffic(each.way, { clock, from: each.release })
      each.stretches.push(stretch)
      each.release = stretch.endsOn
    }
  }
  return seen.map(({ way, stretches }) => ({ what: way.what, mark: way.mark, ...joinStretches(stretches) }))
}

async function startAtOne({ box, nginx }: { box: Sandbox; nginx: PlainNginx }): Promise<void> {
  if (box.read('deployments/active').trim() !== colorOf('1')) await upgrade(box, ['switch', colorOf('1')])
  await switchByHand(nginx, '1')
  // Workers of earlier reloads end before the first request.
  await sleep(500)
}

async function switchByHand(nginx: PlainNginx, release: string): Promise<void> {
  nginx.leadTo(release)
  await nginx.test()
  await nginx.reload()
}

function colorOf(release: string): 'blue' | 'green' {
  return release === '1' ? 'blue' : 'green'
}
