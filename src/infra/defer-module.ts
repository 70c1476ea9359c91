import { createRequire } from 'node:module'

/** A CommonJS module that `from` loads at import, and hardly ever uses. */
export type DeferredModule = { name: string; from: string }

/**
 * Puts a stand-in for a module into the cache: its members load the real one when they are called. Does nothing
 * where the module is loaded already or is not to be found.
 */
export function deferModule({ from, name }: DeferredModule): void {
  const require = createRequire(import.meta.url)
  const path = resolveFrom(require, { from, name })
  if (path === undefined || require.cache[path] !== undefined) return
  const realModule = (): Record<string | symbol, unknown> => {
    delete require.cache[path]
    return require(path) as Record<string | symbol, unknown>
  }
  const exports = new Proxy({}, { get: (_, member) => deferMember(() => realModule()[member]) })
  require.cache[path] = { id: path, filename: path, path, loaded: true, exports } as NodeJS.Module
}

function deferMember(real: () => unknown): unknown {
  return new Proxy(() => undefined, {
    apply: (_, self, args) => Reflect.apply(real() as () => unknown, self, args),
    construct: (_, args) => Reflect.construct(real() as new () => object, args) as object,
    get: (_, member) => (real() as Record<string | symbol, unknown>)[member],
  })
}

function resolveFrom(require: NodeJS.Require, { from, name }: DeferredModule): string | undefined {
  try {
    return createRequire(require.resolve(from)).resolve(name)
  } catch {
    return undefined
  }
}
