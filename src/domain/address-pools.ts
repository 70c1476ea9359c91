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

/** What the engine has: its pools, none if it was not told any, and the subnets that networks use. */
export type AddressSpace = { pools: readonly AddressPool[]; subnets: readonly string[] }

/** How many networks can still be made; counting stops at `enough`. */
export function countFreeNetworks({ pools, subnets }: AddressSpace, enough: number): number {
  const used = subnets.flatMap((subnet) => parseSubnet(subnet) ?? [])
  let free = 0
  for (const pool of pools.length > 0 ? pools : DEFAULT_POOLS) {
    const base = parseSubnet(pool.base)
    if (base === undefined) continue
    const step = 2 ** (32 - pool.size)
    for (let first = base.first; first <= base.last && free < enough; first += step) {
      const last = first + step - 1
      if (!used.some((taken) => taken.first <= last && first <= taken.last)) free++
    }
  }
  return free
}

type Range = { first: number; last: number }

/** The first and last address of an IPv4 subnet; undefined: it is none. */
function parseSubnet(subnet: string): Range | undefined {
  const parts = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(subnet)?.slice(1).map(Number)
  if (parts === undefined) return undefined
  const [a = 0, b = 0, c = 0, d = 0, prefix = 32] = parts
  const size = 2 ** (32 - prefix)
  const address = ((a * 256 + b) * 256 + c) * 256 + d
  const first = address - (address % size)
  return { first, last: first + size - 1 }
}
