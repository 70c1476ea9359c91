import { type Command, InvalidArgumentError } from 'commander'
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

/** A word that must be a whole number above zero. */
export function countWord(word: string): number {
  if (!/^[1-9]\d{0,6}$/.test(word)) throw new InvalidArgumentError('It must be a whole number above 0.')
  return Number(word)
}
