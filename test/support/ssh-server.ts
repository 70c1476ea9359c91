import { type EventEmitter, once } from 'node:events'
import { createRequire } from 'node:module'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'

type Incoming = EventEmitter
type Ssh = {
  Server: new (options: { hostKeys: string[] }, heard: (client: Incoming) => void) => Server
  utils: { generateKeyPairSync(kind: 'ed25519'): { private: string } }
}
type Server = EventEmitter & {
  listen(port: number, host: string): void
  address(): { port: number }
  close(): void
}

/** The SSH implementation that the engine's client has, on its server's side. */
function loadSsh(): Ssh {
  const dockerode = createRequire(createRequire(import.meta.url).resolve('dockerode'))
  return createRequire(dockerode.resolve('docker-modem'))('ssh2') as Ssh
}

/** A host that anybody may log in to, where `docker system dial-stdio` leads to this machine's engine. */
export async function startSshHost(): Promise<{ port: number; stop: () => void }> {
  const { Server, utils } = loadSsh()
  const server = new Server({ hostKeys: [utils.generateKeyPairSync('ed25519').private] }, (client) => {
    client.on('error', () => {})
    client.on('authentication', (asked: { accept: () => void }) => asked.accept())
    client.on('session', (accept: () => EventEmitter) => accept().on('exec', dialStdio))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { port: server.address().port, stop: () => server.close() }
}

function dialStdio(accept: () => Duplex, reject: () => void, { command }: { command: string }): void {
  if (command !== 'docker system dial-stdio') {
    reject()
    return
  }
  const channel = accept()
  const engine = connect('/var/run/docker.sock')
  channel.on('error', () => engine.destroy())
  channel.pipe(engine).pipe(channel)
}
