import type { Diagnostic, SettingOrigin } from '../domain/settings.ts'
import { parseDurationMs, type WrittenDuration } from './duration.ts'
import type { Rule } from './rules.ts'
import { expectedButFound } from './wording.ts'

/** Settings that more than one source can give, by their key in upgrade.yaml; durations are in ms already. */
export type Common = {
  app: string
  deployments: string
  rollback_limit: number
  auto_switch: boolean
  auto_cleanup: boolean
  'health.timeout': number
  'health.interval': number
  'proxy.image': string
  'proxy.preview_port': number
  'proxy.management_port': number
}

/** What one source says: values, where each came from, and what is wrong. */
export type Layer = {
  values: Partial<Common>
  readonly origins: Record<string, SettingOrigin>
  diagnostics: Diagnostic[]
}

/** A setting that comes as text, and how it is read. */
export type TextSetting = {
  key: keyof Common
  rule: { expected: string; hint: (text: string) => string | undefined }
  read: (text: string) => Partial<Common> | undefined
}

/** Reads settings that come as texts; an empty text counts as not set. */
export function readTexts(input: {
  texts: Readonly<Record<string, string | undefined>>
  table: Readonly<Record<string, TextSetting>>
  originOf: (name: string) => SettingOrigin
}): Layer {
  const layer: Layer = { values: {}, origins: {}, diagnostics: [] }
  for (const [name, setting] of Object.entries(input.table)) {
    const text = input.texts[name]?.trim()
    if (!text) continue
    const value = setting.read(text)
    if (value === undefined) {
      layer.diagnostics.push({
        place: undefined,
        path: name,
        message: expectedButFound(setting.rule.expected, text),
        hint: setting.rule.hint(text),
      })
      continue
    }
    Object.assign(layer.values, value)
    layer.origins[setting.key] = input.originOf(name)
  }
  return layer
}

type KeysOf<T> = { [K in keyof Common]: Common[K] extends T ? K : never }[keyof Common]

/** A setting that is the text itself. */
export function asText(key: KeysOf<string>, rule: Rule<string>): TextSetting {
  return setting({ key, rule, parse: (text) => text })
}

/** A setting that is a whole number. */
export function asWhole(key: KeysOf<number>, rule: Rule<number>): TextSetting {
  return setting({ key, rule, parse: (text) => (/^\d{1,15}$/.test(text) ? Number(text) : undefined) })
}

/** A setting that is yes or no, in the words that environments use for it. */
export function asSwitch(key: KeysOf<boolean>): TextSetting {
  const words = new Map(Object.entries({ true: true, yes: true, 1: true, false: false, no: false, 0: false }))
  const rule = { expected: 'true or false (or yes, no, 1, 0)', accepts: () => true }
  return setting({ key, rule, parse: (text) => words.get(text.toLowerCase()) })
}

/** A setting that is a duration; a number without a unit means seconds. */
export function asDuration(key: KeysOf<number>, rule: Rule<WrittenDuration>): TextSetting {
  return {
    key,
    rule: { expected: rule.expected, hint: (text) => rule.hint?.(text) },
    read: (text) => (rule.accepts(text) ? { [key]: parseDurationMs(text) } : undefined),
  }
}

function setting<T>(input: {
  key: keyof Common
  rule: Rule<T>
  parse: (text: string) => T | undefined
}): TextSetting {
  const { key, rule, parse } = input
  const hintFor = (value: T | undefined) => (value === undefined ? undefined : rule.hint?.(value))
  return {
    key,
    rule: { expected: rule.expected, hint: (text) => hintFor(parse(text)) },
    read: (text) => {
      const value = parse(text)
      return value !== undefined && rule.accepts(value) ? { [key]: value } : undefined
    },
  }
}
