const LONGEST_PLAIN = 40

/**
 * A name of small letters, digits and single hyphens for a service: its own where `accepts` says so, else what is left
 * of it and a number that only it has. Compose allows capitals, dots and separators in a row, at any place and length;
 * registries and DNS do not, and `Web` beside `web` are two services.
 */
export function distinctName(service: string, accepts: (name: string) => boolean): string {
  if (accepts(service)) return service
  const plain = service
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, LONGEST_PLAIN)
    .replaceAll(/^-|-$/g, '')
  const distinct = [...service].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0, 7)
  return `${plain === '' ? 'service' : plain}-${distinct.toString(36)}`
}
