/** One of the two places an app runs; each is a compose project of its own, `<app>-<color>`. */
export type Color = 'blue' | 'green'

export const COLORS: readonly Color[] = ['blue', 'green']

export function otherColor(color: Color): Color {
  return color === 'blue' ? 'green' : 'blue'
}

/** The color a word names, or undefined: words come from people and from files. */
export function parseColor(word: string): Color | undefined {
  return COLORS.find((color) => color === word)
}

/** The compose project in which a color of an app runs. */
export function colorProject(app: string, color: Color): string {
  return `${app}-${color}`
}

/** The compose project of the app's own proxy. */
export function proxyProject(app: string): string {
  return `${app}-proxy`
}
