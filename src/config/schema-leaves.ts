import * as z from 'zod/mini'
import { DURATION_PATTERN, type WrittenDuration } from './duration.ts'
import { ARGUMENT, PROGRAM, type Rule, SWITCH, type WholeRule } from './rules.ts'

/** What editors show of a value: a sentence, and the default as it would be written. */
export type Doc = { description: string; default?: unknown }

/** The phrase for a value that must hold other settings. */
export const MAP = 'a map of settings'

/** A text that obeys a rule. */
export function text(rule: Rule<string>, doc?: Doc) {
  return z.string({ error: rule.expected }).check(obeys(rule), z.meta(doc ?? {}))
}

/** A whole number within the bounds of its rule. */
export function whole(rule: WholeRule, doc: Doc) {
  return z
    .number({ error: rule.expected })
    .check(obeys(rule), z.meta({ type: 'integer', minimum: rule.min, maximum: rule.max, ...doc }))
}

/** `true` or `false`. */
export function yesOrNo(doc: Doc) {
  return z.boolean({ error: SWITCH.expected }).check(z.meta(doc))
}

/** A duration as people write it. */
export function duration(rule: Rule<WrittenDuration>, doc: Doc) {
  return z
    .union([z.number(), z.string()], { error: rule.expected })
    .check(obeys(rule), z.meta({ pattern: DURATION_PATTERN.source, ...doc }))
}

/** A program and its arguments, as a list: no shell reads it. */
export function commandLine(doc: Doc) {
  const error = 'a program and its arguments, as a list such as [./notify.sh, done]'
  return z.tuple([text(PROGRAM)], text(ARGUMENT), { error }).check(z.meta(doc))
}

/** The check that a rule is; its issues carry the rule, for the hint. */
export function obeys<T>(rule: Rule<T>) {
  return z.refine<T>(rule.accepts, { error: rule.expected, params: { rule } })
}
