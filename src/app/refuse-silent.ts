import type { World } from '../domain/facts.ts'
import { Expected } from '../domain/failure.ts'
import type { Context } from './command.ts'

/** An nginx that gives no answer cannot be led anywhere; what it said last may tell why. */
export async function refuseSilent({ ports }: Pick<Context, 'ports'>, { proxy }: World): Promise<void> {
  if (proxy.state !== 'silent') return
  const { container, reason } = proxy
  const written = await ports.platform.logs(container, 200)
  // Requests are logged as JSON, a line each.
  const logs = written.filter((line) => !line.startsWith('{')).slice(-20)
  throw new Expected({ code: 'proxy-silent', container, reason, logs })
}
