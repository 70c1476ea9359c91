import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A Debian mirror as the machine's own apt sources name it. */
export interface DebianSource {
  uri: string
  /** The key file or fingerprint that signs it, where the source names one. */
  signedBy: string | undefined
}

/** The mirror that carries the release this machine runs, or undefined where there is none. */
export function readDebianSource(codename: string, etc = '/etc/apt'): DebianSource | undefined {
  const parts = join(etc, 'sources.list.d')
  const inParts = existsSync(parts) ? readdirSync(parts).map((name) => join(parts, name)) : []
  const files = [join(etc, 'sources.list'), ...inParts].filter((file) => existsSync(file))
  for (const file of files) {
    const text = readFileSync(file, 'utf8')
    const found = file.endsWith('.sources') ? parseDeb822(text, codename) : parseOneLine(text, codename)
    if (found) return found
  }
  return undefined
}

// deb822: stanzas of `Field: value`, separated by an empty line.
function parseDeb822(text: string, codename: string): DebianSource | undefined {
  for (const stanza of text.split(/\n\s*\n/)) {
    const field = (name: string) => new RegExp(`^${name}:[ \\t]*(.+)$`, 'im').exec(stanza)?.[1]?.trim()
    const suites = field('Suites')?.split(/\s+/) ?? []
    const uri = field('URIs')?.split(/\s+/)[0]
    const enabled = field('Enabled') !== 'no'
    const binary = field('Types')?.split(/\s+/).includes('deb')
    if (uri && enabled && binary && suites.includes(codename)) return { uri, signedBy: field('Signed-By') }
  }
  return undefined
}

// One line each: `deb [options] uri suite component…`.
function parseOneLine(text: string, codename: string): DebianSource | undefined {
  for (const line of text.split('\n')) {
    const parts = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s/.exec(`${line} `)
    if (!parts?.[2] || parts[3] !== codename) continue
    return { uri: parts[2], signedBy: /signed-by=(\S+)/.exec(parts[1] ?? '')?.[1] }
  }
  return undefined
}
