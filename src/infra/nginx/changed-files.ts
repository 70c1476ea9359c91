import { Expected } from '../../domain/failure.ts'
import type { ProxyContainer, ProxyDriver } from './driver.ts'
import { CHANGED } from './scripts.ts'

const TIMEOUT_MS = 10_000

/** Files of an app that are not as they were installed; `serves` is the generation that nginx answers with. */
export async function changedFiles(place: {
  driver: ProxyDriver
  container: ProxyContainer
  app: string
  serves: number
}): Promise<string[]> {
  const { app, container, driver, serves } = place
  const argv = ['sh', '-c', CHANGED, 'verdigris', app]
  const { exitCode, output } = await driver.exec(container, argv, { timeoutMs: TIMEOUT_MS })
  const [link = '', ...files] = output.split('\n').map((line) => line.trim())
  // Its last command ends with 0, whatever it finds.
  if (exitCode !== 0)
    throw new Expected({ code: 'command-failed', command: 'look at files', exitCode, output })
  const leadsElsewhere = !link.startsWith(`generations/${serves}-`)
  return [...new Set([...(leadsElsewhere ? ['current'] : []), ...files.filter((name) => name !== '')])].sort()
}
