import type { Color } from '../../domain/color.ts'
import { sentence } from './amount-words.ts'

/** What a person is asked before something that users would notice. */
export type Question =
  | { question: 'switch'; app: string; color: Color; preview: string | undefined }
  | { question: 'remove'; app: string; color: Color }
  | { question: 'stop-proxy'; app: string }

/** What must be known for an answer, and last the question itself. */
export function questionWords(question: Question): string[] {
  switch (question.question) {
    case 'switch':
      return [
        `${sentence(question.color)} is ready${question.preview === undefined ? '.' : `; look at it first: ${question.preview}`}`,
        `Switch the users of ${question.app} to ${question.color} now?`,
      ]
    case 'remove':
      return [
        `A rollback to ${question.color} would start it from its snapshot then, instead of at once.`,
        `Remove the containers of ${question.color}?`,
      ]
    case 'stop-proxy':
      return [`Users of ${question.app} get no answer until "upgrade proxy start".`, 'Stop the proxy?']
  }
}
