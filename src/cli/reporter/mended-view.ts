import type { Mended, MendId } from '../../app/mend.ts'
import { tellFailure } from './failure-words.ts'
import { wrap } from './fit.ts'
import type { Look } from './look.ts'
import { noteWords } from './note-words.ts'
import { renderTold } from './told-view.ts'

/** What `doctor --fix` did, and what it could not do, before it looked again. */
export function renderMended(mended: Mended | undefined, app: string | undefined, look: Look): string[] {
  if (mended === undefined) return []
  const { done, failed } = mended
  const { paint, signs } = look
  const nothing = done.length + failed.length === 0 ? ['Nothing had to be mended.'] : []
  const texts = [...nothing, ...done.map((note) => noteWords(note).text)]
  return [
    ...texts.flatMap((text) =>
      wrap(text, look.columns - 2).map(
        (line, index) => `${index === 0 ? paint.good(signs.done) : ' '} ${line}`,
      ),
    ),
    ...failed.flatMap(({ failure, what }) => {
      const told = tellFailure(failure, { app })
      const why = [told.what, ...told.why]
      return renderTold(
        { ...told, sign: 'failed', what: `Could not mend ${WHAT[what]}.`, why, users: undefined },
        look,
      )
    }),
    '',
  ]
}

const WHAT: Record<MendId, string> = {
  proxy: 'the proxy',
  'dead-run': 'what a dead run left',
  restarts: 'what comes up with Docker',
  'proxy-files': 'the files of the proxy',
  networks: 'the connections to networks',
  records: 'the records',
}
