import type { ColorView, RollbackReadiness, StatusView } from '../../app/views.ts'
import { COLORS, type Color, otherColor } from '../../domain/color.ts'
import type { PullsAgain } from '../../domain/held-images.ts'
import { countWords, listWords } from './amount-words.ts'
import { driftWords } from './drift-words.ts'
import { tellFailure } from './failure-words.ts'
import { pad, type Span, widthOf } from './fit.ts'
import { historyLine } from './history-view.ts'
import { freezeWords } from './lock-words.ts'
import type { Look } from './look.ts'
import { momentWords } from './moment-words.ts'
import { renderRows, renderTable } from './table.ts'
import type { Next } from './told-failure.ts'
import { onceEach, renderNext, renderWarning } from './told-view.ts'

/** Where an app stands, in the frame that users of such tools know. */
export function renderStatus(view: StatusView, look: Look): string[] {
  const { active, colors } = view
  const standby = active === undefined ? undefined : otherColor(active)
  const running = colors.blue.containers.running + colors.green.containers.running
  const expected = colors.blue.containers.expected + colors.green.containers.expected
  return [
    ...renderBox(`Deployment Status: ${view.app}`, look),
    '',
    `Active Deployment:  ${colorName(active, look)}`,
    `Standby Deployment: ${colorName(standby, look)}`,
    '',
    `Containers Running: ${running} / ${expected}`,
    '',
    ...renderColors(view, look),
    ...section(renderFacts(view, look)),
    '',
    'Recent Deployments:',
    ...renderRecent(view, look),
    ...section(renderWarnings(view, look)),
  ]
}

/** A title in a box of 40 columns, or as wide as it needs. */
function renderBox(title: string, { columns, paint, signs }: Look): string[] {
  const { across, bottomLeft, bottomRight, down, topLeft, topRight } = signs.box
  const inner = Math.min(Math.max(40, widthOf(title) + 14), columns - 2)
  const line = across.repeat(inner)
  const text = pad(`       ${title}`.slice(0, inner), inner)
  return [topLeft + line + topRight, down + paint.strong(text) + down, bottomLeft + line + bottomRight]
}

function colorName(color: Color | undefined, { paint }: Look): string {
  return color === undefined ? 'none' : paint[color](color)
}

function renderColors({ active, colors }: StatusView, look: Look): string[] {
  const order = active === undefined ? COLORS : [active, otherColor(active)]
  const rows = order.map((color) => colorRow(color, { view: colors[color], active, look }))
  const table = renderRows(rows, look)
  return order.flatMap((color, index) => [...(table[index] ?? []), ...imageLines(colors[color], look)])
}

function colorRow(
  color: Color,
  { active, look, view }: { view: ColorView; active: Color | undefined; look: Look },
): Span[] {
  const { paint } = look
  const { containers, health, release } = view
  const brush = {
    healthy: paint.good,
    unhealthy: paint.bad,
    starting: paint.warn,
    unchecked: paint.faint,
    none: paint.faint,
  }
  return [
    { text: color, brush: paint[color] },
    { text: color === active ? 'active' : 'standby' },
    { text: release ?? 'no release' },
    { text: `${containers.running} / ${containers.expected}` },
    { text: health === 'none' ? 'not running' : health, brush: brush[health] },
  ]
}

function imageLines({ images }: ColorView, look: Look): string[] {
  const rows = images.map(({ image, service }) => [
    { text: service, brush: look.paint.faint },
    { text: image, brush: look.paint.faint },
  ])
  return renderTable(rows, look, 9)
}

function renderFacts({ active, app, draining, previews, rollback, urls }: StatusView, look: Look): string[] {
  const old = active === undefined ? 'the old color' : otherColor(active)
  const facts: [string, string][] = [
    ...(urls.length > 0 ? [['Users:', urls.join(' ')] satisfies [string, string]] : []),
    ...(previews.length > 0 ? [['Preview:', previews.join(' ')] satisfies [string, string]] : []),
    ['Rollback:', rollbackWords(rollback, app)],
    ...(draining > 0 ? [['Draining:', drainingWords(draining, old)] satisfies [string, string]] : []),
  ]
  return renderTable(
    facts.map(([name, text]) => [{ text: name }, { text }]),
    look,
    0,
  )
}

function drainingWords(draining: number, old: string): string {
  return `users still have ${countWords(draining, 'connection')} to ${old}`
}

function rollbackWords(rollback: RollbackReadiness, app: string): string {
  if (!rollback.ready) {
    const { what, why } = tellFailure(rollback.failure, { app })
    return ['not possible.', what, ...why].join(' ')
  }
  if (rollback.way === 'own')
    return `ready: your own ${listWords(rollback.services)}, as before the first release, ${rollback.services.length === 1 ? 'starts' : 'start'} again`
  const pulls = pullsAgainWords(rollback)
  if (rollback.way === 'from-snapshot') return `ready: ${rollback.to} starts again from its snapshot${pulls}`
  return `ready${pulls === '' ? ', at once' : ''}: ${rollback.to} still runs in ${rollback.color}${pulls}`
}

/** What nobody has seen at a registry is not promised. */
function pullsAgainWords({ pulls, unproved }: PullsAgain): string {
  if (pulls.length === 0) return ''
  const again = `, once ${listWords(pulls)} ${pulls.length === 1 ? 'is' : 'are'} pulled again`
  if (unproved.length === 0) return again
  return `${again}, if ${pulls.length === 1 ? 'its registry has it' : `a registry has ${listWords(unproved)}`}`
}

function renderRecent({ recent }: StatusView, look: Look): string[] {
  if (recent.length === 0) return ['  none yet']
  return recent.flatMap((entry) => historyLine(entry, look))
}

function renderWarnings(view: StatusView, look: Look): string[] {
  const { deadRun, drift, freeze, lock, maintenance } = view
  const told = drift.map((each) => driftWords(each, view.app))
  const texts = [
    ...(maintenance ? ['Maintenance is on: users get its page, whichever color is active.'] : []),
    ...(freeze === undefined ? [] : [`Upgrades are frozen. ${freezeWords(freeze)}`]),
    ...(lock === undefined
      ? []
      : [
          `"${lock.command}" is running: ${lock.user} on ${lock.host}, since ${momentWords(lock.since)}, at the step ${lock.step}.`,
        ]),
    ...(deadRun === undefined
      ? []
      : [
          `"${deadRun.command}" of ${momentWords(deadRun.startedAt)} died at the step ${deadRun.step}. The next command that changes something ${deadRun.way === 'finished' ? 'finishes it' : 'takes it back'}.`,
        ]),
    ...told.map((each) => each.text),
  ]
  const next: Next[] = [
    ...(maintenance ? [{ run: 'upgrade maintenance off', gives: 'lets users in again' }] : []),
    ...told.flatMap((each) => each.next),
  ]
  return [...texts.flatMap((text) => renderWarning(text, look)), ...renderNext(onceEach(next), look)]
}

function section(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...lines]
}
