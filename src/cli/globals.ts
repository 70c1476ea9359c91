import { type Command, InvalidArgumentError, Option } from 'commander'
import { type Color, parseColor } from '../domain/color.ts'
import { Expected } from '../domain/failure.ts'
import type { GlobalOptions } from './actions.ts'

/** The options that every command has, wherever on the line they stood. */
export function globalsOf(command: Command): GlobalOptions {
  const { app, config, deployments, directory } = command.optsWithGlobals<Partial<GlobalOptions>>()
  return { app, config, deployments, directory }
}

/** A word that must name a color. */
export function colorWord(word: string): Color {
  const color = parseColor(word.toLowerCase())
  if (color === undefined) throw new Expected({ code: 'unknown-color', word })
  return color
}

/** A word that must be "on" or "off". */
export function onOrOff(word: string): 'on' | 'off' {
  const wanted = (['on', 'off'] as const).find((each) => each === word.toLowerCase())
  if (wanted !== undefined) return wanted
  const next = ['upgrade maintenance on', 'upgrade maintenance off']
  throw new Expected({ code: 'wrong-usage', message: `"${word}" is neither on nor off.`, next })
}

/** The option of every command that needs the lock. */
export function waitOption(): Option {
  return new Option('--wait <seconds>', 'wait that long for another upgrade to end').argParser(countWord)
}

const VERIFY_AT_MOST_S = 300

/** A word that must be a number of seconds in which requests are sent. */
export function secondsWord(word: string): number {
  if (/^[1-9]\d{0,2}$/.test(word) && Number(word) <= VERIFY_AT_MOST_S) return Number(word)
  throw new InvalidArgumentError(`It must be a whole number from 1 to ${VERIFY_AT_MOST_S}.`)
}

/** A word that must name a release: an empty one is a variable of a script that nobody set. */
export function releaseWord(word: string): string {
  if (word.trim() === '') throw new InvalidArgumentError('It must name a release.')
  return word
}

/** A word that must be a whole number above zero. */
export function countWord(word: string): number {
  if (!/^[1-9]\d{0,6}$/.test(word)) throw new InvalidArgumentError('It must be a whole number above 0.')
  return Number(word)
}
