import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type AddressSpace, countFreeNetworks } from '../../src/domain/address-pools.ts'
import { chooseSmallSubnet } from '../../src/domain/small-subnet.ts'
import { parseRoutes } from '../../src/infra/machine/routes.ts'

const BRIDGE = '172.17.0.0/16'
const choose = (space: Partial<AddressSpace>) =>
  chooseSmallSubnet({ pools: [], subnets: [BRIDGE], routes: [BRIDGE], ...space })

describe('a small subnet is chosen', () => {
  test.each<[string, Partial<AddressSpace>, string | undefined]>([
    ['in the block that Docker would use last of the large ones', {}, '172.31.0.0/24'],
    ['beside those that are there', { subnets: [BRIDGE, '172.31.0.0/24'] }, '172.31.1.0/24'],
    ['in a block that is divided, rather than in another', { subnets: ['172.19.4.0/24'] }, '172.19.0.0/24'],
    ['where no route leads', { routes: ['172.31.16.0/20', '172.28.0.0/15'] }, '172.30.0.0/24'],
    [
      'where routes of networks lead',
      { subnets: ['172.31.0.0/24'], routes: ['172.31.0.0/24'] },
      '172.31.1.0/24',
    ],
    ['where no large block is left', { routes: ['172.16.0.0/12'] }, '192.168.240.0/24'],
    ['nowhere, if routes lead everywhere', { routes: ['172.16.0.0/12', '192.168.0.0/16'] }, undefined],
    ['nowhere, if routes are unknown', { routes: undefined }, undefined],
    ['nowhere, if blocks are small already', { pools: [{ base: '10.1.0.0/16', size: 24 }] }, undefined],
    ['in pools that the engine was told', { pools: [{ base: '10.1.0.0/16', size: 20 }] }, '10.1.240.0/24'],
  ])('%s', (_, space, subnet) => {
    expect(choose(space)?.subnet).toBe(subnet)
  })

  test('never over another, and so that one block holds 256', () => {
    const subnets = [BRIDGE]
    for (let count = 0; count < 256; count++) subnets.push(choose({ subnets })?.subnet ?? '')
    expect(new Set(subnets).size).toBe(257)
    expect(countFreeNetworks({ pools: [], subnets }, 100)).toBe(29)
    expect(choose({ subnets })).toEqual({ subnet: '172.30.0.0/24', opens: true })
  })
})

test('ten apps with shared services and both colors fit twice over', () => {
  const space = { pools: [], routes: [] as string[], subnets: [BRIDGE] }
  for (let app = 0; app < 20; app++) {
    for (const _ of ['blue', 'green', 'proxy']) space.subnets.push(chooseSmallSubnet(space)?.subnet ?? '')
    // The network of the database is left to Docker, which gives it the first block that is free.
    space.subnets.push(app < 13 ? `172.${18 + app}.0.0/16` : `192.168.${16 * (app - 13)}.0/20`)
  }
  expect(countFreeNetworks(space, 100)).toBe(9)
})

test('routes are read as the kernel lists them', () => {
  const header = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT'
  const line = (destination: string, mask: string) =>
    `eth0\t${destination}\t00000000\t0001\t0\t0\t0\t${mask}\t0\t0\t0`
  const text = [
    header,
    line('00000000', '00000000'),
    line('0010A8C0', '00F0FFFF'),
    line('000010AC', '0000F0FF'),
  ]
  expect(parseRoutes(`${text.join('\n')}\n`)).toEqual(['192.168.16.0/20', '172.16.0.0/12'])
  fc.assert(
    fc.property(fc.array(fc.string()), (lines) => {
      expect(() => parseRoutes(lines.join('\n'))).not.toThrow()
    }),
  )
})
