import type { Failure } from '../../domain/failure.ts'

/** What the command line parser found: its code and its own words. */
type UsageError = { code: string; message: string }

/** A parser's error in kind words, with the commands that would be right. */
export function usageFailure({ code, message }: UsageError, path: string): Failure {
  const [quoted = ''] = [...message.matchAll(/'([^']+)'/g)].map((match) => match[1] ?? '')
  const meant = (/\(Did you mean (?:one of )?(.+)\?\)/.exec(message)?.[1] ?? '').split(', ').filter(Boolean)
  const help = `${path} --help`
  switch (code) {
    case 'commander.unknownCommand':
      return usage(`There is no command "${path} ${quoted}".`, [
        ...meant.map((word) => `${path} ${word}`),
        help,
      ])
    case 'commander.unknownOption':
      return usage(`"${path}" has no option ${quoted}.`, [...meant.map((word) => `${path} ${word}`), help])
    case 'commander.missingArgument':
      if (quoted === 'on|off') return usage(`"${path}" needs on or off.`, [`${path} on`, `${path} off`])
      return quoted === 'color'
        ? usage(`"${path}" needs a color.`, [`${path} blue`, `${path} green`])
        : usage(`"${path}" needs a ${quoted}.`, [help])
    case 'commander.optionMissingArgument':
      return usage(`${quoted} needs a value.`, [help])
    case 'commander.excessArguments':
      return usage(`"${path}" was given more words than it takes.`, [help])
    case 'commander.invalidArgument':
      return usage(`The value of ${quoted} is wrong.\n${message.replace(/^.*is invalid\. /, '')}`, [help])
    default:
      return usage(message.replace(/^error: /, ''), [help])
  }
}

function usage(message: string, next: string[]): Failure {
  return { code: 'wrong-usage', message, next }
}
