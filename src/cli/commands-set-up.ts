import { Command } from 'commander'
import type { Actions } from './actions.ts'
import { countWord, globalsOf, waitOption } from './globals.ts'
import { EJECT_HELP, INIT_HELP } from './help-texts.ts'

/** The commands for the beginning, and for the proxy. */
export function addSetUpCommands(program: Command, actions: Actions): void {
  program.commandsGroup('Set up:')
  program
    .command('init')
    .description('write an upgrade.yaml to edit; apps also work without')
    .option('--force', 'replace one that is there')
    .option('--adopt', 'also tell how an app that runs already is taken over')
    .addHelpText('after', INIT_HELP)
    .action((flags: { force?: true; adopt?: true }, command: Command) =>
      actions.init(
        { existing: flags.force ? 'replace' : 'keep', running: flags.adopt ? 'adopt' : 'leave' },
        globalsOf(command),
      ),
    )
  addEject(program, actions)
  addProxy(program.command('proxy').description('the nginx in front of your app'), actions)
  program.addHelpCommand(
    new Command('help')
      .argument('[command]')
      .description('print the help of a command')
      .helpGroup('Set up:')
      .helpOption(false),
  )
}

type EjectFlags = { yes?: true; wait?: number; json?: true }

function addEject(program: Command, actions: Actions): void {
  program
    .command('eject')
    .description('give the app back to plain docker compose')
    .option('--yes', 'without asking')
    .addOption(waitOption())
    .option('--json', 'print events as JSON, one a line')
    .addHelpText('after', EJECT_HELP)
    .action((flags: EjectFlags, command: Command) =>
      actions.eject(
        { questions: flags.yes ? 'yes' : 'ask', waitS: flags.wait, json: flags.json ?? false },
        globalsOf(command),
      ),
    )
}

function addProxy(proxy: Command, actions: Actions): void {
  proxy
    .usage('<command> [options]')
    .helpCommand(false)
    .command('start')
    .description('start it with the configuration it had')
    .option('--recreate', 'make it anew; users get no answer for a moment')
    .addOption(waitOption())
    .action((flags: { recreate?: true; wait?: number }, command: Command) =>
      actions.proxyStart(
        { running: flags.recreate ? 'recreate' : 'keep', waitS: flags.wait },
        globalsOf(command),
      ),
    )
  proxy
    .command('stop')
    .description('stop it: users get no answer until it is started')
    .option('--yes', 'without asking')
    .addOption(waitOption())
    .action((flags: { yes?: true; wait?: number }, command: Command) =>
      actions.proxyStop({ questions: flags.yes ? 'yes' : 'ask', waitS: flags.wait }, globalsOf(command)),
    )
  proxy
    .command('config')
    .description('print its configuration')
    .action((_flags: unknown, command: Command) => actions.proxyConfig({}, globalsOf(command)))
  proxy
    .command('logs')
    .description('what nginx prints')
    .option('-f, --follow', 'go on printing')
    .option('--tail <n>', 'lines to begin with', countWord, 100)
    .action((flags: { follow?: true; tail: number }, command: Command) =>
      actions.proxyLogs({ follow: flags.follow ?? false, tail: flags.tail }, globalsOf(command)),
    )
}
