import { distinctName } from './distinct-name.ts'
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
  return `verdigris.local/${app}/${distinctName(service, isRepository)}:${release}`
}

function isRepository(name: string): boolean {
  return name.length <= LONGEST && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name)
}

// A whole reference has 255 characters at most.
const LONGEST = 150
