import type { Freeze, LockHolder } from '../../domain/failure.ts'
import { momentWords } from './moment-words.ts'
import { asSentence } from './told-failure.ts'

/** Who holds the lock, what they do, and how to find their process. */
export function holderWords({ command, host, pid, since, step, user }: LockHolder): string {
  return `${user} on ${host} runs "${command}" since ${momentWords(since)}, process ${pid}. It is at the step ${step}.`
}

/** Who took a freeze, when and why. */
export function freezeWords({ host, message, since, user }: Freeze): string {
  if (since === '') return 'There is a freeze.json, from which nobody and no reason can be read.'
  return asSentence(`${user} on ${host}, ${momentWords(since)}${message === '' ? '' : `: ${message}`}`)
}
