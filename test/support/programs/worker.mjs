import { hostname } from 'node:os'
import { redis } from './redis.mjs'

// A worker that must never run twice. It holds `worker` while it runs, counts its work by release, and counts in
// `twice` each time it finds another one at work.
const me = hostname()
if ((await redis(`SETNX worker ${me}`)) === '0') await redis('INCR twice')

process.on('SIGTERM', async () => {
  if ((await redis('GET worker')).endsWith(me)) await redis('DEL worker')
  process.exit(0)
})
setInterval(() => redis(`INCR work:${process.env.VERSION}`).catch(() => {}), 50)
