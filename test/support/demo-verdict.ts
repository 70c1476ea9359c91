import { type Answer, findMove, type TrafficReport } from './traffic.ts'

/** A command that moved users from one release to another, by the clock of the first report. */
export interface Phase {
  name: string
  from: string
  to: string
  fromMs: number
  toMs: number
}

/** What the demo prints at its end, and whether it went as promised. */
export interface DemoVerdict {
  good: boolean
  lines: string[]
}

/** Judges the requests: none failed, and after each command every new request went to the release it led to. */
export function judgeDemo(reports: readonly TrafficReport[], phases: readonly Phase[]): DemoVerdict {
  const sent = sum(reports, ({ sent }) => sent)
  const failed = sum(reports, ({ failed }) => failed)
  const answers = mergeAnswers(reports)
  const strays = phases.map((phase, index) => {
    const untilMs = phases[index + 1]?.fromMs ?? Number.POSITIVE_INFINITY
    return answers.filter(
      ({ startedMs, release }) => startedMs > phase.toMs && startedMs < untilMs && release !== phase.to,
    ).length
  })
  const unmoved = phases.filter((phase) => !findMove(answers, phase))
  const problems = [
    ...reports.flatMap(({ failures }) =>
      failures.slice(0, 5).map((failure) => `Failed: ${JSON.stringify(failure)}`),
    ),
    ...strays.map((count, index) =>
      count > 0 ? `${count} requests after "${phases[index]?.name}" went elsewhere.` : '',
    ),
    ...unmoved.map(({ name, to }) => `"${name}" did not lead users to ${to}.`),
  ].filter(Boolean)
  const figures = [
    `${sent} requests sent, ${failed} failed`,
    ...phases.map((phase) => describePhase(answers, phase)),
  ]
  return { good: problems.length === 0 && failed === 0, lines: [...problems, `${figures.join('. ')}.`] }
}

function describePhase(answers: readonly Answer[], phase: Phase): string {
  const { name, from, to, fromMs, toMs } = phase
  const command = `${name} to ${to}: the command took ${((toMs - fromMs) / 1000).toFixed(1)} s`
  const move = findMove(answers, phase)
  if (!move) return command
  const gap = Math.abs(move.gapMs).toFixed(0)
  if (move.gapMs < 0) return `${command}, ${from} and ${to} both answered for ${gap} ms`
  return `${command}, the first answer of ${to} came ${gap} ms after the last of ${from}`
}

// All reports on the clock of the first, in the order in which the requests ended.
function mergeAnswers(reports: readonly TrafficReport[]): Answer[] {
  const origin = reports[0]?.startedAtMs ?? 0
  const shifted = reports.flatMap(({ startedAtMs, answers }) =>
    answers.map(({ startedMs, atMs, release }) => {
      const shift = startedAtMs - origin
      return { startedMs: startedMs + shift, atMs: atMs + shift, release }
    }),
  )
  return shifted.sort((left, right) => left.atMs - right.atMs)
}

function sum<T>(list: readonly T[], figure: (item: T) => number): number {
  return list.reduce((total, item) => total + figure(item), 0)
}
