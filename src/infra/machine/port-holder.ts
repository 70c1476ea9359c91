import { readdir, readFile, readlink } from 'node:fs/promises'
import { createServer } from 'node:net'

/** Who listens on a TCP port of this machine, as far as it can be told; undefined: nobody. */
export async function findPortHolder(port: number): Promise<{ holder: string | undefined } | undefined> {
  const sockets = await listeningSockets(port)
  if (sockets === undefined) return (await canListen(port)) ? undefined : { holder: undefined }
  if (sockets.size === 0) return undefined
  return { holder: await ownerOf(sockets) }
}

// Source: proc_pid_net(5), /proc/net/tcp. State 0A is LISTEN; field 1 is the local address, field 9 the inode.
const LISTEN = '0A'

/** Inodes of the sockets that listen on a port; undefined: this system has no /proc. */
async function listeningSockets(port: number): Promise<Set<string> | undefined> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => undefined)),
  )
  if (tables.every((table) => table === undefined)) return undefined
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0')
  const rows = tables
    .flatMap((table) => (table ?? '').split('\n').slice(1))
    .map((row) => row.trim().split(/\s+/))
  const listening = rows.filter(([, local, , state]) => state === LISTEN && local?.endsWith(`:${hexPort}`))
  return new Set(listening.map((row) => `socket:[${row[9]}]`))
}

/** The process that has one of the sockets open; undefined: it is another user's, or another namespace's. */
async function ownerOf(sockets: ReadonlySet<string>): Promise<string | undefined> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  for (const pid of pids) {
    if (!(await hasOpen(pid, sockets))) continue
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')
    return `${name.trim() || 'a process'} (pid ${pid})`
  }
  return undefined
}

async function hasOpen(pid: string, sockets: ReadonlySet<string>): Promise<boolean> {
  const fds = await readdir(`/proc/${pid}/fd`).catch(() => [])
  const links = await Promise.all(fds.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')))
  return links.some((link) => sockets.has(link))
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    // EACCES: a low port and no right to it; that says nothing of who has it.
    server.once('error', (error) => resolve((error as NodeJS.ErrnoException).code !== 'EADDRINUSE'))
    server.listen(port, () => server.close(() => resolve(true)))
  })
}
