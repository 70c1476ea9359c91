import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { redis } from './redis.mjs'

// A worker that must never run twice. It holds the lock `worker` while it runs, to the end of its last work, and counts
// in `twice` each time it finds another one at work. SIGUSR2 quiets it: what it works on after that counts in `disturbed`.
if (process.env.WORKER === 'fails') {
  console.error('worker: no such queue')
  process.exit(4)
}
const me = hostname()
let quiet = false
if ((await redis(`SETNX worker ${me}`)) === '0') await redis('INCR twice')

process.on('SIGUSR2', async () => {
  quiet = true
  await redis('INCR quieted')
})
process.on('SIGTERM', async () => {
  clearInterval(working)
  if (!quiet) await redis('INCR disturbed')
  await sleep(300)
  if ((await redis('GET worker')).endsWith(me)) await redis('DEL worker')
  process.exit(0)
})
const working = setInterval(() => {
  if (!quiet) redis(`INCR work:${process.env.VERSION}`).catch(() => {})
}, 50)
