import type { Note } from '../../app/events.ts'
import type { SetAside } from '../../domain/facts.ts'
import { countWords, listWords, reasonWords } from './amount-words.ts'
import { holderWords } from './lock-words.ts'
import { asSentence } from './told-failure.ts'
import { gapWords, sharedChangedWords } from './warning-words.ts'

/** Words of a record that nobody can read. */
export function setAsideWords({ file, keptAs, reason }: SetAside): string {
  return `${file} could not be read (${reason}). It was kept as ${keptAs} and is made anew from what runs.`
}

/** Words of a note, and whether it is a warning or only worth knowing. */
export function noteWords(note: Note): { tone: 'warning' | 'remark'; text: string } {
  switch (note.note) {
    case 'record-set-aside':
      return warning(setAsideWords(note))
    case 'snapshot-broken':
      return warning(`The snapshot ${note.id} cannot be gone back to. ${asSentence(note.reason)}`)
    case 'record-repaired':
      return warning(
        `The record of ${note.what === 'active' ? 'the active color' : 'past switches'} said ${note.from ?? 'nothing'}; it says ${note.to ?? 'nothing'} now, as nginx does.`,
      )
    case 'recovered':
      return warning(
        note.way === 'finished'
          ? `An earlier "${note.command}" died at the step ${note.step}; users had been switched, so it was finished.`
          : `An earlier "${note.command}" died at the step ${note.step}; users had not been switched, so it was taken back.`,
      )
    case 'pull-failed-used-local':
      return warning(
        `${note.image} of ${note.service} could not be pulled; the one that is here is used. ${asSentence(lastLine(note.reason))}`,
      )
    case 'named-again':
      return warning(
        `${note.image} of ${note.service} had lost its name; it has it back, as ${note.release} holds it. ${note.reason === undefined ? '' : `It could not be pulled: ${asSentence(lastLine(note.reason))}`}`,
      )
    case 'pulling-again':
      return {
        tone: 'remark',
        text: `Pulling ${note.image} of ${note.service} again by its digest: it is no longer here.`,
      }
    case 'volume-written-by-both':
      return warning(
        `Both colors write the volume ${note.volume} while they run side by side (${listWords(note.services)}).`,
      )
    case 'setting-up':
      return { tone: 'remark', text: 'Setting up the proxy, for the first time.' }
    case 'proxy-rebuilt':
      return warning(
        `The proxy was gone, and is made again${note.leadsTo === undefined ? '' : `: it leads users to ${note.leadsTo}`}.`,
      )
    case 'proxy-mended':
      return warning(`The proxy ${WAS[note.was]}; it runs again, and users get answers.`)
    case 'proxy-files-mended':
      return warning(
        `${listWords(note.files)} of the proxy had been changed; they are as they were, as generation ${note.generation}.`,
      )
    case 'rejoined':
      return warning(
        `Joined to networks that they were not on: ${listWords(note.joined.map(({ network, service }) => `${service} to ${network}`))}.`,
      )
    case 'starts-with-engine':
      return warning(
        `${firstFew(note.containers)} would not have come up again with Docker; ${note.containers.length === 1 ? 'it does' : 'they do'} now, as the compose file has it.`,
      )
    case 'rights-taken':
      return warning(
        `Others could get at ${countWords(note.paths.length, 'file')} of the deployments folder (${firstFew(note.paths)}); now only their owner can.`,
      )
    case 'adopts':
      return adoptsWords(note)
    case 'ejecting':
      return warning(
        `Giving ${listWords(note.services)} back to plain docker compose: users get no answer on port ${listWords(note.ports)} while ${note.services.length === 1 ? 'it starts' : 'they start'}.`,
      )
    case 'leftover':
      return warning(`Left over: ${leftoverWords(note.what)} (${reasonWords(note.reason)}).`)
    case 'lock-taken-over':
      return warning(`The lock was ${note.holder}'s, which no longer runs; it was taken over.`)
    case 'waiting-for-lock':
      return {
        tone: 'remark',
        text: `Waiting up to ${note.seconds} s for the lock. ${holderWords(note.holder)}`,
      }
    case 'waiting-for-stop':
      return {
        tone: 'remark',
        text: `Interrupted while ${firstFew(note.containers)} ${note.containers.length === 1 ? 'stops' : 'stop'}: waiting for that, ${note.seconds} s at most. A second Ctrl-C ends this at once.`,
      }
    case 'shared-changed':
      return warning(sharedChangedWords(note))
    case 'not-quieted':
      return warning(
        `${note.service} could not be quieted (${reasonWords(note.reason)}); it is stopped all the same.`,
      )
    case 'kept-for-inspection':
      return warning(
        `${note.color} was kept for you to look at. "upgrade cleanup ${note.color} --remove" removes it.`,
      )
    case 'maintenance-is-on':
      return warning('Maintenance is on: users get its page until "upgrade maintenance off".')
    case 'verifying':
      return { tone: 'remark', text: `Sending requests to ${note.url} for ${note.seconds} s.` }
  }
}

function adoptsWords({ containers, gapMs, ports }: Extract<Note, { note: 'adopts' }>) {
  const runs = `${listWords(containers)} ${containers.length === 1 ? 'runs' : 'run'} under plain docker compose`
  if (ports.length === 0)
    return {
      tone: 'remark' as const,
      text: `${runs}, and will be stopped once users are on the new release.`,
    }
  return warning(`${runs}, with port ${listWords(ports)}. ${gapWords({ gapMs })}`)
}

function warning(text: string): { tone: 'warning'; text: string } {
  return { tone: 'warning', text: text.trim() }
}

/** Where Compose says why; its progress stands before it. */
function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}

/** What the way back could not undo, by the name of its action; other leftovers are named as they are. */
function leftoverWords(what: string): string {
  switch (what) {
    case 'close-proxy':
      return 'the proxy, with ports that it does not serve'
    case 'remove-standby':
      return 'containers of the new release'
    case 'forget-release':
      return 'nginx knows of the new release, which no user is led to'
    case 'restore-displaced':
      return 'the standby color does not run again'
    case 'remove-proxy':
      return 'the proxy that this run made'
    case 'drop-snapshot':
      return 'the snapshot and images of the new release'
    default:
      return what
  }
}

const WAS = { absent: 'was gone', stopped: 'was stopped', silent: 'gave no answer' } as const

function firstFew(paths: readonly string[]): string {
  const more = paths.length - 3
  return listWords(more > 1 ? [...paths.slice(0, 3), `${more} more`] : paths)
}
