import { parseArgs } from 'node:util'

/** What was asked for on the command line. */
export interface Options {
  size: 'full' | 'quick'
  /** The file that gets the report as JSON. */
  json: string | undefined
  readme: 'write' | 'leave'
  /** What a mark that was missed means for the exit code. */
  missed: 'tell' | 'fail'
}

/** Reads the words after `npm run bench --`; throws on one it does not know. */
export function parseOptions(words: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...words],
    options: {
      quick: { type: 'boolean' },
      json: { type: 'string' },
      write: { type: 'boolean' },
      strict: { type: 'boolean' },
    },
  })
  return {
    size: values.quick ? 'quick' : 'full',
    json: values.json,
    readme: values.write ? 'write' : 'leave',
    missed: values.strict ? 'fail' : 'tell',
  }
}
