import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { redis } from './redis.mjs'

// A worker that must never run twice. It holds the lock NAME from its start to the end of its last work, ENDS_MS after it
// was asked to stop, and logs when; `twice` counts how often it finds another one at work.
const { ENDS_MS, NAME } = process.env
const say = (what) => console.log(`${what} ${Date.now()}`)

process.on('SIGTERM', async () => {
  say('stops')
  await sleep(Number(ENDS_MS))
  await redis(`DEL ${NAME}`)
  process.exit(0)
})
if ((await redis(`SETNX ${NAME} ${hostname()}`)) === '0') await redis('INCR twice')
say('holds')
setInterval(() => {}, 60_000)
