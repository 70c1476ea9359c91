import { defineConfig } from 'vitest/config'

/** They measure milliseconds or take the whole machine: side by side they would measure each other. */
const TIMED = [
  'test/contract/{nginx-grpc,nginx-http2,nginx-switch,traffic-stream}.test.ts',
  'test/e2e/{adoption,killed,singleton-gap,story,verify}.test.ts',
]

const onEngine = {
  globalSetup: ['test/support/setup/vitest.ts'],
  testTimeout: 180_000,
  hookTimeout: 300_000,
}

// `unit` needs nothing. `e2e` and `timed` need the engine, which their set-up provides: two files at a time, which share
// it but nothing on it (test/support/own-part.ts), then those that measure, one at a time.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{domain,config,golden,app,bench,setup,store}/**/*.test.ts'],
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          ...onEngine,
          name: 'e2e',
          include: ['test/{contract,e2e}/**/*.test.ts'],
          exclude: TIMED,
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
        },
      },
      {
        test: {
          ...onEngine,
          name: 'timed',
          include: TIMED,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
})
