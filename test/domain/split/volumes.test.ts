import { describe, expect, test } from 'vitest'
import type { ComposeMount } from '../../../src/domain/compose-model.ts'
import { colorServiceOf, shop, splitOf } from '../models.ts'

const named = (source: string, change: Partial<ComposeMount> = {}): ComposeMount => {
  return { type: 'volume', source, target: `/${source}`, ...change }
}

describe('named volumes of a color', () => {
  const volumes = {
    uploads: { name: 'shop_uploads' },
    custom: { name: 'given' },
    nfs: { name: 'shop_nfs', driver: 'local', driver_opts: { type: 'nfs' } },
    outside: { name: 'elsewhere', external: true },
    bare: null,
    pg: { name: 'shop_pg' },
  }
  const model = shop(
    {
      web: { volumes: [named('uploads'), named('custom'), named('nfs'), named('outside'), named('bare')] },
      db: { image: 'postgres', volumes: [named('pg')] },
    },
    { volumes },
  )
  const split = splitOf({ model })

  test('are those of the base project, by the names it gave them', () => {
    expect(split.color.volumes).toEqual({
      bare: { external: true, name: 'shop_bare' },
      custom: { external: true, name: 'given' },
      nfs: { external: true, name: 'shop_nfs' },
      outside: { external: true, name: 'elsewhere' },
      uploads: { external: true, name: 'shop_uploads' },
    })
  })

  test('must be there before it starts, made as the file says; what is external is not ours to make', () => {
    expect(split.volumes).toEqual([
      { key: 'bare', name: 'shop_bare', definition: {} },
      { key: 'custom', name: 'given', definition: volumes.custom },
      { key: 'nfs', name: 'shop_nfs', definition: volumes.nfs },
      { key: 'uploads', name: 'shop_uploads', definition: volumes.uploads },
    ])
  })

  test('are mounted as before, and so is everything else', () => {
    const mounts = [
      named('uploads', { read_only: true, volume: { nocopy: true } }),
      { type: 'volume', target: '/anonymous' },
      { type: 'bind', source: '/srv/x', target: '/x' },
      { type: 'tmpfs', target: '/t' },
    ]
    const web = colorServiceOf('web', { model: shop({ web: { volumes: mounts } }, { volumes }) })
    expect(web.volumes).toEqual(mounts)
  })
})

describe('volumes that both colors would write', () => {
  const bothWrite = (mount: ComposeMount, classes: Record<string, 'singleton' | 'job'> = {}) => {
    const model = shop({
      web: { volumes: [mount] },
      api: { volumes: [named('uploads', { read_only: true })] },
    })
    return splitOf({ model, classes }).bothWrite
  }

  test('are named with the services that do', () => {
    expect(bothWrite(named('uploads'))).toEqual([{ volume: 'uploads', services: ['web'] }])
  })

  test.each([
    ['a volume that is only read', named('uploads', { read_only: true })],
    ['a folder of the host', { type: 'bind', source: '/srv', target: '/x' }],
    ['a volume without a name', { type: 'volume', target: '/x' }],
  ])('are not %s', (_title, mount) => {
    expect(bothWrite(mount)).toEqual([])
  })

  test('are not those of singletons and jobs, which never run in two colors', () => {
    expect(bothWrite(named('uploads'), { web: 'singleton' })).toEqual([])
    expect(bothWrite(named('uploads'), { web: 'job' })).toEqual([])
  })
})
