import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { uniqueName } from './own-part.ts'
import type { PrivateEngine } from './private-engine.ts'
import { begin, must, type Ran, type Running, run } from './run.ts'
import { removeProjects } from './sweep.ts'
import { freePort } from './until.ts'

export interface SandboxOptions {
  /** The start of the app's name, before the random part; `vt`. */
  name?: string
  /**
   * The text of compose.yaml; `__APP__` and `__PORT__` stand for the app's name and its port, in every file. Without a
   * line `name: __APP__` the app gets its name by COMPOSE_PROJECT_NAME.
   */
  compose?: string
  files?: Record<string, string>
  /** Added to the environment of every command. */
  env?: Record<string, string>
  /** Further compose projects that `remove` takes away, such as a proxy that apps share. */
  projects?: string[]
  /** The engine to use instead of the machine's own; what it holds goes with it. */
  engine?: PrivateEngine
}

interface CommandOptions {
  /** Added to the sandbox's environment; undefined takes a variable away. */
  env?: Record<string, string | undefined>
  input?: string
  timeoutMs?: number
  onLine?: (line: string) => void
}

interface HttpAnswer {
  status: number
  headers: Record<string, string | string[] | undefined>
  body: string
}

interface GetOptions {
  port?: number
  headers?: Record<string, string>
  method?: string
  body?: string
  /** 15 s unless told. */
  timeoutMs?: number
}

/** A folder with an app of its own name and port; nothing in it meets another sandbox. */
export interface Sandbox {
  app: string
  folder: string
  port: number
  /** The environment of its commands. */
  env: NodeJS.ProcessEnv
  /** Runs the built program in the folder. */
  upgrade: (args: readonly string[], options?: CommandOptions) => Promise<Ran>
  /** Starts the built program, to be watched or killed while it runs. */
  beginUpgrade: (args: readonly string[], options?: CommandOptions) => Running
  /** Runs docker; throws where it fails, returns its stdout. */
  docker: (args: readonly string[]) => Promise<string>
  /** Runs docker compose in the folder, of the app's own project unless `-p` says otherwise; throws where it fails. */
  compose: (args: readonly string[]) => Promise<string>
  write: (path: string, text: string) => void
  read: (path: string) => string
  /** One request on a connection of its own to 127.0.0.1; throws where no answer comes. */
  get: (path: string, options?: GetOptions) => Promise<HttpAnswer>
  /** Removes the folder, and all containers, networks, volumes and images of the app. */
  remove: () => Promise<void>
}

/** The built program. */
export const PROGRAM = fileURLToPath(new URL('../../dist/main.cjs', import.meta.url))

/** Makes a folder with an app of a unique name and a free port. */
export async function createSandbox(options: SandboxOptions = {}): Promise<Sandbox> {
  const app = uniqueName(options.name ?? 'vt')
  const folder = mkdtempSync(join(tmpdir(), `${app}-`))
  const port = await freePort()
  const files = {
    ...options.files,
    ...(options.compose !== undefined && { 'compose.yaml': options.compose }),
  }
  const named = /^name:.*__APP__/m.test(options.compose ?? '')
  const { engine } = options
  await engine?.publish(port)
  const env = environment({
    ...(!named && { COMPOSE_PROJECT_NAME: app }),
    ...engine?.env,
    ...options.env,
  })
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text.replaceAll('__APP__', app).replaceAll('__PORT__', String(port)))
  }
  for (const [path, text] of Object.entries(files)) write(path, text)
  const program = (args: readonly string[]): [string, string[]] => {
    const [first = '', ...words] = [...(engine?.inside ?? []), process.execPath, PROGRAM, ...args]
    return [first, words]
  }
  const commandOptions = ({ env: added, ...rest }: CommandOptions = {}) => ({
    timeoutMs: 170_000,
    ...rest,
    cwd: folder,
    env: { ...env, ...added },
  })
  return {
    app,
    folder,
    port,
    env,
    write,
    upgrade: (args, command) => run(...program(args), commandOptions(command)),
    beginUpgrade: (args, command) => begin(...program(args), commandOptions(command)),
    docker: (args) => must('docker', args, commandOptions()),
    compose: (args) => must('docker', ['compose', ...args], commandOptions()),
    read: (path) => readFileSync(join(folder, path), 'utf8'),
    get: (path, asked) => get(path, { port, ...asked }),
    remove: async () => {
      if (engine === undefined) await removeProjects(app, options.projects ?? [])
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

// NODE_EXTRA_CA_CERTS costs 0.14 s at every start of node, and these commands speak to no one outside.
function environment(added: Record<string, string | undefined>): NodeJS.ProcessEnv {
  const { NODE_EXTRA_CA_CERTS, FORCE_COLOR, COMPOSE_PROJECT_NAME, COMPOSE_FILE, ...inherited } = process.env
  return { ...inherited, NO_COLOR: '1', ...added }
}

function get(path: string, options: GetOptions & { port: number }): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    const { port, method = 'GET', body = '', timeoutMs = 15_000 } = options
    const length = body && { 'Content-Length': Buffer.byteLength(body) }
    const headers = { ...length, ...options.headers }
    const sent = request({ host: '127.0.0.1', port, path, method, headers, agent: false, timeout: timeoutMs })
    sent.on('timeout', () => sent.destroy(new Error(`no answer from port ${port} within ${timeoutMs} ms`)))
    sent.on('error', reject)
    sent.on('response', (answer) => {
      let text = ''
      answer.setEncoding('utf8').on('data', (part: string) => {
        text += part
      })
      answer.on('error', reject)
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }))
    })
    sent.end(body)
  })
}
