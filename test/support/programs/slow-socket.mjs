import { connect, createServer } from 'node:net'

// A socket in front of another one, whose answers come late: `slow-socket.mjs <listen> <to> <ms>`.
const [listen, to, ms] = process.argv.slice(2)

createServer({ allowHalfOpen: true }, (outer) => {
  const inner = connect({ path: to, allowHalfOpen: true })
  outer.pipe(inner)
  const later = (act) => setTimeout(act, Number(ms))
  inner.on('data', (chunk) => later(() => outer.write(chunk)))
  inner.on('end', () => later(() => outer.end()))
  for (const socket of [outer, inner])
    socket.on('error', () => {
      outer.destroy()
      inner.destroy()
    })
}).listen(listen, () => console.log('open'))
