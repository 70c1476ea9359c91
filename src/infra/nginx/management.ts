import { type IncomingHttpHeaders, request } from 'node:http'
import { type Color, parseColor } from '../../domain/color.ts'
import { HERE } from '../http/here.ts'

/** What nginx itself says it serves. */
export type State = {
  generation: number
  color: Color | undefined
  releases: { blue: string | undefined; green: string | undefined }
  /** Whether users get the page of the maintenance; undefined: a user's template does not tell. */
  maintenance: boolean | undefined
}

export type ManagementAnswer = { status: number; headers: IncomingHttpHeaders; body: string }

/**
 * Asks the management listener on a new connection: an old one would be answered by an old worker. The whole answer
 * comes in time, or it is none.
 */
export async function askManagement(
  port: number,
  path: string,
  timeoutMs: number,
  headers: Readonly<Record<string, string>> = {},
): Promise<ManagementAnswer> {
  return await new Promise((resolve, reject) => {
    const asked = request({ ...HERE, port, path, headers, agent: false }, (answer) => {
      let body = ''
      answer.setEncoding('utf8')
      answer.on('data', (chunk: string) => {
        body += chunk
      })
      answer.on('error', reject)
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body }))
    })
    const giveUp = () => {
      reject(new Error(`no answer in ${timeoutMs} ms`))
      asked.destroy()
    }
    const late = setTimeout(giveUp, timeoutMs)
    asked.on('close', () => clearTimeout(late))
    asked.on('error', reject)
    asked.end()
  })
}

/** The state of an app's site; throws an Error that says why there is none. */
export async function askState(port: number, timeoutMs: number): Promise<State> {
  const { status, body } = await askManagement(port, '/state', timeoutMs)
  if (status !== 200) throw new Error(`the management listener answered ${status}`)
  const state = JSON.parse(body) as {
    generation: number
    color: string
    releases: Record<Color, string>
    maintenance?: string
  }
  const release = (id: string) => (id === 'none' ? undefined : id)
  return {
    generation: state.generation,
    color: parseColor(state.color),
    releases: { blue: release(state.releases.blue), green: release(state.releases.green) },
    maintenance: state.maintenance === undefined ? undefined : state.maintenance === 'on',
  }
}
