import { statSync } from 'node:fs'
import { isAbsolute, resolve } from 'node:path'
import type { Context } from './app/command.ts'
import type { Ports } from './app/ports.ts'
import type { GlobalOptions, Waiting } from './cli/actions.ts'
import { type LoadedSettings, loadSettings } from './config/load.ts'
import { Expected, type Failure } from './domain/failure.ts'
import { createMachine } from './infra/machine/machine.ts'
import type { Session } from './session.ts'
import { createPorts } from './wiring.ts'

type Flags = { autoSwitch?: true | undefined; autoCleanup?: true | undefined; timeout?: string | undefined }

/** Reads the settings, for commands that look; with all adapters, for those that act. */
export function createLoading(session: Session) {
  const load = async (global: GlobalOptions, flags: Flags = {}) => {
    const machine = createMachine(session.interruption)
    const cwd = folderOf(global.directory)
    const loaded = await loadSettings({
      cwd,
      flags: { config: global.config, app: global.app, deployments: global.deployments, ...flags },
      environment: process.env,
      readText: machine.readText,
    })
    session.about({ app: loaded.settings.app })
    return loaded
  }
  const acting = async (
    global: GlobalOptions,
    output: { json: boolean },
    flags: Flags & Partial<Waiting> = {},
  ): Promise<Context> => {
    const { waitS, ...set } = flags
    const loaded = await load(global, set)
    const { settings } = loaded
    const { emit } = session.reporter(output)
    const ports = createPorts(loaded, session.interruption, emit)
    session.afterwards(() => seeUsers(ports), 'bug')
    const waitMs = waitS === undefined ? undefined : waitS * 1_000
    return { ports, settings, emit, waitMs }
  }
  return { load, acting }
}

/** Why nothing can be told of an app where no record is, either; undefined: there is a compose file. */
export function nowhere({ composeFile, settings }: LoadedSettings): Failure | undefined {
  if (composeFile === 'found') return undefined
  const { deploymentDir, projectDir } = settings
  return { code: 'compose-file-missing', directory: projectDir, records: deploymentDir }
}

/** The folder a command is about; `wrong-usage` where there is none. */
function folderOf(directory: string | undefined): string {
  const here = hereOf()
  const next = ['upgrade -C path/to/your/app status']
  if (here === undefined && !isAbsolute(directory ?? ''))
    throw new Expected({ code: 'wrong-usage', message: 'The folder you are in was removed.', next })
  const path = resolve(here ?? '/', directory ?? '')
  if (isFolder(path)) return path
  throw new Expected({ code: 'wrong-usage', message: `There is no folder ${path}.`, next })
}

/** undefined: somebody removed it meanwhile. */
function hereOf(): string | undefined {
  try {
    return process.cwd()
  } catch {
    return undefined
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory()
  } catch {
    return false
  }
}

/** Who serves users, as nginx itself says. */
export async function seeUsers({ proxy }: Ports) {
  const seen = await proxy.observe()
  return { proxy: seen.state, ...(seen.state === 'running' && { active: seen.active }) }
}
