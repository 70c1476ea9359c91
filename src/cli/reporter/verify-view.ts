import type { Answering, VerifyView } from '../../app/views.ts'
import { countWords, sentence, timeWords } from './amount-words.ts'
import type { Next, Told } from './told-failure.ts'
import { latencyWords, reasonsWords } from './traffic-words.ts'

/** How the requests of `verify` fared, who answered them, and what can be done next. */
export function tellVerify(view: VerifyView): Told {
  const { figures, url } = view
  const sent = countWords(figures.sent, 'request')
  const good = figures.sent > 0 && figures.ok === figures.sent
  return {
    sign: good ? 'done' : 'failed',
    what: good
      ? `${sent} to ${url}, none failed.`
      : `${figures.sent - figures.ok} of ${sent} to ${url} failed.`,
    why: [
      ...(figures.failed === 0 ? [] : [sentence(`${reasonsWords(figures)}.`)]),
      ...(figures.open === 0 ? [] : [`${countWords(figures.open, 'request')} got no answer to the end.`]),
      `Longest gap ${timeWords(figures.longestGapMs)}${latencies(view)}.`,
      whoAnswered(view),
    ],
    users: undefined,
    next: good ? [] : nextOf(view),
  }
}

function latencies({ figures: { medianMs, p99Ms } }: VerifyView): string {
  if (medianMs === undefined || p99Ms === undefined) return ''
  return `; an answer took ${latencyWords(medianMs)} in the median, ${latencyWords(p99Ms)} at p99`
}

function whoAnswered({ after, before, way }: VerifyView): string {
  if (after.release === before.release)
    return `${sentence(who(before))} ${way === 'live' ? 'serves users' : 'stands by'}.`
  const what = way === 'live' ? 'Users were switched' : 'The standby changed'
  return `${what} meanwhile: from ${who(before)} to ${who(after)}.`
}

function who({ color, release }: Answering): string {
  return `${color} (${release})`
}

function nextOf({ after, way }: VerifyView): Next[] {
  const logs = { run: `upgrade logs ${after.color} --tail 50`, gives: 'shows what its containers say' }
  const status = { run: 'upgrade status', gives: 'shows what runs' }
  return way === 'live'
    ? [logs, status, { run: 'upgrade rollback', gives: 'puts users back on what they had before' }]
    : [logs, status]
}
