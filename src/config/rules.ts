import { parseDurationMs, type WrittenDuration } from './duration.ts'
import { parseBytes } from './size.ts'
import { parseStatuses, type WrittenStatuses } from './statuses.ts'

/** What a value must be, wherever it is written: `expected` ends the sentence "Expected …". */
export type Rule<T> = {
  expected: string
  accepts: (value: T) => boolean
  /** What to write instead of a value that was not accepted. */
  hint?: (value: T) => string | undefined
}

const MAX_APP_LENGTH = 40
const RESERVED_ENDING = /-(blue|green|proxy)$/
const TEBIBYTE = 1_024 ** 4
const WEEK_MS = 7 * 24 * 3_600_000

// Paths of checks go through nginx as they are; those of routes stand unquoted in its configuration.
const SAFE_PATH = /^\/[^\s"'`;{}$\\#\p{Cc}]*$/u
const LABEL = '[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?'
const HOST_NAME = new RegExp(`^(?:\\*\\.)?${LABEL}(?:\\.${LABEL})*$`)

export const APP: Rule<string> = {
  expected: `a name of at most ${MAX_APP_LENGTH} lower-case letters, digits, "-" and "_" that does not end in -blue, -green or -proxy`,
  accepts: (name) =>
    /^[a-z0-9][a-z0-9_-]*$/.test(name) && name.length <= MAX_APP_LENGTH && !RESERVED_ENDING.test(name),
  hint: (name) => {
    const ending = RESERVED_ENDING.exec(name)?.[0]
    if (ending === undefined) return undefined
    return `"${ending}" is added to the name for a compose project of this tool's own; leave it out.`
  },
}

export const FOLDER: Rule<string> = {
  expected: 'a folder',
  accepts: (path) => path.trim() !== '' && !/\p{Cc}/u.test(path),
}

export const COMPOSE_FILE: Rule<string> = { expected: 'a compose file', accepts: FOLDER.accepts }

export const FILE: Rule<string> = { expected: 'a file', accepts: FOLDER.accepts }

export const SIZE: Rule<number | string> = {
  expected: 'a size: bytes, or a text such as "512k", "10m", "1g"',
  accepts: (written) => (parseBytes(written) ?? Number.POSITIVE_INFINITY) <= TEBIBYTE,
}

export const CHECK_PATH: Rule<string> = {
  expected: 'a path that starts with "/", without white space, quotes or any of ; { } $ \\ #',
  accepts: (path) => SAFE_PATH.test(path),
  hint: (path) => (path.startsWith('/') || /^\w+:/.test(path) ? undefined : `Write "/${path}".`),
}

export const ROUTE_PATH: Rule<string> = {
  expected: 'a path that starts with "/", of letters, digits and any of / - . _ ~ ! & ( ) * + , = : @ % ^ |',
  accepts: (path) => /^\/[\w/.,:*@%+=&!()~^|-]*$/.test(path),
  hint: (path) => CHECK_PATH.hint?.(path),
}

export const HOST: Rule<string> = {
  expected: 'a host name such as shop.example.com or *.example.com',
  accepts: (host) => host.length <= 253 && HOST_NAME.test(host),
  hint: (host) =>
    /[:/]/.test(host) ? 'Write the name alone, without a scheme, a port or a path.' : undefined,
}

// nginx drops header names with other signs, "_" among them, unless told otherwise.
export const HEADER_NAME: Rule<string> = {
  expected: 'a header name of letters, digits and "-"',
  accepts: (name) => /^[A-Za-z0-9-]+$/.test(name),
}

export const HEADER_VALUE: Rule<string> = {
  expected: 'a text of visible ASCII signs and spaces',
  accepts: (value) => /^(?:[!-~](?:[ -~]*[!-~])?)?$/.test(value),
}

// The names that the compose specification allows.
export const SERVICE: Rule<string> = {
  expected: 'the name of a service of the compose file',
  accepts: (name) => /^[a-zA-Z0-9._-]+$/.test(name),
}

export const SIGNAL: Rule<string> = {
  expected: 'one of HUP, INT, QUIT, USR1, USR2, TERM, TSTP, TTIN, TTOU, WINCH',
  accepts: (name) => /^(?:SIG)?(?:HUP|INT|QUIT|USR1|USR2|TERM|TSTP|TTIN|TTOU|WINCH)$/.test(name),
}

export const PROGRAM: Rule<string> = {
  expected: 'a program',
  accepts: (text) => text.trim() !== '' && !text.includes('\0'),
}

export const ARGUMENT: Rule<string> = {
  expected: 'a program or an argument of it',
  accepts: (text) => !text.includes('\0'),
}

export const IMAGE: Rule<string> = {
  expected: 'an image such as nginx:stable-alpine',
  accepts: (image) => /^[a-zA-Z0-9][a-zA-Z0-9._:@/-]*$/.test(image),
}

export const BODY: Rule<string> = {
  expected: 'a regular expression as JavaScript knows them',
  accepts: (source) => regexFault(source) === undefined,
  hint: regexFault,
}

export const STATUSES: Rule<WrittenStatuses> = {
  expected: 'a status such as 200, a range such as "200-399", a list of these, or any',
  accepts: (written) => parseStatuses(written) !== undefined,
}

export const SWITCH: Rule<boolean> = { expected: 'true or false', accepts: () => true }

export const PORT = whole(1, 65_535)
export const ROLLBACK_LIMIT = whole(1, 1_000)
export const SUCCESSES = whole(1, 100)
export const TIMEOUT = duration(1_000)
export const PAUSE = duration(100)
// Longer than 75 s is more than Linux itself waits; ngx_http_proxy_module says so.
export const CONNECT = duration(100, 75_000)
// nginx reads `worker_shutdown_timeout 0` as "wait for ever".
export const DRAIN = duration(1_000)
export const WATCH = duration(0)

/** A rule for whole numbers, with its bounds for the JSON Schema. */
export type WholeRule = Rule<number> & { min: number; max: number }

function whole(min: number, max: number): WholeRule {
  return {
    expected: `a whole number from ${min} to ${max}`,
    accepts: (value) => Number.isInteger(value) && value >= min && value <= max,
    min,
    max,
  }
}

function duration(minMs: number, maxMs = WEEK_MS): Rule<WrittenDuration> {
  const least = minMs === 0 ? '' : ` of at least ${minMs < 1_000 ? `${minMs}ms` : `${minMs / 1_000}s`}`
  return {
    expected: `a duration${least}: seconds, or a text such as "500ms", "30s", "2m"`,
    accepts: (written) => {
      const ms = parseDurationMs(written)
      return ms !== undefined && ms >= minMs && ms <= maxMs
    },
    hint: (written) => {
      if ((parseDurationMs(written) ?? 0) <= maxMs) return undefined
      return maxMs === WEEK_MS ? 'At most 168h, a week.' : `At most ${maxMs / 1_000}s.`
    },
  }
}

function regexFault(source: string): string | undefined {
  try {
    new RegExp(source)
    return undefined
  } catch (error) {
    return error instanceof Error ? `${error.message}.` : undefined
  }
}
