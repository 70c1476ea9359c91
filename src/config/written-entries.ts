/**
 * Which item of a list, as it is written, became the entry that Compose resolved: its short form, "8001:8001/udp" of a
 * port, "data:/srv/data" of a volume. undefined: none of them, or one that only its variables tell.
 */
export function findEntry(key: string, list: unknown, entry: string): number | undefined {
  if (!Array.isArray(list)) return undefined
  const isIt = key === 'ports' ? portMatcher(entry) : volumeMatcher(entry)
  const index = list.findIndex(isIt)
  return index === -1 ? undefined : index
}

type Port = { address: string; published: Range | undefined; target: Range; protocol: string }
type Range = { from: number; to: number }

const SHORT =
  /^(?:(?<address>\[[^\]]+\]|\d+(?:\.\d+){3}):)?(?:(?<published>[\d-]*):)?(?<target>[\d-]+)(?:\/(?<protocol>\w+))?$/

function portMatcher(entry: string): (item: unknown) => boolean {
  const wanted = readPort(entry)
  return (item) => {
    const written = readPort(item)
    return wanted !== undefined && written !== undefined && becomes(written, wanted)
  }
}

function readPort(item: unknown): Port | undefined {
  if (typeof item === 'object' && item !== null && 'target' in item) {
    const { host_ip, protocol, published, target } = item as Record<string, unknown>
    return portOf({ address: host_ip, published, target, protocol })
  }
  return portOf(SHORT.exec(String(item))?.groups)
}

function portOf(parts: Record<string, unknown> | undefined): Port | undefined {
  const target = rangeOf(parts?.target)
  if (parts === undefined || target === undefined) return undefined
  const { address, protocol, published } = parts
  const text = (value: unknown, otherwise: string) => (value === undefined ? otherwise : String(value))
  return {
    address: text(address, '').replaceAll(/[[\]]/g, ''),
    published: rangeOf(published),
    target,
    protocol: text(protocol, 'tcp').toLowerCase(),
  }
}

function rangeOf(written: unknown): Range | undefined {
  const found = /^(\d+)(?:-(\d+))?$/.exec(String(written ?? ''))
  return found === null ? undefined : { from: Number(found[1]), to: Number(found[2] ?? found[1]) }
}

/** `8000-8001:3000-3001` becomes two ports, side by side; `8000-8001:3000` one, which Docker picks from the range. */
function becomes(written: Port, port: Port): boolean {
  const offset = port.target.from - written.target.from
  if (written.protocol !== port.protocol || written.address !== port.address) return false
  if (offset < 0 || port.target.from > written.target.to) return false
  if (written.published === undefined || port.published === undefined)
    return written.published === port.published
  if (written.target.from === written.target.to) return sameRange(written.published, port.published)
  return written.published.from + offset === port.published.from
}

function sameRange(one: Range, other: Range): boolean {
  return one.from === other.from && one.to === other.to
}

function volumeMatcher(entry: string): (item: unknown) => boolean {
  return (item) => {
    if (typeof item !== 'object' || item === null) return `${String(item)}:`.startsWith(`${entry}:`)
    return 'source' in item && 'target' in item && `${item.source}:${item.target}` === entry
  }
}
