import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Event } from '../../../src/app/events.ts'
import { maskSecrets } from '../../../src/cli/reporter/mask.ts'
import { record } from './record.ts'
import { FAILURES, SUBJECT } from './samples.ts'

/** How programs quote a secret when they complain. */
const QUOTES: ((secret: string) => string)[] = [
  (secret) => `could not connect to postgres://shop:${secret}@db:5432/shop`,
  (secret) => `Get "https://robot:${secret}@registry.example.com/v2/": denied`,
  (secret) => `fatal: unable to access 'https://ghp0123456789${secret}@git.example.com/shop.git/'`,
  (secret) => `DB_PASSWORD=${secret} node server.mjs`,
  (secret) => `DB_PASSWORD="${secret}"`,
  (secret) => `      STRIPE_SECRET_KEY: ${secret}`,
  (secret) => `- API_TOKEN: "${secret}"`,
  (secret) => `{"auths":{"registry.example.com":{"auth":"${secret}"}},"identitytoken":"${secret}"}`,
  (secret) => `> Authorization: Basic ${secret}`,
  (secret) => `curl -H 'authorization: Bearer ${secret}' https://api.example.com`,
  (secret) => `mysqldump --password=${secret} shop`,
  (secret) => `vault login --token ${secret}`,
  (secret) => `GET /hook?access_token=${secret}&x=1`,
]

const secrets = fc.tuple(fc.stringMatching(/^[A-Za-z0-9_]{8,40}$/), fc.constantFrom(...QUOTES))

test.each(['pretty', 'plain', 'json'] as const)(
  'no secret that a program quotes gets to a %s output: events, outcomes, failures, mistakes',
  (mode) => {
    fc.assert(
      fc.property(secrets, ([secret, quote]) => {
        const text = quote(`Zq${secret}`)
        const failure = { ...FAILURES['never-healthy'], evidence: text, logs: [text] }
        const events: Event[] = [
          { type: 'step-started', step: 'health', subject: SUBJECT },
          { type: 'step-progress', step: 'health', text },
          { type: 'hook-output', hook: 'pre_deploy', text },
          { type: 'step-failed', step: 'health', subject: SUBJECT, durationMs: 1, failure },
          {
            type: 'outcome',
            command: 'perform',
            app: 'shop',
            durationMs: 1,
            outcome: { kind: 'aborted', failure, step: 'health', active: 'blue' },
          },
        ]
        const columns = 300
        const written =
          record({ mode, columns }).events(events) +
          record({ mode, columns }).failure(
            { ...FAILURES['command-failed'], command: text, output: text },
            {},
          ) +
          record({ mode, columns }).bug(new Error(text), { version: '1' })
        expect(written).not.toContain(`Zq${secret}`)
        expect(written).toContain('***')
      }),
      { numRuns: 60 },
    )
  },
)

test('what is no secret stays: evidence is what failures are told for', () => {
  const texts = [
    'SyntaxError: Unexpected token } in JSON at position 4',
    'connect ECONNREFUSED 127.0.0.1:5432 at https://shop.example.com:8443/a@b',
    'password authentication failed for user "shop"',
    'git clone ssh://git@git.example.com/shop.git',
    'nginx: [emerg] cannot load certificate key "/etc/verdigris/tls.key"',
    'DB_PASSWORD is not set',
    'the key is wrong; the keyboard: too',
  ]
  for (const text of texts) expect(maskSecrets(text)).toBe(text)
})
