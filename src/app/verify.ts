import { type Color, otherColor } from '../domain/color.ts'
import type { ProxyFacts } from '../domain/facts.ts'
import { Expected } from '../domain/failure.ts'
import type { Settings } from '../domain/settings.ts'
import { judgeTraffic } from '../domain/traffic.ts'
import { targetOfColor } from '../domain/traffic-target.ts'
import type { Emit } from './events.ts'
import type { Machine } from './ports/machine.ts'
import type { Proxy } from './ports/proxy.ts'
import type { Traffic, TrafficPace } from './ports/requests.ts'
import type { Answering, VerifyView } from './views.ts'

/** What `verify` looks with. */
export type VerifyEyes = {
  proxy: Pick<Proxy, 'observe' | 'current'>
  machine: Pick<Machine, 'sleep'>
  traffic: Traffic
}

export type VerifyOptions = { way: 'live' | 'preview'; seconds: number }

const ANSWER_WITHIN_MS = 5_000
const PACE = { keepAlive: 4, short: 2, perSecond: 100, answerWithinMs: ANSWER_WITHIN_MS }

/** Sends requests along the way of users for a while, or along the preview's, and tells how they fared. */
export async function verify(
  { eyes, emit, settings }: { eyes: VerifyEyes; emit: Emit; settings: Settings },
  { seconds, way }: VerifyOptions,
): Promise<VerifyView> {
  const before = answering(await eyes.proxy.observe(), way)
  const site = await eyes.proxy.current()
  const target = site && targetOfColor(site, before.color, { settings, way })
  if (target === undefined) throw new Expected({ code: 'not-running', color: before.color })
  const url = `http://127.0.0.1:${target.port}${target.path}`
  emit({ type: 'note', note: { note: 'verifying', url, seconds } })
  const pace: TrafficPace = { ...PACE, maxMs: seconds * 1_000 }
  const stream = eyes.traffic.start(target, pace)
  try {
    await eyes.machine.sleep(seconds * 1_000)
  } catch (error) {
    void stream.stop({ afterMs: 0, graceMs: 0 })
    throw error
  }
  const figures = judgeTraffic(await stream.stop({ afterMs: 0, graceMs: ANSWER_WITHIN_MS }))
  const after = answering(await eyes.proxy.observe(), way)
  return { view: 'verify', app: settings.app, way, url, before, after, figures }
}

/** Who answers on a way in, as nginx itself says. */
function answering(proxy: ProxyFacts, way: VerifyOptions['way']): Answering {
  switch (proxy.state) {
    case 'absent':
    case 'stopped':
      throw new Expected({ code: 'proxy-absent' })
    case 'silent':
      throw new Expected({
        code: 'proxy-silent',
        container: proxy.container,
        reason: proxy.reason,
        logs: [],
      })
    case 'running': {
      const color = colorBehind(proxy.active, way)
      const release = proxy.releases[color]
      if (release === undefined) throw new Expected({ code: 'not-running', color })
      return { color, release, generation: proxy.generation }
    }
  }
}

function colorBehind(active: Color | undefined, way: VerifyOptions['way']): Color {
  if (active === undefined) throw new Expected({ code: 'nothing-deployed' })
  return way === 'live' ? active : otherColor(active)
}
