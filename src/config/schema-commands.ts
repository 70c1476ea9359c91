import * as z from 'zod/mini'
import { HOOKS } from '../domain/hooks.ts'
import { DEFAULTS } from './defaults.ts'
import { formatDuration } from './duration.ts'
import * as rules from './rules.ts'
import { commandLine, duration, text, yesOrNo } from './schema-leaves.ts'

const hook = {
  command: commandLine({ description: 'The program and its arguments; no shell reads them.' }),
  service: z.optional(
    text(rules.SERVICE, {
      description: 'The service in whose container it runs; without it, it runs on this machine.',
    }),
  ),
  timeout: z.optional(
    duration(rules.PAUSE, {
      description: 'How long it may take.',
      default: formatDuration(DEFAULTS.hook.timeoutMs),
    }),
  ),
}

const rollback = z.optional(
  yesOrNo({ description: 'Its failure puts users back.', default: DEFAULTS.hook.rollback }),
)

function hookOf(description: string) {
  return z.optional(
    z.strictObject(hook, { error: 'a map with command, service, timeout' }).check(z.meta({ description })),
  )
}

/** `hooks:`. */
export const hooks = z
  .strictObject(
    {
      pre_deploy: hookOf('Once images are there, before anything is started; its failure ends the run.'),
      pre_switch: hookOf('Before users are switched; its failure ends the run.'),
      post_switch: z.optional(
        z
          .strictObject({ ...hook, rollback }, { error: 'a map with command, service, timeout, rollback' })
          .check(z.meta({ description: 'Once users are switched and singletons handed over.' })),
      ),
      post_rollback: hookOf('Once users are back, by a rollback or because a run failed.'),
      on_failure: hookOf('Once a run that had begun failed and was taken back.'),
    },
    { error: `a map with ${HOOKS.join(', ')}` },
  )
  .check(z.meta({ description: 'Commands of your own, at moments of a run.' }))

/** `migrate:`. */
export const migrate = z
  .strictObject(
    {
      service: text(rules.SERVICE, { description: 'The service with whose new image it runs.' }),
      command: commandLine({
        description: 'The program and its arguments, instead of those of the service.',
      }),
    },
    { error: 'a map with service, command' },
  )
  .check(
    z.meta({
      description:
        'What runs once a release, with its new image, on the shared database, before the color starts; for those who have no service that does it.',
    }),
  )

/** `quiet:` of a singleton. */
export const quiet = z
  .strictObject(
    {
      signal: z.optional(text(rules.SIGNAL, { description: 'The signal that its process takes for it.' })),
      command: z.optional(commandLine({ description: 'A command in its container, instead of a signal.' })),
      wait: z.optional(
        duration(rules.PAUSE, {
          description:
            'How long that may take: a command at most, a signal exactly, unless the container ends by itself.',
          default: formatDuration(DEFAULTS.quiet.waitMs),
        }),
      ),
    },
    { error: 'a map with signal or command, and wait' },
  )
  .check(
    z.refine((written) => (written.signal === undefined) !== (written.command === undefined), {
      error: 'either signal or command',
    }),
    z.meta({
      description: 'How a singleton is told to take no more work, before it is stopped at a switch.',
    }),
  )
