import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import type { StatusView } from '../../../src/app/views.ts'
import type { HistoryEntry, Metadata } from '../../../src/domain/release.ts'
import { heldTags, historyOf, metadataOf, snapshotsOf } from '../observe.ts'
import type { Sandbox } from '../sandbox.ts'

/** What docker, nginx and the files say of an app, whatever the tool itself says. */
export interface Facts {
  app: string
  status: StatusView
  /** The number of the release that answered a user. */
  answered: string
  containers: AppContainer[]
  networks: string[]
  volumes: string[]
  tags: string[]
  /** What lies in the deployments folder, snapshots apart. */
  files: string[]
  active: string
  history: HistoryEntry[]
  snapshots: (Metadata & { version: string; whole: boolean })[]
}

export interface AppContainer {
  id: string
  name: string
  project: string
  service: string
  release: string
  oneOff: boolean
  running: boolean
}

/** Looks at everything that could tell another story than the rest. */
export async function gatherFacts(box: Sandbox, status: StatusView): Promise<Facts> {
  const [containers, networks, volumes, tags, answer] = await Promise.all([
    appContainers(box),
    names(box, ['network', 'ls', '--format', '{{.Name}}']),
    names(box, ['volume', 'ls', '--format', '{{.Name}}']),
    heldTags(box),
    box.get('/'),
  ])
  const snapshots = snapshotsOf(box)
  return {
    app: box.app,
    status,
    answered: String(answer.headers['x-version']),
    containers,
    networks,
    volumes,
    tags,
    files: readdirSync(join(box.folder, 'deployments')).filter((name) => !snapshots.includes(name)),
    active: box.read('deployments/active').trim(),
    history: historyOf(box),
    snapshots: snapshots.map((id) => snapshot(box, id)),
  }
}

async function appContainers(box: Sandbox): Promise<AppContainer[]> {
  const labels = ['com.docker.compose.project', 'com.docker.compose.service', 'verdigris.release']
  const columns = [...labels, 'com.docker.compose.oneoff'].map((label) => `{{.Label "${label}"}}`)
  const format = ['{{.ID}}', '{{.Names}}', '{{.State}}', ...columns].join('\t')
  return (await names(box, ['ps', '-a', '--format', format])).map((line) => {
    const [id = '', name = '', state = '', project = '', service = '', release = '', oneOff = ''] =
      line.split('\t')
    return { id, name, project, service, release, oneOff: oneOff === 'True', running: state === 'running' }
  })
}

async function names(box: Sandbox, words: string[]): Promise<string[]> {
  const listed = await box.docker([...words, '--filter', `name=${box.app}`])
  return listed.split('\n').filter(Boolean).sort()
}

function snapshot(box: Sandbox, id: string): Facts['snapshots'][number] {
  const path = (file: string) => join(box.folder, 'deployments', id, file)
  const files = ['.env', 'docker-compose.yml', 'containers.txt', 'metadata.json']
  const compose = parse(readFileSync(path('docker-compose.yml'), 'utf8')) as {
    services: { web: { environment: { VERSION: string } } }
  }
  return {
    ...metadataOf(box, id),
    version: compose.services.web.environment.VERSION,
    whole: files.every((file) => existsSync(path(file))),
  }
}
