import { $, blue, bold, cyan, dim, green, red, yellow } from 'kleur/colors'
import type { Color } from '../../domain/color.ts'

/** Makes text look like something; without color it leaves text as it is. */
export type Brush = (text: string) => string

/** The looks that output has; a color of an app is painted in that color. */
export type Paint = Record<'good' | 'bad' | 'warn' | 'faint' | 'strong' | 'link' | Color, Brush>

/** The brushes, or ones that do nothing. */
export function createPaint(color: 'colored' | 'plain'): Paint {
  // kleur decides by stdout alone when it loads; progress goes to stderr, so the decision is the caller's.
  $.enabled = true
  const brush = (paint: Brush): Brush => (color === 'colored' ? paint : (text) => text)
  return {
    good: brush(green),
    bad: brush(red),
    warn: brush(yellow),
    faint: brush(dim),
    strong: brush(bold),
    link: brush(cyan),
    blue: brush(blue),
    green: brush(green),
  }
}
