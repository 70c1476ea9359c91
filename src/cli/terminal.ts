import type { ReporterOptions } from './reporter/reporter.ts'

/** What the process knows of where its output goes. */
export type Streams = {
  environment: Readonly<Record<string, string | undefined>>
  platform: NodeJS.Platform
  stdout: { isTTY?: boolean; columns?: number }
  stderr: { isTTY?: boolean; columns?: number }
  json: boolean
}

/** How output should look there: NO_COLOR and FORCE_COLOR, the locale, TERM=dumb and CI are respected. */
export function describeTerminal(
  streams: Streams,
): Pick<ReporterOptions, 'mode' | 'color' | 'columns' | 'unicode' | 'live'> {
  const { environment, json, platform, stderr, stdout } = streams
  const dumb = environment.TERM === 'dumb'
  const terminal = stderr.isTTY === true && !dumb
  return {
    mode: json ? 'json' : terminal ? 'pretty' : 'plain',
    color: {
      out: wantsColor(environment, stdout.isTTY === true && !dumb),
      err: wantsColor(environment, terminal),
    },
    // A terminal that nobody gave a size says 0.
    columns: () => stderr.columns || stdout.columns || columnsOf(environment) || 80,
    unicode: platform !== 'win32' && speaksUnicode(environment),
    live: terminal && !json && (environment.CI ?? '') === '',
  }
}

/** https://no-color.org: any value but the empty one. FORCE_COLOR=0 is Node's way to say no. */
function wantsColor(environment: Streams['environment'], terminal: boolean): boolean {
  if ((environment.NO_COLOR ?? '') !== '') return false
  const forced = environment.FORCE_COLOR
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  return terminal
}

/** POSIX: the first of these that is set and not empty decides. */
function speaksUnicode(environment: Streams['environment']): boolean {
  const locale = [environment.LC_ALL, environment.LC_CTYPE, environment.LANG].find(
    (each) => (each ?? '') !== '',
  )
  return /utf-?8/i.test(locale ?? '')
}

function columnsOf({ COLUMNS }: Streams['environment']): number | undefined {
  const columns = Number.parseInt(COLUMNS ?? '', 10)
  return Number.isNaN(columns) ? undefined : columns
}
