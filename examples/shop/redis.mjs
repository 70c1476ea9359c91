import { connect } from 'node:net'

/** Sends one command in its inline form on a connection of its own; resolves to the last line of the answer. */
export function redis(command) {
  return new Promise((resolve, reject) => {
    const socket = connect(6379, 'redis', () => socket.write(`${command}\r\nQUIT\r\n`))
    let text = ''
    socket.setTimeout(5_000, () => socket.destroy(new Error('Redis did not answer')))
    socket.on('error', reject)
    socket.on('data', (part) => {
      text += part
    })
    socket.on('end', () => {
      const last = text.trimEnd().split('\r\n').at(-2) ?? ''
      if (last.startsWith('-')) reject(new Error(last))
      else resolve(last.replace(/^[:+]/, ''))
    })
  })
}
