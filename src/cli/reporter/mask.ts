/**
 * Text without the secrets that programs like to quote: passwords of addresses, credentials of registries, values of
 * settings whose names say that they are secret. What a person asked to see as it is (`upgrade logs`) does not pass here.
 */
export function maskSecrets(text: string): string {
  if (!HINT.test(text)) return text
  return text
    .replaceAll(PASSWORD_IN_URL, `$1:${MASK}@`)
    .replaceAll(TOKEN_IN_URL, `$1${MASK}@`)
    .replaceAll(AUTHORIZATION, `$1${MASK}`)
    .replaceAll(FLAG, `$1${MASK}`)
    .replaceAll(ASSIGNED, `$1${MASK}`)
    .replaceAll(QUOTED, `$1${MASK}$2`)
    .replaceAll(WRITTEN, `$1${MASK}`)
    .replaceAll(SHOUTED, `$1${MASK}`)
}

const MASK = '***'

// Most texts hold nothing of the kind, and a run has many.
const HINT = /@|auth|bearer|passw|passphrase|secret|token|key|credential/i

const NAME =
  '[\\w.-]*(?:password|passwd|passphrase|secret|token|api_?key|access_?key|private_?key|credential)[\\w.-]*'
const PASSWORD_IN_URL = /\b([a-z][a-z0-9+.-]*:\/\/[^\s/:@'"]*):[^\s/@]+@/gi
// A name as short as "git" is no secret.
const TOKEN_IN_URL = /\b(https?:\/\/)[^\s/:@'"]{16,}@/gi
const AUTHORIZATION =
  /\b((?:proxy-)?authorization["']?\s*[:=]\s*["']?(?:(?:basic|bearer)\s+)?|bearer\s+)[^\s"',]{6,}/gi
const FLAG = new RegExp(`(--${NAME}[ =])(?:"[^"\\n]*"|'[^'\\n]*'|\\S+)`, 'gi')
// A shell, an environment, a query: TOKEN=…
const ASSIGNED = new RegExp(`\\b(${NAME}=)(?:"[^"\\n]*"|'[^'\\n]*'|[^\\s&;,]+)`, 'gi')
// JSON, registry credentials among it: "identitytoken": "…", "auth": "…"
const QUOTED = new RegExp(`("(?:${NAME}|auth)"\\s*:\\s*")(?:[^"\\\\\\n]|\\\\.)*(")`, 'gi')
// A line of YAML or of headers: DB_PASSWORD: …
const WRITTEN = new RegExp(`^([ \\t]*(?:- +)?["']?${NAME}["']?[ \\t]*:[ \\t]+)[^\\s{[|>].*$`, 'gim')
// The same behind something else on its line, where only a name in capitals is surely one.
const SHOUTED =
  /\b((?:[A-Z0-9]+_)*(?:PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|KEY|CREDENTIALS?)(?:_[A-Z0-9]+)*["']?: +)[^\s{[|>].*$/gm
