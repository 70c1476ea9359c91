import { resolve } from 'node:path'
import { asDuration, asSwitch, asText, type Layer, readTexts, type TextSetting } from './layer.ts'
import { APP, FOLDER, TIMEOUT } from './rules.ts'

/** Settings given on the command line, as they were typed. */
export type Flags = {
  /** The path of upgrade.yaml. */
  config?: string | undefined
  app?: string | undefined
  deployments?: string | undefined
  autoSwitch?: boolean | undefined
  autoCleanup?: boolean | undefined
  /** How long a color may take to become healthy: seconds, or a text such as `2m`. */
  timeout?: string | undefined
}

const FLAGS: Readonly<Record<string, TextSetting>> = {
  '--app': asText('app', APP),
  '--deployments': asText('deployments', FOLDER),
  '--auto-switch': asSwitch('auto_switch'),
  '--auto-cleanup': asSwitch('auto_cleanup'),
  '--timeout': asDuration('health.timeout', TIMEOUT),
}

/** What the command line sets; its folders are relative to where it was typed. */
export function readFlags(flags: Flags, cwd: string): Layer {
  return readTexts({
    texts: {
      '--app': flags.app,
      '--deployments': flags.deployments && resolve(cwd, flags.deployments),
      '--auto-switch': flags.autoSwitch?.toString(),
      '--auto-cleanup': flags.autoCleanup?.toString(),
      '--timeout': flags.timeout,
    },
    table: FLAGS,
    originOf: (name) => ({ from: 'flag', name }),
  })
}
