import { defineConfig } from 'vitest/config'

// Two projects: `unit` needs nothing; `e2e` needs the engine, which its set-up provides, and runs after it and one
// file at a time, because its stories measure traffic on a machine of two cores.
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{domain,config,golden,app,bench,store}/**/*.test.ts'],
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/{contract,e2e}/**/*.test.ts'],
          globalSetup: ['test/support/setup/vitest.ts'],
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 180_000,
          hookTimeout: 300_000,
        },
      },
    ],
  },
})
