import { createInterface } from 'node:readline'
import { type Duplex, PassThrough } from 'node:stream'
import type Docker from 'dockerode'
import { collect, type PutFile, packFiles, unpackFiles } from './archive.ts'
import { type Client, unless } from './client.ts'
import { demux } from './demux.ts'

type ExecResult = { exitCode: number; stdout: string; stderr: string }

/** What happens inside containers, which go by id or name. */
export type Inside = {
  exec(container: string, argv: readonly string[], options?: { timeoutMs: number }): Promise<ExecResult>
  /**
   * What is said goes to the input of a container's first process, and each line that the container writes to stderr
   * from then on is handed over; the input stays open. Without effect where the container was made without one.
   */
  talk(
    container: string,
    take: (line: string) => void,
    options: { timeoutMs: number },
  ): Promise<{ say(words: string): void; detach(): void }>
  /** Puts files below a folder that exists in the container, made or stopped containers too. */
  putFiles(container: string, folder: string, files: readonly PutFile[]): Promise<void>
  /** Files at and below a path, named as the archive names them (its last part first); undefined: no such path. */
  getFiles(container: string, path: string): Promise<Map<string, string> | undefined>
  /** The command lines that run in a container; empty: it does not run. */
  top(container: string): Promise<string[]>
  /** The last lines, oldest first; empty: there is no such container. */
  logs(container: string, lines: number): Promise<string[]>
}

export function createInside({ call, change, find }: Client): Inside {
  return {
    exec: async (container, argv, { timeoutMs } = { timeoutMs: 30_000 }) => {
      const what = `exec ${argv.join(' ')}`
      return await change(
        what,
        async (docker) => {
          const exec = await docker
            .getContainer(container)
            .exec({ Cmd: [...argv], AttachStdout: true, AttachStderr: true })
          const { stdout, stderr } = demux(await collect(await exec.start({ Tty: false })))
          return { exitCode: (await exec.inspect()).ExitCode ?? 1, stdout, stderr }
        },
        timeoutMs,
      )
    },
    talk: async (container, take, { timeoutMs }) => {
      const wanted = { stream: true, hijack: true, stdin: true, stderr: true }
      let givenUp = false
      const attach = async (docker: Docker) => {
        const connection = (await docker.getContainer(container).attach(wanted)) as Duplex
        // Its end is told by the silence after it.
        connection.on('error', () => {})
        if (givenUp) connection.destroy()
        return { connection, modem: docker.modem }
      }
      const { connection, modem } = await change(`attach to ${container}`, attach, timeoutMs).catch(
        (error) => {
          givenUp = true
          throw error
        },
      )
      const stderr = new PassThrough()
      modem.demuxStream(connection, new PassThrough().resume(), stderr)
      createInterface({ input: stderr }).on('line', take)
      return { say: (words) => connection.write(words), detach: () => connection.destroy() }
    },
    putFiles: async (container, folder, files) => {
      const archive = await packFiles(files)
      await change(`put files into ${container}`, (docker) =>
        docker.getContainer(container).putArchive(archive, { path: folder }),
      )
    },
    getFiles: async (container, path) =>
      await find(`get ${path} from ${container}`, async (docker) =>
        unpackFiles(await docker.getContainer(container).getArchive({ path })),
      ),
    top: async (container) => {
      const listed = await call(`top ${container}`, (docker) =>
        docker
          .getContainer(container)
          .top({ ps_args: '-o pid,args' })
          .catch(unless(404, 409, 500)),
      )
      const rows = (listed as { Processes?: string[][] } | undefined)?.Processes ?? []
      return rows.map((row) => row.at(-1) ?? '')
    },
    logs: async (container, lines) => {
      const wanted = { stdout: true, stderr: true, tail: lines }
      const read = await find(`logs of ${container}`, async (docker) => {
        const { Config } = await docker.getContainer(container).inspect()
        return { tty: Config.Tty, bytes: await docker.getContainer(container).logs(wanted) }
      })
      return read ? linesOf(read) : []
    },
  }
}

function linesOf({ tty, bytes }: { tty: boolean; bytes: unknown }): string[] {
  // dockerode parses an answer that happens to be JSON, as one line of a terminal can be.
  if (!Buffer.isBuffer(bytes)) return [JSON.stringify(bytes)]
  const text = tty ? bytes.toString('utf8') : demux(bytes).all
  return text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/)
}
