import type { ProxyContainer, ProxyDriver } from './driver.ts'

// One use of the proxy is several questions in a row; what happened since the first is what may happen after the last.
const REMEMBERED_MS = 100

/** The driver, which does not ask again for the container it found a moment ago, unless this run did something to it. */
export function rememberContainer(driver: ProxyDriver): ProxyDriver {
  let found: { project: string; container: Promise<ProxyContainer | undefined>; untilMs: number } | undefined
  const forgetting =
    <Words extends unknown[]>(change: (...words: Words) => Promise<void>) =>
    async (...words: Words) => {
      found = undefined
      try {
        await change(...words)
      } finally {
        found = undefined
      }
    }
  return {
    ...driver,
    find: (project) => {
      if (found?.project !== project || performance.now() > found.untilMs) {
        const container = driver.find(project)
        const asked = { project, container, untilMs: performance.now() + REMEMBERED_MS }
        container.catch(() => {
          if (found === asked) found = undefined
        })
        found = asked
      }
      return found.container
    },
    compose: forgetting(driver.compose),
    connect: forgetting(driver.connect),
    leave: forgetting(driver.leave),
    kill: forgetting(driver.kill),
    signal: forgetting(driver.signal),
  }
}
