import { connect } from 'node:net'
import { join } from 'node:path'
import { freePort } from '../../support/until.ts'
import { demandInstalled } from '../installed.ts'
import { startProgram } from './program.ts'

/** Another proxy before the same two containers. */
export interface Peer {
  port: number
  /** Moves users to a release, through the proxy's own interface. */
  moveTo: (release: string) => Promise<void>
  remove: () => Promise<void>
}

/** HAProxy of this machine, which moves users by its runtime API. */
export async function openHaproxy(address: (release: string) => Promise<string>): Promise<Peer> {
  await demandInstalled('haproxy', 'Its runtime API was not measured.')
  const [port, one, two] = [await freePort(), await address('1'), await address('2')]
  const socketIn = (folder: string) => join(folder, 'runtime.sock')
  const program = await startProgram({
    port,
    command: (folder) => ['haproxy', '-db', '-f', join(folder, 'haproxy.cfg')],
    files: (folder) => ({ 'haproxy.cfg': configuration({ port, socket: socketIn(folder), one, two }) }),
  })
  return {
    port,
    moveTo: async (release) => {
      const other = release === '1' ? '2' : '1'
      await tell(
        socketIn(program.folder),
        `set server app/web${release} state ready; set server app/web${other} state drain`,
      )
    },
    remove: program.remove,
  }
}

function configuration(at: { port: number; socket: string; one: string; two: string }): string {
  return `global
  stats socket ${at.socket} mode 600 level admin
defaults
  mode http
  option forwardfor
  timeout connect 5s
  timeout client 75s
  timeout server 1h
frontend public
  bind 127.0.0.1:${at.port}
  default_backend app
backend app
  server web1 ${at.one}
  server web2 ${at.two} disabled
`
}

// HAProxy answers each command that it accepts with an empty line.
function tell(socket: string, commands: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let answer = ''
    const connection = connect(socket, () => connection.write(`${commands}\n`))
    connection.setEncoding('utf8').on('data', (text: string) => {
      answer += text
    })
    connection.setTimeout(5_000, () => connection.destroy(new Error('HAProxy did not answer.')))
    connection.on('error', reject)
    connection.on('end', () => {
      if (answer.trim() === '') resolve()
      else reject(new Error(`HAProxy answered: ${answer.trim()}`))
    })
  })
}
