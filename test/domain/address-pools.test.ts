import { expect, test } from 'vitest'
import { type AddressPool, countFreeNetworks } from '../../src/domain/address-pools.ts'

const free = (subnets: string[], pools: AddressPool[] = []) => countFreeNetworks({ pools, subnets }, 1_000)

test.each<[string, string[], number]>([
  ['nothing but what Docker has by itself', [], 31],
  ["Docker's own bridge", ['172.17.0.0/16'], 30],
  ['networks of both sizes', ['172.17.0.0/16', '172.20.0.0/16', '192.168.16.0/20'], 28],
  ['a network that was given a small subnet', ['172.30.5.0/24'], 30],
  ['one that was given a large subnet', ['172.16.0.0/12'], 16],
  ['networks elsewhere, or of IPv6', ['10.0.0.0/8', 'fd00::/64'], 31],
])('with %s', (_, subnets, left) => {
  expect(free(subnets)).toBe(left)
})

test('pools that the engine was told take the place of its own', () => {
  const pools = [{ base: '10.10.0.0/22', size: 24 }]
  expect(free([], pools)).toBe(4)
  expect(free(['10.10.1.0/24', '172.17.0.0/16'], pools)).toBe(3)
  expect(free(['10.10.0.0/22'], pools)).toBe(0)
})

test('counting ends at enough', () => {
  expect(countFreeNetworks({ pools: [{ base: '10.0.0.0/8', size: 24 }], subnets: [] }, 5)).toBe(5)
})
