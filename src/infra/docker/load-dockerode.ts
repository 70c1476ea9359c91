import { createRequire } from 'node:module'
import type Docker from 'dockerode'

/**
 * What dockerode and its modem load at import and a local engine never uses: an SSH client for ssh:// hosts, and
 * gRPC for build sessions. They are 0.2 s of its 0.25 s (dockerode 5.0.1), so they wait until they are used.
 */
const HEAVY = [
  { name: 'ssh2', from: 'docker-modem' },
  { name: '@grpc/grpc-js', from: 'dockerode' },
  { name: '@grpc/proto-loader', from: 'dockerode' },
] as const

/** dockerode, without the parts that only other kinds of engine need. */
export function loadDockerode(): typeof Docker {
  const require = createRequire(import.meta.url)
  for (const part of HEAVY) deferModule(require, part)
  return require('dockerode') as typeof Docker
}

/** Puts a stand-in for a CommonJS module into the cache; its members load the real one when they are called. */
function deferModule(require: NodeJS.Require, { from, name }: { from: string; name: string }): void {
  const path = resolveFrom(require, { from, name })
  if (path === undefined || require.cache[path] !== undefined) return
  const standIn = new Proxy({}, { get: (_, member) => deferMember(() => realModule()[member]) })
  const realModule = (): Record<string | symbol, unknown> => {
    delete require.cache[path]
    return require(path) as Record<string | symbol, unknown>
  }
  require.cache[path] = { id: path, filename: path, path, loaded: true, exports: standIn } as NodeJS.Module
}

function deferMember(real: () => unknown): unknown {
  const target = () => undefined
  return new Proxy(target, {
    apply: (_, self, args) => Reflect.apply(real() as () => unknown, self, args),
    construct: (_, args) => Reflect.construct(real() as new () => object, args) as object,
    get: (_, member) => (real() as Record<string | symbol, unknown>)[member],
  })
}

/** undefined: it is not installed there, and dockerode will say so itself. */
function resolveFrom(
  require: NodeJS.Require,
  { from, name }: { from: string; name: string },
): string | undefined {
  try {
    return createRequire(require.resolve(from)).resolve(name)
  } catch {
    return undefined
  }
}
