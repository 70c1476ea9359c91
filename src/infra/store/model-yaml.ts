import type { ComposeModel } from '../../domain/compose-model.ts'
import { isObject } from './records.ts'

/** A model as a compose file that Compose reads back to the very same values. */
export async function renderModel(model: ComposeModel): Promise<string> {
  const { Document, visit } = await import('yaml')
  // Compose's parser knows YAML 1.1: there a bare `yes` or `012` is no text, and must be written in quotes.
  const document = new Document(model, { version: '1.1', aliasDuplicateObjects: false })
  visit(document, {
    Scalar: (_, scalar) => {
      if (typeof scalar.value === 'string' && UNSAFE.test(scalar.value)) scalar.type = 'QUOTE_DOUBLE'
    },
  })
  const text = document.toString({ lineWidth: 0 })
  return text.replaceAll(
    new RegExp(UNSAFE, 'g'),
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

// YAML 1.1 takes some of these for line breaks and refuses the others; the yaml package writes them as they are.
const UNSAFE = /[\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/

/** The model of a compose file that `renderModel` wrote, or why it is none. */
export async function parseModel(text: string): Promise<{ model: ComposeModel } | { reason: string }> {
  const { parse } = await import('yaml')
  try {
    const model: unknown = parse(text, { version: '1.1' })
    if (!isObject(model) || !isObject(model.services)) return { reason: 'It has no services.' }
    return { model: model as ComposeModel }
  } catch (error) {
    return { reason: (error as Error).message }
  }
}
