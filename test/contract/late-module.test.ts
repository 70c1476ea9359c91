import { expect, test } from 'vitest'
import { lateModule } from '../../src/infra/late-module.ts'

test('members of a package that is loaded late can be called, constructed and read', () => {
  const { Document, parse } = lateModule(['yaml']) as typeof import('yaml')
  expect(parse('a: 1')).toEqual({ a: 1 })
  expect(new Document({ a: 1 }).toString()).toBe('a: 1\n')
  expect(Document.name).toBe('Document')
})
