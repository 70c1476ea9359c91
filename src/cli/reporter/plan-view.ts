import type { EnvironmentChange, ImageChange, PlanView } from '../../app/views.ts'
import type { Route } from '../../domain/service.ts'
import { STEPS } from '../../domain/steps.ts'
import { countWords, listWords } from './amount-words.ts'
import { classWords, reasonWords } from './class-words.ts'
import { type Span, wrap } from './fit.ts'
import { hookTodo } from './hook-words.ts'
import { theLine } from './line-words.ts'
import type { Look } from './look.ts'
import { skipWords } from './skip-words.ts'
import { stepNumber, stepWords } from './step-words.ts'
import { renderTable } from './table.ts'
import { renderNext } from './told-view.ts'
import { warningWords } from './warning-words.ts'

/** What a run would do, without doing it. */
export function renderPlan(view: PlanView, look: Look): string[] {
  const { paint, signs } = look
  const colors = [view.active, view.target].filter((color) => color !== undefined)
  return [
    `${paint.strong(`What "upgrade ${view.command}" would do to ${view.app}:`)} ${colors.map((color) => paint[color](color)).join(` ${signs.to} `)}`,
    ...section('Services', serviceRows(view, look), look),
    ...section(
      'Routes',
      view.routes.map((route) => routeRow(route, look)),
      look,
    ),
    ...section(
      'Images',
      view.images.map((image) => imageRow(image, look)),
      look,
    ),
    ...section(
      'Environment',
      view.environment.flatMap((each) => environmentRows(each, look)),
      look,
    ),
    ...section('Volumes that both colors write', volumeRows(view), look),
    ...renderDiff(view.nginxDiff, look),
    '',
    paint.strong('Steps'),
    ...renderSteps(view, look),
    ...renderEnd(view, look),
  ]
}

function section(title: string, rows: readonly Span[][], look: Look): string[] {
  return rows.length === 0 ? [] : ['', look.paint.strong(title), ...renderTable(rows, look)]
}

function serviceRows({ services }: PlanView, { paint }: Look): Span[][] {
  return services.map((service) => [
    { text: service.name },
    { text: service.class, brush: paint.link },
    { text: `${classWords(service.class)}: ${reasonWords(service.reason)}` },
  ])
}

function routeRow({ host, listen, path, port, protocol, service }: Route, { signs }: Look): Span[] {
  const spoken = protocol === undefined ? '' : ', gRPC'
  return [{ text: `${host ?? '*'}:${listen}${path}` }, { text: `${signs.to} ${service}:${port}${spoken}` }]
}

function imageRow({ by, from, service, to }: ImageChange, { paint, signs }: Look): Span[] {
  const how = { pull: 'pulled', build: 'built', present: 'here already' }[by]
  if (to === undefined) return [{ text: service }, { text: '' }, { text: `${from ?? ''}, no longer used` }]
  if (from === to) return [{ text: service }, { text: how, brush: paint.faint }, { text: `${to}, unchanged` }]
  return [
    { text: service },
    { text: how, brush: paint.faint },
    { text: from === undefined ? `${to}, new` : `${from} ${signs.to} ${to}` },
  ]
}

function environmentRows({ added, changed, removed, service }: EnvironmentChange, { paint }: Look): Span[][] {
  const row = (what: string, names: readonly string[]): Span[][] =>
    names.length === 0
      ? []
      : [[{ text: service }, { text: what, brush: paint.faint }, { text: names.join(' ') }]]
  return [...row('added', added), ...row('changed', changed), ...row('removed', removed)]
}

function volumeRows({ sharedVolumes }: PlanView): Span[][] {
  return sharedVolumes.map(({ services, volume }) => [
    { text: volume },
    { text: `written by ${listWords(services)}` },
  ])
}

function renderDiff(diff: string, { paint, signs }: Look): string[] {
  if (diff === '') return []
  const bar = paint.faint(signs.bar)
  const lines = diff.replace(/\n$/, '').split('\n')
  // Hundreds of lines that nobody asked for would push what matters off the screen; --json has them.
  if (lines.every((line) => line.startsWith('+')))
    return ['', paint.strong('Configuration of nginx'), `  ${countWords(lines.length, 'line')}, all new`]
  return [
    '',
    paint.strong('Configuration of nginx'),
    ...lines.map((line) => `  ${bar} ${diffBrush(line)(line)}`),
  ]

  function diffBrush(line: string): (text: string) => string {
    if (line.startsWith('+')) return paint.good
    return line.startsWith('-') ? paint.bad : paint.faint
  }
}

function renderSteps({ active, app, steps, target }: PlanView, look: Look): string[] {
  const { paint, signs } = look
  const subject = { app, color: target, from: active, release: undefined }
  return STEPS.flatMap((id) => {
    const step = steps.find((each) => each.id === id)
    if (step === undefined) return []
    const words = stepWords(id, subject)
    const number = { text: String(stepNumber(id)).padStart(2), brush: paint.faint }
    const row: Span[] =
      step.skip === undefined
        ? [number, { text: words.todo }]
        : [
            number,
            {
              text: `${signs.skipped} Skip ${words.noun}: ${skipWords(step.skip, subject)}`,
              brush: paint.faint,
            },
          ]
    const line =
      id === 'switch' && step.skip === undefined ? [paint.link(`  ${signs.rule.repeat(2)} ${theLine}`)] : []
    const hook = step.hook === undefined ? [] : [[{ text: '  ' }, { text: hookTodo(step.hook) }]]
    return [...renderTable(hook, look, 1), ...line, ...renderTable([row], look, 1)]
  })
}

function renderEnd({ command, downtime, unchanged }: PlanView, look: Look): string[] {
  const { columns, paint, signs } = look
  const warnings = downtime.flatMap((each) => {
    const [first = '', ...rest] = wrap(warningWords(each), columns - 2)
    return [`${paint.warn(signs.warning)} ${first}`, ...rest.map((line) => `  ${line}`)]
  })
  const next = unchanged
    ? {
        run: `upgrade ${command} --force`,
        gives: 'deploys it all the same: nothing differs from what serves',
      }
    : { run: `upgrade ${command}`, gives: 'does it' }
  return [
    ...(warnings.length > 0 ? ['', ...warnings] : []),
    '',
    'Nothing was changed.',
    ...renderNext([next], look),
  ]
}
