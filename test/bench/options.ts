import { parseArgs } from 'node:util'
import { PART_NAMES, type PartName } from './part-names.ts'

/** What was asked for on the command line. */
export interface Options {
  size: 'full' | 'quick'
  /** The parts to measure. */
  only: readonly PartName[]
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
      only: { type: 'string', multiple: true },
      json: { type: 'string' },
      write: { type: 'boolean' },
      strict: { type: 'boolean' },
    },
  })
  return {
    size: values.quick ? 'quick' : 'full',
    only: values.only ? partsNamed(values.only) : PART_NAMES,
    json: values.json,
    readme: values.write ? 'write' : 'leave',
    missed: values.strict ? 'fail' : 'tell',
  }
}

function partsNamed(words: readonly string[]): PartName[] {
  for (const word of words) {
    if (!PART_NAMES.some((name) => name === word))
      throw new Error(`There is no part "${word}"; there are ${PART_NAMES.join(', ')}.`)
  }
  return PART_NAMES.filter((name) => words.includes(name))
}
