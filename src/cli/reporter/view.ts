import type { DoneView, View } from '../../app/views.ts'
import { tellAdoption } from './adoption-view.ts'
import { renderConfig } from './config-view.ts'
import { renderDoctor } from './doctor-view.ts'
import { renderHistory } from './history-view.ts'
import { tellLock } from './lock-view.ts'
import type { Look } from './look.ts'
import { renderPlan } from './plan-view.ts'
import { renderStatus } from './status-view.ts'
import type { ToldFailure } from './told-failure.ts'
import { renderTold } from './told-view.ts'
import { tellVerify } from './verify-view.ts'

/** What a command found, as text. */
export function renderView(view: View, look: Look): string[] {
  switch (view.view) {
    case 'status':
      return renderStatus(view, look)
    case 'history':
      return renderHistory(view, look)
    case 'plan':
      return renderPlan(view, look)
    case 'doctor':
      return renderDoctor(view, look)
    case 'verify':
      return renderTold(tellVerify(view), look)
    case 'config':
      return renderConfig(view, look)
    case 'lock':
      return renderTold(tellLock(view), look)
    case 'adoption':
      return renderTold(tellAdoption(view), look)
    case 'text':
      return view.text.replace(/\n$/, '').split('\n')
    case 'done':
      return renderTold({ sign: 'done', users: undefined, ...tellDone(view) }, look)
  }
}

function tellDone(view: DoneView): ToldFailure {
  switch (view.done) {
    case 'proxy-started':
      return {
        what: `The proxy of ${view.app} runs.`,
        why: view.urls.length === 0 ? [] : [`Users reach it at ${view.urls.join(' ')}`],
        next: [{ run: 'upgrade status', gives: 'shows who serves users' }],
      }
    case 'proxy-stopped':
      return {
        what: `The proxy of ${view.app} is stopped: users get no answer.`,
        why: [],
        next: [{ run: 'upgrade proxy start', gives: 'starts it again' }],
      }
    case 'maintenance-on':
      return {
        what: `Users of ${view.app} get the page of the maintenance now.`,
        why: [
          'Their requests are answered 503. Previews lead on, and so do upgrades, switches and rollbacks.',
        ],
        next: [{ run: 'upgrade maintenance off', gives: 'lets users in again' }],
      }
    case 'maintenance-off':
      return {
        what: `Users reach ${view.app} again.`,
        why: [],
        next: [{ run: 'upgrade status', gives: 'shows who serves users' }],
      }
    case 'settings-written':
      return {
        what: `Wrote ${view.path}.`,
        why: [],
        next: [
          { run: 'upgrade doctor', gives: 'checks that everything is there' },
          { run: 'upgrade plan', gives: 'shows what would happen' },
        ],
      }
  }
}
