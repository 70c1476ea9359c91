import { createRequire } from 'node:module'
import type Docker from 'dockerode'
import { deferModule } from '../defer-module.ts'

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
  for (const part of HEAVY) deferModule(part)
  return createRequire(import.meta.url)('dockerode') as typeof Docker
}
