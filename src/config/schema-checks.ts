import * as z from 'zod/mini'
import { DEFAULTS } from './defaults.ts'
import { formatDuration } from './duration.ts'
import * as rules from './rules.ts'
import { duration, MAP, obeys, text, whole } from './schema-leaves.ts'
import { formatStatuses } from './statuses.ts'

const headers = z
  .record(text(rules.HEADER_NAME), text(rules.HEADER_VALUE), { error: 'a map of header names and values' })
  .check(z.meta({ description: 'Headers sent with the request.' }))

const check = {
  status: z.optional(
    z
      .union([z.number(), z.string(), z.array(z.union([z.number(), z.string()]))], {
        error: rules.STATUSES.expected,
      })
      .check(
        obeys(rules.STATUSES),
        z.meta({
          description: 'Statuses that count as good: 200, "200-399", a list of these, or any.',
          default: formatStatuses(DEFAULTS.check.statuses),
        }),
      ),
  ),
  body: z.optional(text(rules.BODY, { description: 'A regular expression that the body must match.' })),
  headers: z.optional(headers),
}

const requestTimeout = z.optional(
  duration(rules.PAUSE, {
    description: 'How long one request may take. The one of `health` holds for every check without its own.',
    default: formatDuration(DEFAULTS.check.requestTimeoutMs),
  }),
)

const path = text(rules.CHECK_PATH, {
  description: 'The path that is asked.',
  default: DEFAULTS.check.path,
})

/** `health:` of one service. */
export const serviceCheck = z
  .strictObject(
    { path: z.optional(path), ...check, request_timeout: requestTimeout },
    { error: 'a map with path, status, body, headers, request_timeout' },
  )
  .check(z.meta({ description: 'The HTTP check of this service, instead of the common one.' }))

/** `health:` of the app. */
export const health = z
  .strictObject(
    {
      path: z.optional(path),
      ...check,
      interval: z.optional(
        duration(rules.PAUSE, {
          description: 'The pause between two checks.',
          default: formatDuration(DEFAULTS.health.intervalMs),
        }),
      ),
      timeout: z.optional(
        duration(rules.TIMEOUT, {
          description: 'How long a color may take to become healthy.',
          default: formatDuration(DEFAULTS.health.timeoutMs),
        }),
      ),
      request_timeout: requestTimeout,
      successes: z.optional(
        whole(rules.SUCCESSES, {
          description: 'Good answers in a row that are needed.',
          default: DEFAULTS.health.successes,
        }),
      ),
    },
    { error: MAP },
  )
  .check(z.meta({ description: 'When a color counts as healthy.' }))

/** A request to the new color before users are switched. */
export const smokeTest = z.strictObject(
  { path: text(rules.CHECK_PATH, { description: 'The path that is asked.' }), ...check },
  { error: 'a map with path, status, body, headers' },
)
