/** Addresses as /proc/net/tcp has them, bytes from last to first, for `grep -E`; undefined: there are none. */
export function peersPattern(addresses: readonly string[]): string | undefined {
  if (addresses.length === 0) return undefined
  return addresses.map(inProc).join('|')
}

function inProc(address: string): string {
  const bytes = address.split('.').map((byte) => Number(byte).toString(16).padStart(2, '0'))
  return bytes.reverse().join('').toUpperCase()
}
