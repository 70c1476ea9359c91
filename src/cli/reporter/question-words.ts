import type { Color } from '../../domain/color.ts'
import { sentence } from './amount-words.ts'

/** What a person is asked before something that users would notice. */
export type Question =
  | { question: 'switch'; app: string; color: Color; preview: string | undefined }
  | { question: 'remove'; color: Color | undefined }
  | { question: 'stop-proxy'; app: string }
  | { question: 'eject'; app: string }

/** What must be known for an answer, and last the question itself. */
export function questionWords(question: Question): string {
  switch (question.question) {
    case 'switch': {
      const { app, color, preview } = question
      const ready = `${sentence(color)} is ready${preview === undefined ? '.' : `: ${preview}`}`
      return `${ready}\nSwitch the users of ${app} to ${color} now?`
    }
    case 'remove': {
      const color = question.color ?? 'the standby color'
      return `A rollback would have to start ${color} from its snapshot then.\nRemove the containers of ${color}?`
    }
    case 'eject':
      return `Users of ${question.app} get no answer while its containers start under plain docker compose; then the proxy and both colors are removed.\nGive ${question.app} back to docker compose?`
    case 'stop-proxy':
      return `Users of ${question.app} get no answer until it is started again.\nStop the proxy?`
  }
}
