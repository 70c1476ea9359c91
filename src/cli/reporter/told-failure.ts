import type { Color } from '../../domain/color.ts'
import type { Diagnostic, Place } from '../../domain/settings.ts'

/** A failure in words: what happened, why, what to do next. What users saw is the outcome's to say. */
export type ToldFailure = { what: string; why: Why[]; next: Next[] }

/** The end of a command in words: a failure or a success, what users saw, what to do next. */
export type Told = ToldFailure & { sign: 'done' | 'failed'; users: string | undefined }

/** Evidence: a sentence, lines that something else printed, where they point to, or what is wrong in a file. */
export type Why =
  | string
  | { log: readonly string[] }
  | { place: Place }
  | { diagnostics: readonly Diagnostic[] }

/** What to do next: a command to paste and what it gives, or words alone where no command does it. */
export type Next = { run: string; gives?: string } | { words: string }

/** What is known around a failure; commands to paste are made from it. */
export type FailureContext = {
  app?: string | undefined
  /** Who serves users now. */
  active?: Color | undefined
  /** The color that was worked on. */
  color?: Color | undefined
  /** What became of the containers that were worked on: removed ones have no logs any more. */
  containers?: 'kept' | 'removed'
  /** The command as typed, without the program's name: "proxy stop". */
  command?: string | undefined
  /** The proxy as it was seen after the failure; undefined: the command leaves it alone. */
  proxy?: ProxySeen | undefined
}

/** Whether users get answers, as far as it could be seen. */
type ProxySeen = 'running' | 'silent' | 'absent' | 'stopped' | 'unknown'

/** The command that shows the logs of a service in the color that was worked on. */
export function logsCommand(context: FailureContext, service: string): Next {
  if (context.containers === 'removed')
    return { run: 'upgrade perform', gives: 'tries again, once its cause is mended' }
  const project =
    context.app === undefined || context.color === undefined ? '' : `-p ${context.app}-${context.color} `
  return { run: `docker compose ${project}logs --tail 50 ${service}` }
}

/** What a program printed, as evidence; nothing when it printed nothing. */
export function logOf(output: string | readonly string[]): Why[] {
  const lines = (typeof output === 'string' ? output.split('\n') : output).flatMap((line) => line.split('\n'))
  const first = lines.findIndex((line) => line.trim() !== '')
  if (first === -1) return []
  return [{ log: lines.slice(first, lines.findLastIndex((line) => line.trim() !== '') + 1) }]
}

/** A word as a shell takes it literally. */
export function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`
}

/** Evidence with a full stop, unless it ends in a path, an address or a stop of its own. */
export function asSentence(text: string): string {
  const trimmed = text.trim()
  return trimmed === '' || /[.!?:]$|[/:]\S*$/.test(trimmed) ? trimmed : `${trimmed}.`
}
