import { constants } from 'node:fs'
import { access, open } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { dockerConfig } from '../docker/docker-config.ts'
import type { Argv } from '../process/run.ts'

// In the order in which the docker command looks. Source: docker/cli, cli-plugins/manager/manager_unix.go.
const SYSTEM_FOLDERS = [
  '/usr/local/lib/docker/cli-plugins',
  '/usr/local/libexec/docker/cli-plugins',
  '/usr/lib/docker/cli-plugins',
  '/usr/libexec/docker/cli-plugins',
]

/**
 * How Compose is started: its plugin itself, which is a program too. The docker command first asks every plugin what it
 * is, and that takes longer (60 ms a call) than to resolve a compose file. A docker that is a script may know better,
 * and is asked.
 */
export async function findCompose(env: NodeJS.ProcessEnv): Promise<Argv> {
  const throughDocker: Argv = ['docker', 'compose']
  if (!(await dockerIsProgram(env))) return throughDocker
  const { folder, settings } = await dockerConfig(env)
  if (settings?.cliPluginsExtraDirs !== undefined) return throughDocker
  const plugin = await firstExecutable([join(folder, 'cli-plugins'), ...SYSTEM_FOLDERS], 'docker-compose')
  return plugin === undefined ? throughDocker : [plugin]
}

async function dockerIsProgram(env: NodeJS.ProcessEnv): Promise<boolean> {
  const path = await firstExecutable((env.PATH ?? '').split(delimiter), 'docker')
  return path !== undefined && (await firstBytes(path)) !== '#!'
}

async function firstExecutable(folders: readonly string[], name: string): Promise<string | undefined> {
  for (const folder of folders) {
    const path = join(folder, name)
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (found) return path
  }
  return undefined
}

async function firstBytes(path: string): Promise<string> {
  const file = await open(path)
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2)
    return buffer.toString('latin1')
  } finally {
    await file.close()
  }
}
