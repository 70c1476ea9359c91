import type { DoctorCheck, DoctorCheckId, DoctorView } from '../../app/views.ts'
import { countWords } from './amount-words.ts'
import { driftWords } from './drift-words.ts'
import { tellFailure } from './failure-words.ts'
import type { Look } from './look.ts'
import { renderMended } from './mended-view.ts'
import type { Brush } from './paint.ts'
import { renderTable } from './table.ts'
import type { Next, ToldFailure } from './told-failure.ts'
import { renderBelow, renderNext } from './told-view.ts'

/** Every check with its verdict; what is wrong is explained below its line. */
export function renderDoctor({ app, checks, mended }: DoctorView, look: Look): string[] {
  const width = Math.max(...checks.map((check) => titleOf(check.id).length))
  const lines = checks.flatMap((check) => {
    const told = toldOf(check, app)
    const row = [
      { text: signOf(check, look), brush: brushOf(check, look) },
      { text: titleOf(check.id).padEnd(width) },
      { text: foundWords(check, told) },
    ]
    return [...renderTable([row], look, 0), ...renderCure(check, told, look)]
  })
  return [...renderMended(mended, app, look), ...lines, '', ...renderVerdict(checks, look)]
}

function foundWords({ because, found }: DoctorCheck, told: ToldFailure | undefined): string {
  if (because !== undefined) return `Not checked: see ${titleOf(because)}.`
  return found === '' ? (told?.what ?? '') : found
}

/** What is wrong, in words; undefined: the check found nothing that needs any. */
function toldOf({ drift, failure }: DoctorCheck, app: string | undefined): ToldFailure | undefined {
  if (failure !== undefined) return tellFailure(failure, { app })
  if (drift === undefined) return undefined
  const words = drift.map((each) => driftWords(each, app ?? ''))
  const what = `${countWords(drift.length, 'difference')} from what runs.`
  return { what, why: words.map(({ text }) => text), next: words.flatMap(({ next }) => next) }
}

function renderCure(check: DoctorCheck, told: ToldFailure | undefined, look: Look): string[] {
  if (check.verdict === 'ok' || check.verdict === 'skipped') return []
  const own = (told?.next ?? []).filter((next) => !('run' in next) || next.run !== check.cure)
  const cure: Next[] = check.cure === undefined ? own : [{ run: check.cure }, ...(check.drift ? own : [])]
  const what = told === undefined || check.found === '' ? [] : [told.what]
  return renderBelow({ why: [...what, ...(told?.why ?? [])], next: cure }, look)
}

function renderVerdict(checks: readonly DoctorCheck[], look: Look): string[] {
  const failed = checks.filter((check) => check.verdict === 'fail').length
  const warned = checks.filter((check) => check.verdict === 'warn').length
  if (failed > 0) {
    return [
      `${look.paint.bad(look.signs.failed)} ${countWords(failed, 'thing')} to mend first.`,
      ...renderNext([{ run: 'upgrade doctor', gives: 'looks again' }], look),
    ]
  }
  const known = warned === 0 ? 'Everything is ready.' : `Ready, with ${countWords(warned, 'thing')} to know.`
  return [
    `${look.paint.good(look.signs.done)} ${known}`,
    ...renderNext([{ run: 'upgrade plan', gives: 'shows what would happen' }], look),
  ]
}

function titleOf(id: DoctorCheckId): string {
  switch (id) {
    case 'engine':
      return 'Docker engine'
    case 'compose':
      return 'Docker Compose'
    case 'compose-file':
      return 'Compose file'
    case 'settings':
      return 'Settings'
    case 'deployments':
      return 'Deployments folder'
    case 'disk':
      return 'Disk space'
    case 'ports':
      return 'Ports'
    case 'networks':
      return 'Networks'
    case 'proxy':
      return 'Proxy'
    case 'images':
      return 'Images'
    case 'health-checks':
      return 'Health checks'
    case 'records':
      return 'Records'
  }
}

function signOf({ verdict }: DoctorCheck, { signs }: Look): string {
  return { ok: signs.done, warn: signs.warning, fail: signs.failed, skipped: signs.skipped }[verdict]
}

function brushOf({ verdict }: DoctorCheck, { paint }: Look): Brush {
  return { ok: paint.good, warn: paint.warn, fail: paint.bad, skipped: paint.faint }[verdict]
}
