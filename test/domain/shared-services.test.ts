import { describe, expect, test } from 'vitest'
import type { World } from '../../src/domain/facts.ts'
import { rememberedDefinitions } from '../../src/domain/shared-services.ts'

const world = (snapshots: object[], running: string[]) =>
  ({
    app: 'shop',
    containers: running.map((service) => ({ project: 'shop', service, oneOff: false })),
    records: { snapshots },
  }) as unknown as World

describe('Compose’s hash of a shared service', () => {
  const old = { resolved: { db: 'r1' }, definitions: { db: 'c1' } }
  const young = { resolved: { db: 'r2' }, definitions: { db: 'c2' } }

  test('is told by the snapshot of which it resolved to the same', () => {
    expect(rememberedDefinitions({ db: 'r1' }, world([old, young], ['db']))).toEqual({ db: 'c1' })
    expect(rememberedDefinitions({ db: 'r2' }, world([old, young], ['db']))).toEqual({ db: 'c2' })
  })

  test('is needed of those only that run', () => {
    expect(rememberedDefinitions({ db: 'r1', cache: 'r' }, world([old], ['db']))).toEqual({ db: 'c1' })
    expect(rememberedDefinitions({ db: 'r9' }, world([], []))).toEqual({})
  })

  test('must be asked for where no snapshot knows it', () => {
    expect(rememberedDefinitions({ db: 'r3' }, world([old, young], ['db']))).toBeUndefined()
    expect(rememberedDefinitions({ db: 'r1' }, world([{ definitions: { db: 'c' } }], ['db']))).toBeUndefined()
  })
})
