import type { Questions } from './cli/actions.ts'
import { ask } from './cli/ask.ts'
import type { Question } from './cli/reporter/question-words.ts'
import { questionWords } from './cli/reporter/question-words.ts'
import type { Color } from './domain/color.ts'
import { Expected } from './domain/failure.ts'
import type { Settings } from './domain/settings.ts'
import type { Session } from './session.ts'

/** What happens at the line: asked for beforehand, asked now, or left for `upgrade switch`. */
export function lineOf(
  session: Session,
  { app, autoSwitch }: Settings,
  options: { questions: Questions; json: boolean },
) {
  if (autoSwitch || options.questions === 'yes') return { kind: 'switch' } as const
  if (options.json || !isTerminal()) return { kind: 'stop' } as const
  const ask = (color: Color, preview: string | undefined) =>
    askYes(session, { question: 'switch', app, color, preview })
  return { kind: 'ask', ask } as const
}

function isTerminal(): boolean {
  return process.stdin.isTTY === true && process.stderr.isTTY === true
}

/** A person's word before what cannot be undone; `needs-confirmation`, `declined`. */
export async function confirm(session: Session, question: Question, questions: Questions): Promise<void> {
  if (questions === 'yes') return
  if (!isTerminal()) {
    session.about({ command: commandOf(question) })
    throw new Expected({ code: 'needs-confirmation', question: questionWords(question) })
  }
  if (!(await askYes(session, question))) throw new Expected({ code: 'declined' })
}

function commandOf(question: Question): string {
  switch (question.question) {
    case 'switch':
      return 'perform'
    case 'remove':
      return ['cleanup', question.color, '--remove'].filter((word) => word !== undefined).join(' ')
    case 'eject':
      return 'eject'
    case 'stop-proxy':
      return 'proxy stop'
  }
}

async function askYes(session: Session, question: Question): Promise<boolean> {
  session.reporter({ json: false }).rest()
  return ask({
    question: questionWords(question),
    input: process.stdin,
    output: process.stderr,
    signal: session.interruption.signal,
  })
}
