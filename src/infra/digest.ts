// node:crypto takes 8 ms to load, and commands that only look need none of it.
const crypto = () => process.getBuiltinModule('node:crypto')

/** SHA-256 of a text, in hex. */
export function sha256(text: string): string {
  return crypto().createHash('sha256').update(text).digest('hex')
}

/** Random bytes in hex, for names that nobody else has. */
export function randomHex(bytes: number): string {
  return crypto().randomBytes(bytes).toString('hex')
}
