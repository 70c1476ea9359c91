import * as z from 'zod/mini'
import type { KeyPath } from './yaml-source.ts'

type Schema = z.core.$ZodType

/** The settings that a schema knows at a path, `[]` where it knows no names. */
export function keysAt(schema: Schema, path: KeyPath): string[] {
  const inner = unwrap(schema)
  const [part, ...rest] = path
  if (part === undefined) return inner instanceof z.ZodMiniObject ? Object.keys(inner.shape) : []
  const next = childOf(inner, part)
  return next === undefined ? [] : keysAt(next, rest)
}

/** Every setting of a schema, dotted; names that people choose and list positions are left out. */
export function allKeys(schema: Schema): string[] {
  const inner = unwrap(schema)
  if (!(inner instanceof z.ZodMiniObject)) return []
  return Object.entries<Schema>(inner.shape).flatMap(([key, value]) => [
    key,
    ...allKeys(value).map((below) => `${key}.${below}`),
  ])
}

function unwrap(schema: Schema): Schema {
  return schema instanceof z.ZodMiniOptional ? unwrap(schema.def.innerType) : schema
}

function childOf(schema: Schema, part: string | number): Schema | undefined {
  if (schema instanceof z.ZodMiniArray) return schema.def.element
  if (schema instanceof z.ZodMiniRecord) return schema.def.valueType
  if (!(schema instanceof z.ZodMiniObject)) return undefined
  const shape: Record<string, Schema> = schema.shape
  return Object.hasOwn(shape, part) ? shape[part] : undefined
}
