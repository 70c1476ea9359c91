import { setTimeout as sleep } from 'node:timers/promises'
import { webApp } from '../../support/apps.ts'
import type { Sandbox } from '../../support/sandbox.ts'
import type { Bench } from '../clock.ts'
import { gapOf } from '../gap.ts'
import type { Load } from '../loads.ts'
import { type Findings, type Gap, type TrafficRow, trafficRowOf } from '../report.ts'
import { openCaddy } from '../scenes/caddy.ts'
import type { HandMadeNginx } from '../scenes/hand-made-nginx.ts'
import { openHaproxy, type Peer } from '../scenes/haproxy.ts'
import { colorOf, upgrade, withSandbox } from '../scenes/sandboxes.ts'
import type { Scenes } from '../scenes/scenes.ts'
import { type Stretch, underTraffic, type Way } from '../under-traffic.ts'

const LOADS: readonly Load[] = [
  { connections: 50, mode: 'keep-alive', postShare: 0.5, paceMs: 25 },
  { connections: 10, mode: 'short', paceMs: 50 },
]

type MarkedWay = Way & { mark: TrafficRow['mark'] }

/** What requests meet while users are moved: by us, by hand, by other proxies, and by Compose in place. */
export async function measureRequests(bench: Bench, scenes: Scenes): Promise<Findings> {
  const [box, nginx] = [await scenes.pair(), await scenes.nginx()]
  const { recreatesARound, switchesARound } = bench.size
  return withPeers(bench, nginx, (peers, gaps) =>
    withSandbox({ compose: webApp({ version: '1' }) }, async (inPlace) => {
      await inPlace.compose(['up', '-d', '--wait'])
      await startAtOne(box, nginx)
      const found = await measureWays(bench, [
        ours(box, switchesARound),
        byHand(nginx, switchesARound),
        ...peers.map((peer) => ({ ...peer, moves: switchesARound, mark: undefined })),
        {
          what: '`docker compose up -d` in place',
          port: inPlace.port,
          moves: recreatesARound,
          moveTo: (release) => {
            inPlace.write('compose.yaml', webApp({ version: release }))
            return inPlace.compose(['up', '-d'])
          },
          mark: undefined,
        },
      ])
      return { traffic: found.traffic, gaps: [...gaps, ...found.gaps] }
    }),
  )
}

/** Users moved by the program. */
export function ours(box: Sandbox, moves: number): MarkedWay {
  return {
    what: '`upgrade switch`',
    port: box.port,
    moves,
    moveTo: (release) => upgrade(box, ['switch', colorOf(release)]),
    mark: 'none lost',
  }
}

/** Users moved by a reload. */
export function byHand(nginx: HandMadeNginx, moves: number): MarkedWay {
  return {
    what: 'nginx by hand: edit, `nginx -t`, `nginx -s reload`',
    port: nginx.port,
    moves,
    moveTo: nginx.leadTo,
    mark: undefined,
  }
}

/** Brings both to release 1, where every way starts. */
export async function startAtOne(box: Sandbox, nginx: HandMadeNginx): Promise<void> {
  if (box.read('deployments/active').trim() !== colorOf('1')) await upgrade(box, ['switch', colorOf('1')])
  await nginx.leadTo('1')
  // Workers of earlier reloads end before the first request.
  await sleep(500)
}

/** A way that fails is left out from then on; the others go on. */
async function measureWays(bench: Bench, ways: readonly MarkedWay[]) {
  const { clock, size } = bench
  const gaps: Gap[] = []
  const seen = ways.map((way) => ({ way, release: '1', stretches: [] as Stretch[], failed: false }))
  for (let round = 0; round < size.trafficRounds; round++) {
    for (const each of seen.filter(({ failed }) => !failed)) {
      clock.check()
      try {
        const stretch = await underTraffic(each.way, { clock, from: each.release, loads: LOADS })
        each.stretches.push(stretch)
        each.release = stretch.endsOn
      } catch (error) {
        clock.throwIfInterrupted()
        each.failed = true
        gaps.push(gapOf(each.way.what, error))
      }
    }
  }
  const whole = seen.filter(({ failed }) => !failed)
  return { gaps, traffic: whole.map(({ stretches, way }) => trafficRowOf(stretches, way)) }
}

/** Holds the peers that are installed while `work` runs. */
async function withPeers<T>(
  { clock }: Bench,
  { address }: HandMadeNginx,
  work: (peers: (Peer & { what: string })[], gaps: Gap[]) => Promise<T>,
): Promise<T> {
  const peers: (Peer & { what: string })[] = []
  const gaps: Gap[] = []
  const known = { 'HAProxy: runtime API': openHaproxy, 'Caddy: admin API': openCaddy }
  try {
    for (const [what, open] of Object.entries(known)) {
      clock.check()
      try {
        peers.push({ ...(await open(address)), what })
      } catch (error) {
        gaps.push(gapOf(what, error))
      }
    }
    return await work(peers, gaps)
  } finally {
    for (const peer of peers) await peer.remove()
  }
}
