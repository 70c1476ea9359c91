const ASSIGNMENT = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=\s*(.*?)\s*$/

/** The assignments of a `.env` file as Compose reads the simple ones; what spans lines is left out. */
export function parseDotenv(text: string): Record<string, { value: string; line: number }> {
  const entries: [string, { value: string; line: number }][] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const [, name, written] = ASSIGNMENT.exec(line) ?? []
    const value = written === undefined ? undefined : unquote(written)
    if (name !== undefined && value !== undefined) entries.push([name, { value, line: index + 1 }])
  }
  return Object.fromEntries(entries)
}

/** A one-line scalar without its quotes and the comment behind it; undefined when a quote stays open. */
export function unquote(written: string): string | undefined {
  const quoted = /^(["'])(.*?)\1\s*(?:#.*)?$/.exec(written)
  if (quoted !== null) return quoted[2]
  return /^["']/.test(written) ? undefined : written.replace(/(^|\s+)#.*$/, '').trim()
}
