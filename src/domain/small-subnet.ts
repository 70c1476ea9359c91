import {
  type AddressPool,
  type AddressSpace,
  blocksOf,
  overlap,
  parseSubnet,
  type Range,
} from './address-pools.ts'

/** Addresses for the containers of a color, twice over while they are replaced, and for the proxy. */
const SMALL_PREFIX = 24
const SMALL_SIZE = 2 ** (32 - SMALL_PREFIX)

/** A subnet for one network; `opens`: the first in a block of Docker's pools, which Docker then leaves alone. */
export type SmallSubnet = { subnet: string; opens: boolean }

/**
 * A small subnet inside a block that Docker would give to one network as a whole: by default it has 30 of those, and a
 * color that took one each would leave room for seven apps. A block is used only where Docker itself would: no route
 * of the machine leads into it. undefined: none is left, the pools have small blocks already, or the routes are
 * unknown; Docker chooses then.
 */
export function chooseSmallSubnet({ pools, routes, subnets }: AddressSpace): SmallSubnet | undefined {
  if (routes === undefined) return undefined
  const used = subnets.flatMap((subnet) => parseSubnet(subnet) ?? [])
  // A network of Docker's own is a route, too.
  const foreign = routes.flatMap((route) => (subnets.includes(route) ? [] : (parseSubnet(route) ?? [])))
  const blocks = bigBlocks(pools).filter((block) => !foreign.some((route) => overlap(route, block)))
  const opened = blocks.filter((block) => used.some((taken) => overlap(taken, block)))
  const closed = blocks.find((block) => !opened.includes(block))
  for (const block of opened) {
    const first = firstFree(block, used)
    if (first !== undefined) return { subnet: subnetAt(first), opens: false }
  }
  return closed && { subnet: subnetAt(closed.first), opens: true }
}

/** Blocks worth dividing, in the order opposite to the one in which Docker gives them away, the largest first. */
function bigBlocks(pools: readonly AddressPool[]): Range[] {
  const size = ({ first, last }: Range) => last - first + 1
  return blocksOf(pools)
    .filter((block) => size(block) > SMALL_SIZE)
    .reverse()
    .sort((a, b) => size(b) - size(a))
}

function firstFree(block: Range, used: readonly Range[]): number | undefined {
  for (let first = block.first; first <= block.last; first += SMALL_SIZE) {
    const wanted = { first, last: first + SMALL_SIZE - 1 }
    if (!used.some((taken) => overlap(taken, wanted))) return first
  }
  return undefined
}

function subnetAt(first: number): string {
  const bytes = [24, 16, 8, 0].map((shift) => Math.floor(first / 2 ** shift) % 256)
  return `${bytes.join('.')}/${SMALL_PREFIX}`
}
