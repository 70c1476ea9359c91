import { gzipSync } from 'node:zlib'
import type { Color } from '../../domain/color.ts'
import { Expected, failureOf } from '../../domain/failure.ts'
import type { Site } from '../../domain/site.ts'
import type { ExecResult, ProxyContainer, ProxyDriver, ProxyFile } from './driver.ts'
import { generationFiles, type Sources, tableHash } from './generation-files.ts'
import { CONFIG_ROOT, generationPath, newFolder } from './layout.ts'
import { TEMPLATES } from './render.ts'
import { INSTALL, PACKED, REINSTATE, SCRIPT_EXIT } from './scripts.ts'

const TIMEOUT_MS = 30_000

/** Has nginx test a site beside what is installed, and makes it current if asked; `nginx-refused`. */
export async function installSite(options: {
  driver: ProxyDriver
  container: ProxyContainer
  sources: Sources
  site: Site
  aim: 'install' | 'test'
}): Promise<void> {
  const { driver, container, sources, site, aim } = options
  const folder = newFolder(site.generation, new Date())
  const files = await generationFiles(sources, site, folder)
  const { carried, put } = waysOf(files)
  if (put.length > 0) await driver.putFiles(container.id, CONFIG_ROOT, put).catch(unwritten(container))
  const words = [site.app, folder, site.active ?? 'none', tableHash(site), aim, ...carried]
  const result = await driver.exec(container, ['sh', '-c', INSTALL, 'verdigris', ...words], {
    timeoutMs: TIMEOUT_MS,
  })
  if (result.exitCode === SCRIPT_EXIT.refused) throw nginxRefused(result.output)
  if (result.exitCode === SCRIPT_EXIT.unwritten) throw fileFailed(container, spaceWords(result.output))
  if (result.exitCode !== 0) throw scriptFailed(`${aim} generation ${site.generation}`, result)
}

// One argument of a program may have 128 KiB, all of them together 2 MiB (Linux, execve(2)). A character is 4 bytes at most.
const PIECE = 30_000
const MOST_BYTES = 1024 * 1024
// The engine takes 1 ms to hand 10 kB on to a program; servers of fifty routes resemble each other.
const PACKED_FROM = 20_000

/**
 * An archive call takes as long as a whole exec: what is rendered goes along as arguments, path and content in
 * turn, long ones packed. The user's own files, keys among them, never stand on a command line.
 */
function waysOf(files: readonly ProxyFile[]): { carried: string[]; put: ProxyFile[] } {
  const carried: string[] = []
  const put: ProxyFile[] = []
  let bytes = 0
  for (const file of files) {
    if (!('content' in file) || file.rendered !== true) {
      put.push(file)
      continue
    }
    const { content, path } = file.content.length < PACKED_FROM ? file : packed(file)
    bytes += Buffer.byteLength(content)
    if (bytes > MOST_BYTES) put.push(file)
    else for (const piece of piecesOf(content)) carried.push(path, piece)
  }
  return { carried, put }
}

function packed({ content, path }: { content: string; path: string }): { content: string; path: string } {
  return { path: `${path}${PACKED}`, content: gzipSync(content).toString('base64') }
}

function piecesOf(content: string): string[] {
  const count = Math.max(1, Math.ceil(content.length / PIECE))
  return Array.from({ length: count }, (_, index) => content.slice(index * PIECE, (index + 1) * PIECE))
}

/** Has nginx test a site where no proxy runs, in a container of its own; `nginx-refused`. */
export async function tryOutSite(options: {
  driver: ProxyDriver
  image: string
  sources: Sources
  site: Site
}): Promise<void> {
  const { driver, image, sources, site } = options
  const folder = newFolder(site.generation, new Date())
  const files: ProxyFile[] = await generationFiles(sources, site, folder)
  const result = await driver.tryOut({
    image,
    argv: ['nginx', '-t', '-q', '-c', `${generationPath(site.app, folder)}/test.conf`],
    directory: CONFIG_ROOT,
    files,
  })
  if (result.exitCode !== 0) throw nginxRefused(result.output)
}

/** Makes an earlier generation current again and leads it, and the abandoned one, to a color at once. */
export async function reinstateGeneration(options: {
  driver: ProxyDriver
  container: ProxyContainer
  app: string
  generation: number
  color: Color | undefined
}): Promise<void> {
  const { driver, container, app, color = 'none', generation } = options
  const argv = ['sh', '-c', REINSTATE, 'verdigris', app, String(generation), color]
  const result = await driver.exec(container, argv, { timeoutMs: TIMEOUT_MS })
  if (result.exitCode !== 0) throw scriptFailed(`reinstate generation ${generation}`, result)
}

/** What the engine could not put into the container. */
function unwritten(container: ProxyContainer): (error: unknown) => never {
  return (error) => {
    const failure = failureOf(error)
    throw failure?.code === 'command-failed' ? fileFailed(container, failure.output) : error
  }
}

export function fileFailed({ name }: ProxyContainer, reason: string): Expected {
  return new Expected({ code: 'file-failed', path: CONFIG_ROOT, reason, container: name })
}

/** The line of `df -Pk` says how much is free: device, size, used, free. */
export function spaceWords(output: string): string {
  const [, , , freeKiB] = output.split('\n').at(-1)?.split(/\s+/) ?? []
  return Number(freeKiB) < 64 ? 'no space left on the disk' : output
}

function nginxRefused(output: string): Expected {
  const file = /\/(?<name>[a-z]+\.conf):\d+/.exec(output)?.groups?.name
  const template = TEMPLATES.find((name) => name === `${file}.ejs`)
  return new Expected({ code: 'nginx-refused', output, template })
}

function scriptFailed(command: string, { exitCode, output }: ExecResult): Expected {
  return new Expected({ code: 'command-failed', command, exitCode, output })
}
