import type { Finding, Kill } from './patient.ts'

export interface Figures {
  kills: Kill[]
  interruptions: Kill[]
  findings: Finding[]
  requests: number
  failed: number
  failures: string[]
  durationMs: number
}

type Of = {
  patients: readonly {
    kills: readonly Kill[]
    interruptions: readonly Kill[]
    findings: readonly Finding[]
  }[]
  traffic: readonly { requests: number; failed: number; failures: readonly string[] }[]
  durationMs: number
}

export function figuresOf({ durationMs, patients, traffic }: Of): Figures {
  return {
    kills: patients.flatMap(({ kills }) => kills),
    interruptions: patients.flatMap(({ interruptions }) => interruptions),
    findings: patients.flatMap(({ findings }) => findings),
    requests: traffic.reduce((total, each) => total + each.requests, 0),
    failed: traffic.reduce((total, each) => total + each.failed, 0),
    failures: traffic.flatMap(({ failures }) => failures),
    durationMs,
  }
}

/** A line with everything in it that has to be 0. */
export function summary({ durationMs, failed, findings, interruptions, kills, requests }: Figures): string {
  const count = (kind: Finding['kind']) => findings.filter((each) => each.kind === kind).length
  return [
    `${kills.length} kills and ${interruptions.length} interruptions in ${Math.round(durationMs / 1_000)} s`,
    `${requests} requests, ${failed} failed`,
    `${count('wrong end')} wrong ends`,
    `${count('wrong record')} wrong records`,
    `${count('leftover')} leftovers`,
  ].join('; ')
}

/** How often each command was killed, and in which of its steps. */
export function killTable({ kills }: Pick<Figures, 'kills'>): string[] {
  const commands = [...new Set(kills.map(({ command }) => command))]
  return commands.map((command) => {
    const places = kills.filter((each) => each.command === command).map(({ place }) => place)
    const counted = [...new Set(places)].map(
      (place) => `${place} ${places.filter((each) => each === place).length}`,
    )
    return `${command}: ${places.length} (${counted.join(', ')})`
  })
}

/** What was found wrong, for whoever has to look into it. */
export function complaints({ failures, findings }: Figures): string[] {
  return [...findings.map(({ after, kind, what }) => `${kind}: ${what}\n  after ${after}`), ...failures]
}
