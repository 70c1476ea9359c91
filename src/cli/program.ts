import { Command } from 'commander'
import { Expected } from '../domain/failure.ts'
import type { Actions } from './actions.ts'
import { addLookCommands } from './commands-look.ts'
import { addSetUpCommands } from './commands-set-up.ts'
import { addUpgradeCommands } from './commands-upgrade.ts'
import { formatMainHelp } from './main-help.ts'
import { sentence } from './reporter/amount-words.ts'
import { asSentence } from './reporter/told-failure.ts'
import { usageFailure } from './reporter/usage-words.ts'

/** The columns that help is laid out for, whatever the terminal: it is also a file and a golden test. */
const HELP_COLUMNS = 80

const SUB_HELP = {
  showGlobalOptions: true,
  visibleGlobalOptions: (command: Command) =>
    (command.parent?.parent ?? command.parent)?.options.filter((option) => option.long !== '--version') ?? [],
  commandDescription: (command: Command) => asSentence(sentence(command.description())),
  styleTitle: (title: string) => (title === 'Global Options:' ? 'Options of every command:' : title),
}

/** The version to tell, and where help goes. */
export type ProgramOptions = { version: string; out: (text: string) => void }

/** The command line: turns words into typed options and calls the action. Wrong words throw `wrong-usage`. */
export function buildProgram(actions: Actions, { out, version }: ProgramOptions): Command {
  const program = new Command('upgrade')
    .description('Blue-green upgrades for Docker Compose applications behind nginx.')
    .usage('<command> [options]')
    .option('-C, --directory <dir>', 'the folder of your app (default: this one)')
    .option('--config <file>', 'the configuration (default: upgrade.yaml)')
    .option('--deployments <dir>', 'where records are kept (default: deployments)')
    .option('--app <name>', 'the name of your app (default: its compose project)')
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print the help of a command')
    .configureHelp(SUB_HELP)
    .configureOutput({
      writeOut: out,
      writeErr: out,
      outputError: () => undefined,
      getOutHelpWidth: () => HELP_COLUMNS,
      getErrHelpWidth: () => HELP_COLUMNS,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
  addUpgradeCommands(program, actions)
  addLookCommands(program, actions)
  addSetUpCommands(program, actions)
  refuseKindly(program)
  // Only now: commands take over the help configuration that stands when they are added.
  return program.configureHelp({ formatHelp: formatMainHelp })
}

/** Runs a command line, words after the program's name; help and version are printed and are no failure. */
export async function runProgram(program: Command, words: readonly string[]): Promise<void> {
  try {
    await program.parseAsync([...words], { from: 'user' })
  } catch (error) {
    if (!isHelpShown(error)) throw error
  }
}

/** The help of the program, as it is built into a file: printing it then needs no commander. */
export async function renderHelp(): Promise<string> {
  let text = ''
  const out = (part: string) => {
    text += part
  }
  await runProgram(buildProgram(noActions, { version: '', out }), ['--help'])
  return text
}

const noActions = new Proxy({}, { get: () => () => Promise.resolve() }) as Actions

/** Commander ends the process on wrong usage; here it becomes a failure like any other. */
function refuseKindly(command: Command): void {
  command.exitOverride((error) => {
    if (isHelpShown(error)) throw error
    throw new Expected(usageFailure(error, pathOf(command)), error)
  })
  for (const child of command.commands) refuseKindly(child)
}

function isHelpShown(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'commander.help' || code === 'commander.helpDisplayed' || code === 'commander.version'
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`
}
