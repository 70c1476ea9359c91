import { readFile } from 'node:fs/promises'

/** The IPv4 subnets that this machine has routes to, the default route left out; undefined: it does not say. */
export async function readRoutes(): Promise<string[] | undefined> {
  const text = await readFile('/proc/net/route', 'utf8').catch(() => undefined)
  return text === undefined ? undefined : parseRoutes(text)
}

/** Source: proc_pid_net(5), /proc/net/route: addresses are hexadecimal, the least significant byte first. */
export function parseRoutes(text: string): string[] {
  return text
    .trim()
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const [, destination = '', , , , , , mask = ''] = line.split(/\s+/)
      const prefix = bytesOf(mask).reduce((sum, byte) => sum + ones(byte), 0)
      return prefix === 0 ? [] : [`${bytesOf(destination).join('.')}/${prefix}`]
    })
}

function bytesOf(hexadecimal: string): number[] {
  return (hexadecimal.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)).reverse()
}

function ones(byte: number): number {
  return byte.toString(2).replaceAll('0', '').length
}
