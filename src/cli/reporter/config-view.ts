import type { ConfigView } from '../../app/views.ts'
import type { SettingOrigin } from '../../domain/settings.ts'
import { countWords } from './amount-words.ts'
import { wrap } from './fit.ts'
import type { Look } from './look.ts'
import { renderTable } from './table.ts'
import type { Told } from './told-failure.ts'
import { renderTold } from './told-view.ts'

/** Every setting with its value and where it came from. */
export function renderConfig({ diagnostics, files, rows }: ConfigView, look: Look): string[] {
  const { paint } = look
  const read =
    files.length === 0 ? 'No configuration file; every app works without one.' : `Read ${files.join(', ')}.`
  const table = renderTable(
    rows.map(({ key, origin, value }) => [
      { text: key },
      { text: value ?? 'none', brush: value === undefined ? paint.faint : paint.strong },
      { text: originWords(origin), brush: origin.from === 'default' ? paint.faint : paint.link },
    ]),
    look,
    0,
  )
  const mistakes: Told = {
    sign: 'failed',
    what: `${countWords(diagnostics.length, 'mistake')}, so this is not what a command would use.`,
    why: [{ diagnostics }],
    users: undefined,
    next: [{ run: 'upgrade config', gives: 'checks again' }],
  }
  return [
    ...wrap(read, look.columns).map(paint.faint),
    '',
    ...table,
    ...(diagnostics.length === 0 ? [] : ['', ...renderTold(mistakes, look)]),
  ]
}

function originWords(origin: SettingOrigin): string {
  switch (origin.from) {
    case 'flag':
      return `flag ${origin.name}`
    case 'environment':
      return `environment ${origin.name}`
    case 'file':
      return `${origin.file}:${origin.line}`
    case 'default':
      return 'default'
  }
}
