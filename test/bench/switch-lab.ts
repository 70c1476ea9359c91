import { setup } from '../support/setup/vitest.ts'
import { until } from '../support/until.ts'

/** An app with both colors up, and the program's own adapters to move users between them. */
export interface SwitchLab {
  port: number
  /** Moves users to the other color as `switch` does; says how long it took, in ms. */
  switchOver: () => Promise<number>
  remove: () => Promise<void>
}

/** Sets one up. */
export async function createSwitchLab(): Promise<SwitchLab> {
  await setup()
  const { moveTo } = await import('../contract/support/move-to.ts')
  const { createNginxLab } = await import('../contract/support/nginx-lab.ts')
  const { createEngine } = await import('../../src/infra/docker/engine.ts')
  const { createEngineDriver } = await import('../../src/infra/nginx/engine-driver.ts')
  const lab = await createNginxLab()
  const { signal } = new AbortController()
  const engine = createEngine({ env: process.env, signal: () => signal })
  const proxy = lab.anotherProxy({ driver: createEngineDriver(engine, lab.driver) })
  let generation = 1
  try {
    await Promise.all([lab.ensure(), lab.start('blue'), lab.start('green')])
    await until(async () => (await fetch(`http://127.0.0.1:${lab.port}/`)).ok)
    // nginx looks names up once a second; a release gets users only when it has found its containers.
    await proxy.awaitUpstreams(await lab.site(generation, 'blue'), 'green')
  } catch (error) {
    await lab.remove()
    throw error
  }
  return {
    port: lab.port,
    remove: lab.remove,
    switchOver: async () => {
      generation += 1
      const leads = generation % 2 === 0 ? 'green' : 'blue'
      const site = await lab.site(generation, leads)
      const startedAt = performance.now()
      await moveTo(proxy, site)
      return performance.now() - startedAt
    },
  }
}
