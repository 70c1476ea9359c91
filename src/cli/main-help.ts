import type { Command, Help } from 'commander'
import { FIRST_USE, MAIN_HELP_END } from './help-texts.ts'

/** The main help: what it is, a first use, commands by what they are for, options, environment, exit codes. */
export function formatMainHelp(program: Command, help: Help): string {
  const commands = groupBy(help.visibleCommands(program), (command) => command.helpGroup())
  const options = groupBy(help.visibleOptions(program), () => 'Options of every command:')
  const width = Math.max(...help.visibleCommands(program).map((command) => termOf(command).length))
  return [
    program.description(),
    '',
    `Usage: ${help.commandUsage(program)}`,
    '',
    FIRST_USE,
    ...section(commands, width, (command) => [termOf(command), command.description()]),
    ...section(options, help.longestOptionTermLength(program, help), (option) => [
      option.flags,
      option.description,
    ]),
    MAIN_HELP_END,
    '',
  ].join('\n')
}

function termOf(command: Command): string {
  const words = command.registeredArguments.map((each) =>
    each.required ? `<${each.name()}>` : `[${each.name()}]`,
  )
  return [command.name(), ...words].join(' ')
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item])
  return groups
}

function section<T>(groups: Map<string, T[]>, width: number, row: (item: T) => [string, string]): string[] {
  return [...groups].flatMap(([title, items]) => [
    title,
    ...items.map((item) => `  ${row(item)[0].padEnd(width)}  ${row(item)[1]}`),
    '',
  ])
}
