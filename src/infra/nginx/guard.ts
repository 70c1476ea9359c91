/** A value that nginx would not read as one plain word; where it came from is added on the way up. */
class Unsafe extends Error {}

// Words in an nginx configuration end at whitespace, `;` and braces; quotes, backslashes, `$` and `#` change how
// the rest is read; control characters and anything outside ASCII have no business in one.
const PLAIN_WORD = /^[A-Za-z0-9_.,:/*@%+=&?!()~^|-]+$/

/** The value as text, if it is safe in any place of an nginx configuration; throws `Unsafe` otherwise. */
export function guardValue(value: unknown): string {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value)
  if (typeof value === 'string' && PLAIN_WORD.test(value) && !value.startsWith('~')) return value
  throw new Unsafe(`the value ${show(value)} cannot stand in an nginx configuration`)
}

/** Checks every value of a tree of plain data; null stands for "there is none" and never renders. */
export function guardTree(tree: unknown, path = 'site'): void {
  if (tree === null || typeof tree === 'boolean') return
  if (typeof tree === 'object') {
    for (const [key, value] of Object.entries(tree)) guardTree(value, `${path}.${key}`)
    return
  }
  try {
    guardValue(tree)
  } catch (error) {
    throw error instanceof Unsafe ? new Unsafe(`${path}: ${error.message}`) : error
  }
}

/** The same data, where asking for what is not there throws instead of giving undefined. */
export function strictView<T extends object>(data: T, path = 'site'): T {
  const views = new Map<string, object>()
  return new Proxy(data, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (typeof key === 'symbol') return value
      if (!(key in target) || value === undefined) throw new Unsafe(`${path}.${key} does not exist`)
      if (typeof value !== 'object' || value === null) return value
      const view = views.get(key) ?? strictView(value, `${path}.${key}`)
      views.set(key, view)
      return view
    },
  })
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value)
}
