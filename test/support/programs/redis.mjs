import { connect } from 'node:net'

/** Sends one command to redis in its inline form and returns the line it answers. */
export function redis(command) {
  return new Promise((resolve, reject) => {
    const socket = connect(6379, process.env.REDIS_HOST, () => socket.write(`${command}\r\n`))
    socket.setTimeout(2_000, () => socket.destroy(new Error('redis did not answer')))
    socket.on('error', reject)
    socket.on('data', (reply) => {
      socket.end()
      resolve(reply.toString().trim().replace(/^[:+]/, ''))
    })
  })
}
