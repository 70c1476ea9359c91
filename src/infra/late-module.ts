import { createRequire } from 'node:module'

/**
 * Stands in for a CommonJS package in the bundle: its members load the real one when they are called. `chain` leads
 * to it: a package of ours, one of that package's, and so on.
 */
export function lateModule(chain: readonly string[]): object {
  let loaded: Record<string | symbol, unknown> | undefined
  const real = () => {
    loaded ??= requireAlong(chain)
    return loaded
  }
  return new Proxy({}, { get: (_, member) => lateMember(() => real()[member]) })
}

function lateMember(real: () => unknown): unknown {
  return new Proxy(standIn, {
    apply: (_, self, args) => Reflect.apply(real() as () => unknown, self, args),
    construct: (_, args) => Reflect.construct(real() as new () => object, args) as object,
    get: (_, member) => (real() as Record<string | symbol, unknown>)[member],
  })
}

/** Not an arrow: of what cannot be constructed, no stand-in can be. */
function standIn(): void {}

function requireAlong(chain: readonly string[]): Record<string | symbol, unknown> {
  let require = createRequire(import.meta.url)
  for (const name of chain.slice(0, -1)) require = createRequire(require.resolve(name))
  return require(chain.at(-1) ?? '') as Record<string | symbol, unknown>
}
