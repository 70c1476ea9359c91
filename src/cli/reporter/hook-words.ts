import type { Event } from '../../app/events.ts'
import type { Failure } from '../../domain/failure.ts'
import type { Hook } from '../../domain/hooks.ts'
import { timeWords } from './amount-words.ts'
import { asSentence, logOf, type ToldFailure } from './told-failure.ts'

type HookFailure = Extract<Failure, { code: 'hook-failed' }>

/** The plan's words of a hook. */
export function hookTodo(hook: Hook): string {
  return `Run the hook ${hook}`
}

/** A hook that begins or ended well, in words; undefined: nothing to tell. */
export function hookDone({ durationMs, hook }: Extract<Event, { type: 'hook-done' }>): string {
  return `Ran the hook ${hook} in ${timeWords(durationMs)}`
}

/** A hook that failed: whether the run goes on is what matters. */
export function hookFailed({ ends, failure, hook }: Extract<Event, { type: 'hook-failed' }>): string {
  const how = failure.code === 'hook-failed' ? howWords(failure) : 'was interrupted'
  return ends ? `The hook ${hook} ${how}` : `The hook ${hook} ${how}. It was left at that.`
}

/** Words for a hook's failure that ended a run. */
export function tellHookFailure(failure: HookFailure): ToldFailure {
  const { command, hook, how, output } = failure
  const left =
    how.ended === 'timed-out' && how.inside === undefined
      ? ['What it had begun in a container may still go on there.']
      : []
  return {
    what: `The hook ${hook} ${howWords(failure)}.`,
    why: [asSentence(`It runs ${command}`), ...reasonOf(failure), ...logOf(output), ...left],
    next: [
      how.ended === 'no-container'
        ? { run: 'upgrade status', gives: 'shows what runs' }
        : { words: `Mend the command, or hooks.${hook} in upgrade.yaml.` },
      { run: 'upgrade perform', gives: 'tries again' },
    ],
  }
}

function howWords({ how }: HookFailure): string {
  switch (how.ended) {
    case 'exited':
      return `failed with exit code ${how.exitCode}`
    case 'timed-out':
      return `did not end in ${timeWords(how.afterMs)}`
    case 'not-started':
      return 'could not be started'
    case 'no-container':
      return `found no container of ${how.service} that runs`
  }
}

function reasonOf({ how }: HookFailure): string[] {
  return how.ended === 'not-started' ? [asSentence(how.reason)] : []
}
