import { accessSync, closeSync, constants, openSync, readSync, statSync } from 'node:fs'
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
export function findCompose(env: NodeJS.ProcessEnv): Argv {
  const throughDocker: Argv = ['docker', 'compose']
  if (!dockerIsProgram(env)) return throughDocker
  const { folder, settings } = dockerConfig(env)
  if (settings?.cliPluginsExtraDirs !== undefined) return throughDocker
  const plugin = firstExecutable([join(folder, 'cli-plugins'), ...SYSTEM_FOLDERS], 'docker-compose')
  return plugin === undefined ? throughDocker : [plugin]
}

function dockerIsProgram(env: NodeJS.ProcessEnv): boolean {
  const path = firstExecutable((env.PATH ?? '').split(delimiter), 'docker')
  return path !== undefined && isNoScript(path)
}

function firstExecutable(folders: readonly string[], name: string): string | undefined {
  return folders.map((folder) => join(folder, name)).find(isExecutable)
}

/** A folder that may be entered says that it is executable, too, and many projects have one named `docker`. */
function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return statSync(path).isFile()
  } catch {
    return false
  }
}

/** One that may be run but not read can be either. */
function isNoScript(path: string): boolean {
  try {
    return firstBytes(path) !== '#!'
  } catch {
    return false
  }
}

function firstBytes(path: string): string {
  const file = openSync(path, 'r')
  try {
    const bytes = Buffer.alloc(2)
    readSync(file, bytes)
    return bytes.toString('latin1')
  } finally {
    closeSync(file)
  }
}
