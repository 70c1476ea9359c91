/** Addresses that the engine takes the subnets of new networks from: `base` cut into subnets of `/size`. */
export type AddressPool = { base: string; size: number }

/** What Docker uses where its configuration names no pools: 31 networks, its own bridge among them. */
const DEFAULT_POOLS: readonly AddressPool[] = [
  // Source: moby, libnetwork/ipamutils, local scope.
  { base: '172.17.0.0/16', size: 16 },
  { base: '172.18.0.0/16', size: 16 },
  { base: '172.19.0.0/16', size: 16 },
  { base: '172.20.0.0/14', size: 16 },
  { base: '172.24.0.0/14', size: 16 },
  { base: '172.28.0.0/14', size: 16 },
  { base: '192.168.0.0/16', size: 20 },
]

/**
 * What the engine has: its pools, none if it was not told any, and the subnets that networks use. `routes`: where
 * routes of its machine lead to; undefined: they are not known, as on another machine.
 */
export type AddressSpace = {
  pools: readonly AddressPool[]
  subnets: readonly string[]
  routes: readonly string[] | undefined
}

/** How many networks can still be made; counting stops at `enough`. */
export function countFreeNetworks(
  { pools, subnets }: Pick<AddressSpace, 'pools' | 'subnets'>,
  enough: number,
): number {
  const used = subnets.flatMap((subnet) => parseSubnet(subnet) ?? [])
  let free = 0
  for (const block of blocksOf(pools)) {
    if (free >= enough) break
    if (!used.some((taken) => overlap(taken, block))) free++
  }
  return free
}

/** The first and the last address. */
export type Range = { first: number; last: number }

/** The blocks that pools are cut into, in the order in which Docker gives them away. */
export function blocksOf(pools: readonly AddressPool[]): Range[] {
  return (pools.length > 0 ? pools : DEFAULT_POOLS).flatMap(({ base, size }) => {
    const whole = parseSubnet(base)
    if (whole === undefined) return []
    const step = 2 ** (32 - size)
    const count = Math.min(MOST_BLOCKS, Math.floor((whole.last - whole.first + 1) / step))
    return Array.from({ length: count }, (_, index) => {
      const first = whole.first + index * step
      return { first, last: first + step - 1 }
    })
  })
}

export function overlap(a: Range, b: Range): boolean {
  return a.first <= b.last && b.first <= a.last
}

/** Of a pool; nobody has more networks. */
const MOST_BLOCKS = 4096

/** The first and last address of an IPv4 subnet; undefined: it is none. */
export function parseSubnet(subnet: string): Range | undefined {
  const parts = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(subnet)?.slice(1).map(Number)
  if (parts === undefined) return undefined
  const [a = 0, b = 0, c = 0, d = 0, prefix = 32] = parts
  const size = 2 ** (32 - prefix)
  const address = ((a * 256 + b) * 256 + c) * 256 + d
  const first = address - (address % size)
  return { first, last: first + size - 1 }
}
