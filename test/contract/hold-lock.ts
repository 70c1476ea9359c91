import { createLock } from '../../src/infra/store/lock.ts'

// A program for the tests of the lock: takes the lock of a folder, says so, and holds it until it is told to let go.
const [, , dir = '', way = 'hold'] = process.argv
const lock = createLock({ dir, user: 'vt' })
try {
  await lock.hold('perform', async (held) => {
    await held.at('start')
    console.log(`won ${held.tookOver ? `from ${held.tookOver.pid}` : ''}`.trim())
    if (way === 'fail') throw new Error('on purpose')
    await new Promise((resolve) => {
      process.stdin.once('end', resolve).resume()
    })
  })
} catch (error) {
  console.log((error as Error).message)
}
