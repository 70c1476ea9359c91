import { connect } from 'node:net'

// Runs in another network than the listener that it is given: what comes in there goes on to 127.0.0.1 here.
const port = Number(process.argv[2])

process.on('message', (_, server) => {
  server.on('connection', (outer) => {
    const inner = connect({ port, host: '127.0.0.1', noDelay: true })
    outer.setNoDelay(true)
    for (const [from, to] of [
      [outer, inner],
      [inner, outer],
    ]) {
      from.on('error', () => to.resetAndDestroy())
      from.pipe(to)
    }
  })
  process.send('open')
})
process.on('disconnect', () => process.exit())
process.send('ready')
