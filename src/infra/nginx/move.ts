import { type Color, colorProject, otherColor } from '../../domain/color.ts'
import { Expected } from '../../domain/failure.ts'
import type { Site } from '../../domain/site.ts'
import { awaitUpstreams } from './await-upstreams.ts'
import type { ProxyContainer, ProxyDriver } from './driver.ts'
import { tableHash } from './generation-files.ts'
import { fileFailed, spaceWords } from './install.ts'
import { longAfterMs } from './long-connections.ts'
import { askManagement, type State } from './management.ts'
import { peersPattern } from './peers.ts'
import { MOVE, SCRIPT_EXIT } from './scripts.ts'

const TIMEOUT_MS = 30_000

/** What the generation that nginx serves was made of; undefined: it does not say. */
export async function servedMadeOf(managementPort: number): Promise<string | undefined> {
  const answer = await askManagement(managementPort, '/made-of', TIMEOUT_MS).catch(() => undefined)
  return answer?.status === 200 ? answer.body.trim() : undefined
}

/**
 * Moves users to a color of the generation that serves, once its containers are reached; false: its folder is not
 * what was installed, or not what nginx would start with.
 */
export async function moveUsers(place: {
  driver: ProxyDriver
  container: ProxyContainer
  site: Site
  state: State
  color: Color
}): Promise<boolean> {
  const { color, container, driver, site, state } = place
  const words = [site.app, String(state.generation), color, tableHash(site), state.color ?? 'none']
  const afterMs = longAfterMs(site)
  const old = colorProject(site.app, otherColor(color))
  const [left] = await Promise.all([
    afterMs === null ? [] : driver.addresses(old),
    awaitUpstreams(driver, site, color),
  ])
  const long = [String(afterMs ?? 0), peersPattern(left) ?? '']
  const { exitCode, output } = await driver.exec(
    container,
    ['sh', '-c', MOVE, 'verdigris', ...words, ...long],
    { timeoutMs: TIMEOUT_MS },
  )
  if (exitCode === 0) return true
  if (exitCode === SCRIPT_EXIT.stale) return false
  if (exitCode === SCRIPT_EXIT.unwritten) throw fileFailed(container, spaceWords(output))
  throw new Expected({ code: 'command-failed', command: `move users to ${color}`, exitCode, output })
}
