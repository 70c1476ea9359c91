import { redis } from './redis.mjs'

// A migration: it counts its runs, and fails when it is told to.
console.log(`migration ${await redis('INCR migrations')} began`)
if (process.env.MIGRATION === 'fails') {
  console.error('migration: column "price" does not exist')
  process.exit(3)
}
console.log('migration done')
