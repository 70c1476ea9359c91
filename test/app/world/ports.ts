import { createHash } from 'node:crypto'
import type { Machine } from '../../../src/app/ports/machine.ts'
import type { Ports } from '../../../src/app/ports.ts'
import type { Faults } from './faults.ts'
import { platformOf } from './platform.ts'
import { proxyOf } from './proxy.ts'
import { lockOf, storeOf } from './records.ts'
import type { World } from './world.ts'

/** All ports of a run over a world, each of whose calls may meet the fault. */
export function portsOf(world: World, faults: Faults): Ports {
  return {
    platform: platformOf(world, faults),
    proxy: proxyOf(world, faults),
    http: {
      ask: () =>
        faults.lookHeeding('ask', () => ({ kind: 'answered', status: 200, ok: true, why: undefined, ms: 1 })),
    },
    traffic: { start: () => ({ stop: async () => ({ samples: [], durationMs: 0 }) }) },
    store: storeOf(world, faults),
    lock: lockOf(world, faults),
    machine: machineOf(world, faults),
    commands: {
      onHost: () => faults.lookHeeding('onHost', () => 0),
      inContainer: () => faults.lookHeeding('inContainer', () => 0),
    },
    locator: {
      inCompose: async () => undefined,
      inSettings: async () => undefined,
      ofFault: async () => undefined,
    },
  }
}

function machineOf(world: World, faults: Faults): Machine {
  return {
    now: () => {
      world.nowMs += 1
      return new Date(world.nowMs)
    },
    sleep: (ms) =>
      faults.lookHeeding('sleep', () => {
        world.nowMs += ms
      }),
    user: () => 'ada',
    git: () => faults.look('git', () => undefined),
    readText: () => faults.look('readText', () => undefined),
    realPath: async (path) => path,
    portHolder: () => faults.look('portHolder', () => undefined),
    throwIfInterrupted: faults.throwIfInterrupted,
    heedInterruption: faults.heed,
    hash: (text) => createHash('sha1').update(text).digest('hex').slice(0, 12),
  }
}
