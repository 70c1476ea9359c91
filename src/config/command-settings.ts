import { HOOKS, type Hook } from '../domain/hooks.ts'
import type { HookSettings, Quiet, Settings } from '../domain/settings.ts'
import { DEFAULTS } from './defaults.ts'
import { parseDurationMs } from './duration.ts'
import type { UpgradeFile } from './schema.ts'

/** The hooks that upgrade.yaml sets. */
export function hooksOf(written: UpgradeFile['hooks']): Settings['hooks'] {
  const set: Partial<Record<Hook, HookSettings>> = {}
  for (const hook of HOOKS) {
    const each = written?.[hook]
    if (each === undefined) continue
    set[hook] = {
      command: each.command,
      service: each.service,
      timeoutMs: (each.timeout && parseDurationMs(each.timeout)) || DEFAULTS.hook.timeoutMs,
      rollsBack: 'rollback' in each ? (each.rollback ?? DEFAULTS.hook.rollback) : DEFAULTS.hook.rollback,
    }
  }
  return set
}

/** How a service is quieted, if it says so. */
export function quietOf(written: WrittenQuiet | undefined): Quiet | undefined {
  if (written === undefined) return undefined
  const { command, signal = '', wait } = written
  const waitMs = (wait && parseDurationMs(wait)) || DEFAULTS.quiet.waitMs
  if (command !== undefined) return { by: 'command', command, waitMs }
  return { by: 'signal', signal: signal.startsWith('SIG') ? signal : `SIG${signal}`, waitMs }
}

type WrittenQuiet = NonNullable<NonNullable<UpgradeFile['services']>[string]['quiet']>
