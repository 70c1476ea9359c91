import type { Records, World } from './facts.ts'

/** Whether a deployments folder tells of an app. */
export function isRecorded({ active, broken, history, setAside, snapshots }: Records): boolean {
  if (active !== undefined || history.at(-1) !== undefined) return true
  return [broken, setAside, snapshots].some((each) => each.length > 0)
}

/** Whether anything of an app is there: records, its proxy, a color. */
export function isKnown({ containers, proxy, records }: World): boolean {
  return (
    isRecorded(records) || proxy.state !== 'absent' || containers.some(({ color }) => color !== undefined)
  )
}
