import { writeFileSync } from 'node:fs'
import { renderJsonSchema } from '../src/config/json-schema.ts'

writeFileSync(new URL('upgrade.schema.json', import.meta.url), renderJsonSchema())
