import type { Command } from 'commander'
import type { Actions } from './actions.ts'
import { globalsOf, waitOption } from './globals.ts'
import { LOCK_HELP } from './help-texts.ts'

/** The lock, looked at and taken by hand. */
export function addLock(program: Command, actions: Actions): void {
  const lock = program
    .command('lock')
    .description('who is upgrading, and freezes')
    .usage('[command] [options]')
    .helpCommand(false)
    .option('--json', 'print it as JSON')
    .addHelpText('after', LOCK_HELP)
    .action((flags: { json?: true }, command: Command) =>
      actions.lock({ json: flags.json ?? false }, globalsOf(command)),
    )
  lock
    .command('acquire')
    .description('freeze it: nothing changes until it is released')
    .option('-m, --message <text>', 'why, for whoever meets it')
    .addOption(waitOption())
    .action((flags: { message?: string; wait?: number }, command: Command) =>
      actions.lockAcquire(
        { message: flags.message ?? '', waitS: flags.wait, json: isJson(command) },
        globalsOf(command),
      ),
    )
  lock
    .command('release')
    .description('lift the freeze')
    .option('--force', "also somebody else's")
    .action((flags: { force?: true }, command: Command) =>
      actions.lockRelease(
        { whose: flags.force ? 'anyones' : 'own', json: isJson(command) },
        globalsOf(command),
      ),
    )
}

function isJson(command: Command): boolean {
  return command.optsWithGlobals<{ json?: true }>().json ?? false
}
