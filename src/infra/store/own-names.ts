import { Expected } from '../../domain/failure.ts'
import { readdir } from '../files.ts'

// Records that were set aside keep their names, with an end.
const OWN =
  /^(?:active|(?:history|journal|freeze|lock)\.json|lock|lock\.guard|proxy|(?:blue|green)-\d{8}-\d{6}(?:-\d+)?)(?:\.corrupt-\w+)?$/
// What a checkout or a file system brings along, and temporary files.
const HARMLESS = /^(?:\.|README|lost\+found$)/

/** Whether this tool puts something of that name into a deployments folder. */
export function isOwn(name: string): boolean {
  return OWN.test(name)
}

/**
 * Refuses a folder in which something else is kept: records are for their owner alone, and a folder that is closed to
 * everybody else takes with it whatever others read there, be it `deployments: .` or DEPLOYMENT_DIR=/srv.
 * `deployment-dir-unwritable`.
 */
export async function refuseShared(folder: string): Promise<void> {
  const others = (await readdir(folder)).filter((name) => !OWN.test(name) && !HARMLESS.test(name)).sort()
  if (others.length === 0) return
  const more = others.length > 3 ? ` and ${others.length - 3} more` : ''
  const reason = `Others may read it, and would no longer get at ${others.slice(0, 3).join(', ')}${more}: records need a folder of their own`
  throw new Expected({ code: 'deployment-dir-unwritable', path: folder, reason })
}
