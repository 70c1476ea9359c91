import type { Command } from 'commander'
import type { Color } from '../domain/color.ts'
import type { Actions } from './actions.ts'
import { addLock } from './commands-lock.ts'
import { colorWord, globalsOf, onOrOff, releaseWord, waitOption } from './globals.ts'
import { CLEANUP_HELP, MAINTENANCE_HELP, PERFORM_HELP, ROLLBACK_HELP } from './help-texts.ts'

type PerformFlags = {
  autoSwitch?: true
  autoCleanup?: true
  timeout?: string
  skipHealth?: true
  pull: boolean
  build: boolean
  force?: true
  includeShared?: true
  yes?: true
  wait?: number
  json?: true
}

/** The commands that change what users get. */
export function addUpgradeCommands(program: Command, actions: Actions): void {
  program.commandsGroup('Upgrade:')
  addPerform(program, actions)
  program
    .command('switch')
    .description('switch users to a color that is ready')
    .argument('<color>', 'blue or green', colorWord)
    .option('--force', 'also to a color that is not healthy')
    .addOption(waitOption())
    .option('--json', 'print events as JSON, one a line')
    .action((color: Color, flags: { force?: true; wait?: number; json?: true }, command: Command) =>
      actions.switch(
        { color, unhealthy: flags.force ? 'accept' : 'refuse', waitS: flags.wait, json: flags.json ?? false },
        globalsOf(command),
      ),
    )
  program
    .command('rollback')
    .description('put users back on what they had before')
    .option('--to <release>', 'on an older release, as "upgrade history" names it', releaseWord)
    .addOption(waitOption())
    .option('--json', 'print events as JSON, one a line')
    .addHelpText('after', ROLLBACK_HELP)
    .action((flags: { to?: string; wait?: number; json?: true }, command: Command) =>
      actions.rollback({ to: flags.to, waitS: flags.wait, json: flags.json ?? false }, globalsOf(command)),
    )
  addCleanup(program, actions)
  program
    .command('maintenance')
    .description('show users a page instead of the app, or the app again')
    .argument('<on|off>', 'what it is to be', onOrOff)
    .addHelpText('after', MAINTENANCE_HELP)
    .action((wanted: 'on' | 'off', _flags: unknown, command: Command) =>
      actions.maintenance({ wanted }, globalsOf(command)),
    )
  addLock(program, actions)
}

function addPerform(program: Command, actions: Actions): void {
  program
    .command('perform')
    .description('bring up the new release beside the old and check it')
    .option('--auto-switch', 'then switch users to it, without asking')
    .option('--auto-cleanup', 'then stop the old one')
    .option('--timeout <seconds>', 'how long it may take to become healthy (default: 60)')
    .option('--skip-health', 'do not wait until it is healthy')
    .option('--no-pull', 'use the images that are here')
    .option('--no-build', 'do not build images')
    .option('--force', 'also when nothing changed')
    .option('--include-shared', 'make changed shared services anew: a moment without them')
    .option('--yes', 'answer every question with yes')
    .addOption(waitOption())
    .option('--json', 'print events as JSON, one a line')
    .addHelpText('after', PERFORM_HELP)
    .action((flags: PerformFlags, command: Command) =>
      actions.perform(
        {
          autoSwitch: flags.autoSwitch,
          autoCleanup: flags.autoCleanup,
          timeout: flags.timeout,
          health: flags.skipHealth ? 'skip' : 'wait',
          pull: flags.pull ? 'pull' : 'skip',
          build: flags.build ? 'build' : 'skip',
          unchanged: flags.force ? 'go-on' : 'stop',
          changedShared: flags.includeShared ? 'recreate' : 'leave',
          questions: flags.yes ? 'yes' : 'ask',
          waitS: flags.wait,
          json: flags.json ?? false,
        },
        globalsOf(command),
      ),
    )
}

type CleanupFlags = { remove?: true; yes?: true; wait?: number; json?: true }

function addCleanup(program: Command, actions: Actions): void {
  program
    .command('cleanup')
    .description('stop the color that users are not on')
    .argument('[color]', 'blue or green (default: the standby)', colorWord)
    .option('--remove', 'also remove its containers; its snapshot stays')
    .option('--yes', 'answer every question with yes')
    .addOption(waitOption())
    .option('--json', 'print events as JSON, one a line')
    .addHelpText('after', CLEANUP_HELP)
    .action((color: Color | undefined, flags: CleanupFlags, command: Command) =>
      actions.cleanup(
        {
          color,
          containers: flags.remove ? 'remove' : 'stop',
          questions: flags.yes ? 'yes' : 'ask',
          waitS: flags.wait,
          json: flags.json ?? false,
        },
        globalsOf(command),
      ),
    )
}
