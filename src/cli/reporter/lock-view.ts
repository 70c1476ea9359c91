import type { LockView } from '../../app/views.ts'
import { freezeWords, holderWords } from './lock-words.ts'
import type { Next, Told } from './told-failure.ts'

/** Who may change something now, and who keeps others from it. */
export function tellLock({ app, freeze, holder }: LockView): Told {
  const running = holder === undefined ? [] : [holderWords(holder)]
  if (freeze !== undefined) {
    return {
      sign: 'done',
      what: `Upgrades of ${app} are frozen.`,
      why: [freezeWords(freeze), ...running],
      users: undefined,
      next: [{ run: 'upgrade lock release', gives: 'lifts the freeze' }],
    }
  }
  const status: Next = { run: 'upgrade status', gives: 'shows what runs and who serves users' }
  const what = holder === undefined ? `Nobody holds the lock of ${app}.` : `An upgrade of ${app} is running.`
  return { sign: 'done', what, why: running, users: undefined, next: [status] }
}
