import { fileURLToPath } from 'node:url'
import type { Maintenance } from '../../app/ports/proxy.ts'
import { Expected } from '../../domain/failure.ts'
import { packageRoot } from '../package-root.ts'
import { readNamed } from '../read-plain.ts'
import type { ProxyContainer, ProxyDriver } from './driver.ts'
import { maintenancePath } from './layout.ts'
import { askState } from './management.ts'
import { proxySilent } from './proxy-silent.ts'

const TIMEOUT_MS = 10_000
const BUILT_IN = fileURLToPath(new URL('templates/maintenance.html', packageRoot()))

type Place = { driver: ProxyDriver; container: ProxyContainer; app: string; managementPort: number }

/** Turns users away, or lets them in again, at their next request: nginx looks for a mark each time. */
export async function maintain(
  place: Place,
  { page = BUILT_IN, wanted }: { page: string | undefined; wanted: Maintenance },
): Promise<void> {
  if (wanted === 'off') return await unmark(place)
  const { app, container, driver, managementPort } = place
  const isOn = async () => {
    const { maintenance } = await askState(managementPort, TIMEOUT_MS).catch((error: Error) => {
      throw proxySilent(container, error.message)
    })
    return maintenance === true
  }
  // A mark that a silent nginx could not tell of would show users the page once it speaks again.
  await isOn()
  const put = async (name: string, content: string) =>
    await driver.putFiles(container.id, maintenancePath(app), [{ path: name, content }])
  // The mark comes last: whoever is turned away is shown the page.
  await put('page.html', await readNamed(page))
  await put('on', '')
  if (await isOn()) return
  await unmark(place)
  throw new Expected({ code: 'maintenance-unknown' })
}

async function unmark({ app, container, driver }: Place): Promise<void> {
  const argv = ['rm', '-f', `${maintenancePath(app)}/on`]
  const { exitCode, output } = await driver.exec(container, argv, { timeoutMs: TIMEOUT_MS })
  if (exitCode !== 0)
    throw new Expected({ code: 'command-failed', command: argv.join(' '), exitCode, output })
}
