import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { findCompose } from '../../src/infra/compose/find-compose.ts'
import { runOrThrow } from '../../src/infra/process/run.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'vt-find-compose-'))
})
afterEach(() => rmSync(dir, { recursive: true, force: true }))

function program(path: string, content: string): string {
  mkdirSync(join(dir, path, '..'), { recursive: true })
  writeFileSync(join(dir, path), content)
  chmodSync(join(dir, path), 0o755)
  return join(dir, path)
}

/** A docker that is a program, and a configuration folder without anything in it. */
function env(docker: string) {
  program('bin/docker', docker)
  return { PATH: join(dir, 'bin'), DOCKER_CONFIG: join(dir, 'config') }
}

describe('Compose', () => {
  test('is the same program that the docker command starts', async () => {
    const [name, ...args] = findCompose(process.env)
    const found = await runOrThrow([name, ...args, 'version'], { timeoutMs: 30_000 })
    const asked = await runOrThrow(['docker', 'compose', 'version'], { timeoutMs: 30_000 })
    expect(found.stdout).toBe(asked.stdout)
  })

  test("is a person's own plugin before the machine's", async () => {
    const plugin = program('config/cli-plugins/docker-compose', 'ELF')
    expect(findCompose(env('\u007fELF'))).toEqual([plugin])
  })

  test('is asked of docker where that is a script, or searches in other folders', async () => {
    program('config/cli-plugins/docker-compose', 'ELF')
    expect(findCompose(env('#!/bin/sh\n'))).toEqual(['docker', 'compose'])
    program('config/config.json', '{"cliPluginsExtraDirs": ["/opt/plugins"]}')
    expect(findCompose(env('\u007fELF'))).toEqual(['docker', 'compose'])
  })

  test('is found behind a folder named docker, or docker-compose, that only looks like a program', async () => {
    const plugin = program('config/cli-plugins/docker-compose', 'ELF')
    const { PATH, ...rest } = env('\u007fELF')
    mkdirSync(join(dir, 'src/docker'), { recursive: true })
    expect(findCompose({ ...rest, PATH: `${join(dir, 'src')}:${PATH}` })).toEqual([plugin])
    rmSync(plugin)
    mkdirSync(plugin)
    expect(findCompose({ ...rest, PATH })).not.toEqual([plugin])
  })

  test('is asked of docker where there is none', async () => {
    expect(findCompose({ PATH: dir })).toEqual(['docker', 'compose'])
  })
})
