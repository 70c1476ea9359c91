import type { Command } from 'commander'
import { type Color, parseColor } from '../domain/color.ts'
import type { Actions, GlobalOptions, Output } from './actions.ts'
import { colorWord, countWord, globalsOf, secondsWord } from './globals.ts'
import { DOCTOR_HELP, LOGS_HELP, VERIFY_HELP } from './help-texts.ts'

/** The commands that only look. */
export function addLookCommands(program: Command, actions: Actions): void {
  program.commandsGroup('Look, and change nothing:')
  program
    .command('status')
    .description('which color serves users, and what runs')
    .option('--json', 'print it as JSON')
    .option('--exit-code', 'exit with 8 when records and reality differ')
    .action((flags: { json?: true; exitCode?: true }, command: Command) =>
      actions.status(
        { json: flags.json ?? false, exitCode: flags.exitCode ? 'by-drift' : 'plain' },
        globalsOf(command),
      ),
    )
  program
    .command('history')
    .description('what was deployed and switched, newest first')
    .option('--limit <n>', 'how many entries', countWord, 20)
    .option('--json', 'print it as JSON')
    .action((flags: { limit: number; json?: true }, command: Command) =>
      actions.history({ limit: flags.limit, json: flags.json ?? false }, globalsOf(command)),
    )
  program
    .command('plan')
    .description('what "perform" would do')
    .option('--include-shared', 'with shared services that changed')
    .option('--json', 'print it as JSON')
    .action((flags: { includeShared?: true; json?: true }, command: Command) =>
      actions.plan(
        { changedShared: flags.includeShared ? 'recreate' : 'leave', json: flags.json ?? false },
        globalsOf(command),
      ),
    )
  program
    .command('doctor')
    .description('is everything there that an upgrade needs?')
    .option('--fix', 'put right what is safe to put right, and say what')
    .option('--json', 'print it as JSON')
    .addHelpText('after', DOCTOR_HELP)
    .action((flags: { fix?: true; json?: true }, command: Command) =>
      actions.doctor({ fix: flags.fix ?? false, json: flags.json ?? false }, globalsOf(command)),
    )
  addVerify(program, actions)
  addPlainLook(program, {
    name: 'config',
    text: 'every setting, its value and where it comes from',
    act: actions.config,
  })
  addLogs(program, actions)
}

type PlainLook = {
  name: string
  text: string
  act: (options: Output, global: GlobalOptions) => Promise<void>
}

function addPlainLook(program: Command, { act, name, text }: PlainLook): void {
  program
    .command(name)
    .description(text)
    .option('--json', 'print it as JSON')
    .action((flags: { json?: true }, command: Command) =>
      act({ json: flags.json ?? false }, globalsOf(command)),
    )
}

function addVerify(program: Command, actions: Actions): void {
  program
    .command('verify')
    .description('sends requests as users do, and tells how they fare')
    .option('--seconds <n>', 'for how long, at most 300', secondsWord, 10)
    .option('--preview', 'to the standby color instead')
    .option('--json', 'print it as JSON')
    .addHelpText('after', VERIFY_HELP)
    .action((flags: { seconds: number; preview?: true; json?: true }, command: Command) =>
      actions.verify(
        { seconds: flags.seconds, way: flags.preview ? 'preview' : 'live', json: flags.json ?? false },
        globalsOf(command),
      ),
    )
}

function addLogs(program: Command, actions: Actions): void {
  program
    .command('logs')
    .description('what the containers of a color print')
    .argument('[color]', 'blue or green (default: the active one)')
    .argument('[service]', 'one service only')
    .option('-f, --follow', 'go on printing')
    .option('--tail <n>', 'lines of each container to begin with', countWord, 100)
    .addHelpText('after', LOGS_HELP)
    .action(
      (
        first: string | undefined,
        second: string | undefined,
        flags: { follow?: true; tail: number },
        command: Command,
      ) =>
        actions.logs(
          { ...whoseLogs(first, second), follow: flags.follow ?? false, tail: flags.tail },
          globalsOf(command),
        ),
    )
}

/** One word that is no color is a service: "upgrade logs web". */
function whoseLogs(
  first: string | undefined,
  second: string | undefined,
): { color: Color | undefined; service: string | undefined } {
  if (first === undefined) return { color: undefined, service: undefined }
  if (second === undefined && parseColor(first) === undefined) return { color: undefined, service: first }
  return { color: colorWord(first), service: second }
}
