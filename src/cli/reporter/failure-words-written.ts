import type { Failure } from '../../domain/failure.ts'
import { countWords } from './amount-words.ts'
import { asSentence, logOf, shellWord, type ToldFailure } from './told-failure.ts'

type Written = Extract<
  Failure,
  {
    code:
      | 'wrong-usage'
      | 'unknown-color'
      | 'compose-file-missing'
      | 'compose-file-invalid'
      | 'compose-refused'
      | 'settings-invalid'
      | 'file-unusable'
      | 'template-failed'
      | 'nginx-refused'
      | 'record-too-new'
  }
>

/** Words for failures of what a person wrote: a command line, a compose file, settings, a template. */
export function tellWrittenFailure(failure: Written): ToldFailure {
  switch (failure.code) {
    case 'wrong-usage':
      return tellUsage(failure)
    case 'unknown-color':
      return {
        what: `There is no color "${failure.word}".`,
        why: ['An app runs in two colors: blue and green.'],
        next: [{ run: 'upgrade status', gives: 'shows which of them serves users' }],
      }
    case 'compose-file-missing':
      return {
        what: `There is no compose file in ${failure.directory}.`,
        why: [
          'Looked there, and in the folders above, for compose.yaml, compose.yml, docker-compose.yml and docker-compose.yaml.',
          ...(failure.records === undefined ? [] : [`Nothing is recorded of an app in ${failure.records}.`]),
        ],
        next: [
          {
            run: `upgrade -C path/to/your/app ${failure.records === undefined ? 'plan' : 'status'}`,
            gives: 'looks in another folder',
          },
        ],
      }
    case 'compose-file-invalid':
      return {
        what: 'Docker Compose refuses the compose file.',
        why: [...logOf(failure.output), ...(failure.place === undefined ? [] : [{ place: failure.place }])],
        next: [{ run: 'docker compose config --quiet', gives: 'checks it again' }],
      }
    case 'compose-refused':
      return {
        what: `The compose file asks for ${countWords(failure.refusals.length, 'thing')} that two colors cannot have.`,
        why: [{ diagnostics: failure.refusals }],
        next: [{ run: 'upgrade plan', gives: 'checks it again, and changes nothing' }],
      }
    case 'settings-invalid':
      return {
        what: `The settings have ${countWords(failure.diagnostics.length, 'mistake')}.`,
        why: [{ diagnostics: failure.diagnostics }],
        next: [{ run: 'upgrade config', gives: 'shows every setting and where it comes from' }],
      }
    case 'file-unusable':
      return {
        what: `${failure.path} cannot be read as a file.`,
        why: [failure.reason],
        next: [
          { run: `ls -ld ${shellWord(failure.path)}`, gives: 'shows what it is' },
          { words: 'Put a file there, or take away what is there.' },
        ],
      }
    case 'template-failed': {
      const line = failure.line === undefined ? '' : `, line ${failure.line}`
      return {
        what: `The template ${failure.template} could not be rendered.`,
        why: [asSentence(`${failure.template}${line}: ${failure.reason}`)],
        next: [{ run: 'upgrade plan', gives: 'renders it again, and changes nothing' }],
      }
    }
    case 'nginx-refused':
      return {
        what: 'nginx refuses the new configuration; it was not installed.',
        why: [
          ...logOf(failure.output),
          ...(failure.template === undefined
            ? []
            : [`It was rendered from your template ${failure.template}.`]),
        ],
        next: [{ run: 'upgrade plan --json', gives: 'has what it refuses, in nginxDiff' }],
      }
    case 'record-too-new':
      return {
        what: `${failure.file} was written by a newer version of this tool.`,
        why: [`Its format is ${failure.found}; this version reads formats up to ${failure.supported}.`],
        next: [{ run: `npm install --global verdigris@latest`, gives: 'brings the newer version' }],
      }
  }
}

function tellUsage(failure: Extract<Failure, { code: 'wrong-usage' }>): ToldFailure {
  const [what = '', ...why] = failure.message.split('\n')
  return {
    what: asSentence(what),
    why: why.map(asSentence),
    next: (failure.next ?? ['upgrade --help']).map((run) => ({ run: shellLine(run) })),
  }
}

function shellLine(command: string): string {
  return command.split(' ').map(shellWord).join(' ')
}
