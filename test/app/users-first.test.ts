import { expect, test } from 'vitest'
import { createFaults, type Faults } from './world/faults.ts'
import { portsOf } from './world/ports.ts'
import { COMMANDS } from './world/run.ts'
import { SETTINGS } from './world/shop.ts'
import { worldIn } from './world/states.ts'

/** Takes note of the names of all calls, in their order. */
function noting(faults: Faults, names: string[]): Faults {
  return {
    ...faults,
    look: (name, answer) => faults.look(note(name), answer),
    lookHeeding: (name, answer) => faults.lookHeeding(note(name), answer),
    call: (name, ...effects) => faults.call(note(name), ...effects),
    heeding: (name, ...effects) => faults.heeding(note(name), ...effects),
  }
  function note(name: string): string {
    names.push(name)
    return name
  }
}

test.each(['switch', 'rollback', 'perform'] as const)(
  '%s: users go first, before it begins, before they are moved, and before it asks whether they are there',
  async (command) => {
    const world = await worldIn('a warm one beside it')
    const names: string[] = []
    const faults = noting(createFaults({ fault: undefined, afterEffect: () => {} }), names)
    const ports = portsOf(world, faults)
    const machine = {
      ...ports.machine,
      sleep: (ms: number) => {
        names.push(`${ms} ms`)
        return ports.machine.sleep(ms)
      },
    }
    const context = { ports: { ...ports, machine }, settings: SETTINGS, emit: () => undefined }
    expect(await COMMANDS[command](world, context)).toMatchObject({ kind: 'switched' })
    const calls = names.filter((name) => name !== 'sleep')
    const before = (name: string, from = 0) => calls.slice(0, calls.indexOf(name, from)).at(-1)
    const told = calls.lastIndexOf('lead')
    expect(before('store check')).toBe('20 ms')
    expect(before('current')).toBe(command === 'perform' ? 'proxy check' : '20 ms')
    expect(calls.filter((name) => name === '20 ms')).toHaveLength(4)
    expect(calls.slice(0, told).lastIndexOf('20 ms')).toBeGreaterThan(calls.indexOf('current'))
    // The lock, the step in its record and the journal are files of this machine.
    expect(calls.slice(told + 1, calls.indexOf('confirm', told))).toEqual([
      'check',
      'at',
      'writeJournal',
      '20 ms',
    ])
  },
)
