import type { ReleaseId } from './release.ts'

/** The name under which a release's image is held, whatever becomes of the name it was built or pulled under. */
export function holdTag({
  app,
  service,
  release,
}: {
  app: string
  service: string
  release: ReleaseId
}): string {
  return `verdigris.local/${app}/${repositoryName(service)}:${release}`
}

/** Service names may hold upper case and separators in a row, repository names may not. */
function repositoryName(service: string): string {
  const plain = service
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
  if (plain === service) return plain
  const distinct = [...service].reduce((sum, letter) => (sum * 31 + (letter.codePointAt(0) ?? 0)) >>> 0, 7)
  return `${plain === '' ? 'service' : plain}-${distinct.toString(36)}`
}
