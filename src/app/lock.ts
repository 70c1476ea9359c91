import { Expected, type Freeze } from '../domain/failure.ts'
import type { Context } from './command.ts'
import { holdLock } from './hold-lock.ts'
import type { Lock } from './ports/records.ts'
import type { LockView } from './views.ts'

/** Who holds the lock of an app, and whether a person froze it. Changes nothing. */
export async function showLock(
  eyes: { lock: Pick<Lock, 'holder' | 'frozen'> },
  app: string,
): Promise<LockView> {
  const [holder, freeze] = await Promise.all([eyes.lock.holder(), eyes.lock.frozen()])
  return { view: 'lock', app, holder, freeze }
}

/** Nobody upgrades until the freeze is lifted by hand. What is under way ends first, or is waited for. */
export async function acquireLock(context: Context, message: string): Promise<LockView> {
  const { ports, settings } = context
  await holdLock(context, 'lock acquire', async ({ me: { host, user } }) => {
    await refuseFrozen(ports)
    await ports.lock.freeze({ host, user, since: ports.machine.now().toISOString(), message })
  })
  return showLock(ports, settings.app)
}

/** Lifts a freeze; somebody else's only when that is said. A run that is under way keeps its lock. */
export async function releaseLock(
  { ports, settings }: Context,
  options: { whose: 'own' | 'anyones' },
): Promise<LockView> {
  const { freeze, holder } = await showLock(ports, settings.app)
  if (freeze === undefined && holder !== undefined) throw new Expected({ code: 'locked', holder })
  if (freeze !== undefined && freeze.user !== ports.machine.user() && options.whose === 'own')
    throw new Expected({ code: 'freeze-of-another', freeze })
  if (freeze !== undefined) await ports.lock.thaw()
  return showLock(ports, settings.app)
}

/** Whoever froze the app is told from, and nothing is done. */
export async function refuseFrozen({ lock }: { lock: Pick<Lock, 'frozen'> }): Promise<void> {
  const freeze: Freeze | undefined = await lock.frozen()
  if (freeze !== undefined) throw new Expected({ code: 'frozen', freeze })
}
