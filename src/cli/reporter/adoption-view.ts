import type { AdoptionView } from '../../app/views.ts'
import { listWords, timeWords } from './amount-words.ts'
import type { Told } from './told-failure.ts'

/** What the first release does to an app that runs under plain Compose. */
export function tellAdoption(view: AdoptionView): Told {
  const { active, app, serving, singletons } = view
  const told = { sign: 'done', users: 'Nothing was changed.' } as const
  if (active !== undefined) {
    const what = `${app} was taken over already: ${active} serves it.`
    return { ...told, what, why: [], next: [{ run: 'upgrade eject', gives: 'is the way out' }] }
  }
  if (serving.length + singletons.length === 0) {
    const what = `Nothing of ${app} runs under plain docker compose.`
    return { ...told, what, why: [], next: [{ run: 'upgrade perform', gives: 'makes the first release' }] }
  }
  return {
    ...told,
    what: `How "upgrade perform" takes ${app} over from plain docker compose:`,
    why: [...beforeWords(view), ...switchWords(view), ...afterWords(view)],
    next: [
      { run: 'upgrade perform', gives: 'brings up blue, and asks before the switch' },
      { run: 'upgrade eject', gives: 'is the way out, afterwards' },
    ],
  }
}

function beforeWords({ serving, shared, singletons }: AdoptionView): string[] {
  const kept = shared.length === 0 ? '' : ` ${listWords(shared)} stays as it runs and serves both.`
  return [
    `Before the switch: blue comes up beside ${listWords([...serving, ...singletons])} and is checked. What fails until then leaves them untouched.${kept}`,
  ]
}

function switchWords({ gapMs, ports, singletons }: AdoptionView): string[] {
  const gap =
    ports.length === 0
      ? []
      : [
          `At the switch: the proxy takes port ${listWords(ports)} over. Users get no answer for about ${timeWords(gapMs)}, this once, and requests under way are cut off. What fails gives the ports back.`,
        ]
  const handed =
    singletons.length === 0
      ? []
      : [`Then ${listWords(singletons)} stops, before the one in blue starts: never two at once.`]
  return [...gap, ...handed]
}

function afterWords({ serving, singletons }: AdoptionView): string[] {
  return [
    `Afterwards: ${listWords([...serving, ...singletons])} are stopped, not removed. Do not start them by hand: "docker compose up" would find the ports taken, and run what must not run twice.`,
    'From then on upgrades cost users nothing.',
  ]
}
