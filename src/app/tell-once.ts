import type { Failure, FailureCode } from '../domain/failure.ts'
import type { DoctorCheck, DoctorCheckId } from './views.ts'

/** Whose matter a failure is that other checks may meet before it. */
const OWNER: Partial<Record<FailureCode, DoctorCheckId>> = {
  'compose-missing': 'compose',
  'compose-too-old': 'compose',
  'deployment-dir-unwritable': 'deployments',
  'folder-unsafe': 'deployments',
  'file-failed': 'deployments',
  'record-too-new': 'records',
}

/** What several checks fail of is told by one; the others found nothing out, and say whose matter it is. */
export function tellOnce(checks: readonly DoctorCheck[]): DoctorCheck[] {
  return checks.map((check) => {
    const { failure, id } = check
    if (failure === undefined) return check
    const because = ownerOf(
      checks.filter((each) => each.failure && causeOf(each.failure) === causeOf(failure)),
    )
    if (because === undefined || because === id) return check
    return { id, verdict: 'skipped', found: '', failure: undefined, cure: undefined, because }
  })
}

function ownerOf(failed: readonly DoctorCheck[]): DoctorCheckId | undefined {
  const owner = failed.find(({ failure, id }) => failure !== undefined && OWNER[failure.code] === id)
  return (owner ?? failed[0])?.id
}

/** Equal for failures that one cause has, whatever was asked. */
function causeOf(failure: Failure): string {
  switch (failure.code) {
    case 'engine-unreachable':
      return failure.code
    case 'command-failed':
      return failure.output
    case 'deployment-dir-unwritable':
    case 'file-failed':
      return `${failure.path}: ${failure.reason}`
    default:
      return JSON.stringify(failure)
  }
}
