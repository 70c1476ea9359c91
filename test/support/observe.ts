import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { StatusView } from '../../src/app/views.ts'
import type { HistoryEntry, Metadata } from '../../src/domain/release.ts'
import type { Sandbox } from './sandbox.ts'

export interface SeenContainer {
  id: string
  name: string
  service: string
  /** `running`, `exited`, … as docker calls it. */
  state: string
}

/** The containers of a compose project, stopped ones too. */
export async function containersOf(box: Sandbox, project: string): Promise<SeenContainer[]> {
  const format = '{{.ID}}\t{{.Names}}\t{{.Label "com.docker.compose.service"}}\t{{.State}}'
  const filter = `label=com.docker.compose.project=${project}`
  const listed = await box.docker(['ps', '-a', '--no-trunc', '--filter', filter, '--format', format])
  return lines(listed).map((line) => {
    const [id = '', name = '', service = '', state = ''] = line.split('\t')
    return { id, name, service, state }
  })
}

/** The one container of a service in a compose project; throws where there is none, or more than one. */
export async function containerOf(box: Sandbox, project: string, service: string): Promise<SeenContainer> {
  const found = (await containersOf(box, project)).filter((each) => each.service === service)
  const [container] = found
  if (container === undefined || found.length > 1)
    throw new Error(`${project} has ${found.length} containers of ${service}.`)
  return container
}

/** All names of an app's containers, networks and volumes, sorted; the proxy's left out. */
export async function traces(box: Sandbox): Promise<string[]> {
  const filter = ['--filter', `name=${box.app}`]
  const [containers, networks, volumes] = await Promise.all([
    box.docker(['ps', '-a', ...filter, '--format', '{{.Names}}']),
    box.docker(['network', 'ls', ...filter, '--format', '{{.Name}}']),
    box.docker(['volume', 'ls', ...filter, '--format', '{{.Name}}']),
  ])
  return [...lines(containers), ...lines(networks), ...lines(volumes)]
    .filter((name) => !name.includes(`${box.app}-proxy`))
    .sort()
}

/** All that an attempt could leave behind, in docker and in the deployments folder. */
export async function leftoversOf(box: Sandbox) {
  return { traces: await traces(box), snapshots: snapshotsOf(box), tags: await heldTags(box) }
}

/** What `upgrade status --json` tells. */
export async function statusOf(box: Sandbox): Promise<StatusView> {
  const ran = await box.upgrade(['status', '--json'])
  if (ran.code !== 0)
    throw new Error(`upgrade status ended with code ${ran.code}:\n${ran.stdout}${ran.stderr}`)
  return JSON.parse(ran.stdout) as StatusView
}

/** The port of the listener that leads to the standby color. */
export async function previewPort(box: Sandbox): Promise<number> {
  const [preview] = (await statusOf(box)).previews
  if (preview === undefined) throw new Error('No color stands by.')
  return Number(new URL(preview).port)
}

/** The releases that have a snapshot, oldest first. */
export function snapshotsOf(box: Sandbox): string[] {
  const folder = join(box.folder, 'deployments')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => /^(blue|green)-\d{8}-\d{6}/.test(name))
    .sort((a, b) => a.replace(/^[a-z]+-/, '').localeCompare(b.replace(/^[a-z]+-/, '')))
}

export function metadataOf(box: Sandbox, release: string): Metadata {
  return JSON.parse(box.read(`deployments/${release}/metadata.json`)) as Metadata
}

/** history.json, newest last. */
export function historyOf(box: Sandbox): HistoryEntry[] {
  return JSON.parse(box.read('deployments/history.json')) as HistoryEntry[]
}

/** The tags that hold images of releases, sorted. */
export async function heldTags(box: Sandbox): Promise<string[]> {
  const listed = await box.docker(['images', '--format', '{{.Repository}}:{{.Tag}}'])
  return lines(listed)
    .filter((image) => image.startsWith(`verdigris.local/${box.app}/`))
    .sort()
}

function lines(text: string): string[] {
  return text.split('\n').filter(Boolean)
}
