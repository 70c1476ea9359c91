import * as z from 'zod/mini'
import { UPGRADE_FILE } from './schema.ts'

/** The JSON Schema of upgrade.yaml, as it is checked in at schema/upgrade.schema.json. */
export function renderJsonSchema(): string {
  // Draft 7 is what the YAML language server, and so most editors, knows best.
  const schema = z.toJSONSchema(UPGRADE_FILE, { io: 'input', target: 'draft-7' })
  return `${JSON.stringify(schema, null, 2)}\n`
}
