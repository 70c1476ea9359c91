import type { ProxyPorts } from '../../app/ports/proxy.ts'
import type { ProxyContainer, ProxyDriver } from './driver.ts'

const TIMEOUT_MS = 10_000
const ESTABLISHED = '01'

const OLD_WORKERS = `$(grep -ls 'is shutting[ ]down' /proc/[0-9]*/cmdline)`
const SAY_OWNER = `for process in ${OLD_WORKERS}; do stat -c %u:%g "$process"; done`
const LIST_SOCKETS = `for process in ${OLD_WORKERS}; do ls -l "\${process%/cmdline}/fd"; done
cat /proc/net/tcp /proc/net/tcp6`

/** Connections of users that workers of older generations hold; undefined: it cannot be told in this container. */
export async function countConnections(
  driver: ProxyDriver,
  container: ProxyContainer,
  ports: ProxyPorts,
): Promise<number | undefined> {
  const ask = async (script: string, user?: string) =>
    await driver.exec(container, ['sh', '-c', script], { timeoutMs: TIMEOUT_MS, user })
  // Which sockets a process has can be read by its own user and group only: root in a container lacks the right.
  const owner = /^\d+:\d+$/m.exec((await ask(SAY_OWNER)).output)?.[0]
  if (owner === undefined) return 0
  const listens = Object.entries(ports.previews).flat().map(Number)
  return countHeld((await ask(LIST_SOCKETS, owner)).output, [...listens, ports.management])
}

/** Counts, in listings of file descriptors and of TCP connections, those on these ports that are held. */
function countHeld(listing: string, ports: readonly number[]): number | undefined {
  const sockets = new Set([...listing.matchAll(/socket:\[(\d+)\]/g)].map(([, inode]) => inode))
  // Every worker has a socket to the master: without one nothing could be read.
  if (sockets.size === 0) return undefined
  return listing.split('\n').filter((line) => {
    const [, local = '', , state, , , , , , inode] = line.trim().split(/\s+/)
    const port = Number.parseInt(local.split(':')[1] ?? '', 16)
    return state === ESTABLISHED && sockets.has(inode) && ports.includes(port)
  }).length
}
