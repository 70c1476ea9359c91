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
  return `${holdPrefix(app)}${distinctName(service, isRepository)}:${release}`
}

/** How all names begin by which images of an app's releases are held. */
export function holdPrefix(app: string): string {
  return `verdigris.local/${app}/`
}

function isRepository(name: string): boolean {
  return name.length <= LONGEST && /^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name)
}

// A whole reference has 255 characters at most.
const LONGEST = 150
