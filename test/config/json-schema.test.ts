import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { renderJsonSchema } from '../../src/config/json-schema.ts'

test('the checked-in JSON Schema is the generated one (npm run schema)', () => {
  const checkedIn = new URL('../../schema/upgrade.schema.json', import.meta.url)
  expect(readFileSync(checkedIn, 'utf8')).toBe(renderJsonSchema())
})

test('every setting is described', () => {
  const { properties } = JSON.parse(renderJsonSchema())
  const silent = Object.keys(properties).filter((key) => !properties[key].description)
  expect(silent).toEqual([])
})
