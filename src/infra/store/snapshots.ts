import { join } from 'node:path'
import type { Snapshot } from '../../app/ports/records.ts'
import type { Records } from '../../domain/facts.ts'
import { Expected } from '../../domain/failure.ts'
import type { Metadata, ReleaseId } from '../../domain/release.ts'
import { readdir } from '../files.ts'
import { errorCode, onFile } from './failures.ts'
import { parseModel, renderModel } from './model-yaml.ts'
import { hasShape, parseJson, readRecord, refuseNewer } from './records.ts'
import { removeFolderAtomic, writeAtomic, writeFolderAtomic } from './write-atomic.ts'

const SNAPSHOT_FILE = {
  dotenv: '.env',
  compose: 'docker-compose.yml',
  containers: 'containers.txt',
  metadata: 'metadata.json',
  jobs: 'jobs.txt',
} as const

/** The snapshots of a deployments folder, `<id>/`. */
export type Snapshots = {
  /** Metadata of all that can be read, oldest first, and what is wrong with the others. */
  list(): Promise<Pick<Records, 'snapshots' | 'broken'>>
  write(snapshot: Snapshot): Promise<void>
  writeJobs(id: ReleaseId, text: string): Promise<void>
  updateMetadata(metadata: Metadata): Promise<void>
  read(id: ReleaseId): Promise<Snapshot>
  remove(id: ReleaseId): Promise<void>
  composePath(id: ReleaseId): string
}

export function createSnapshots(dir: string): Snapshots {
  const folderOf = (id: ReleaseId) => {
    // Ids come from people too: one never leads out of the folder.
    if (!ID.test(id)) throw new Expected({ code: 'snapshot-missing', id, known: [] })
    return join(dir, id)
  }
  const fileOf = (id: ReleaseId, file: keyof typeof SNAPSHOT_FILE) => join(folderOf(id), SNAPSHOT_FILE[file])
  const list = async () => {
    const all = await Promise.all(
      (await idsIn(dir)).map(async (id) => ({ id, ...(await readMetadata(fileOf(id, 'metadata'), id)) })),
    )
    return {
      snapshots: all.flatMap((found) => ('metadata' in found ? [found.metadata] : [])).sort(byAge),
      broken: all.flatMap((found) => ('reason' in found ? [{ id: found.id, reason: found.reason }] : [])),
    }
  }
  return {
    list,
    write: async (snapshot) => {
      const files = new Map([
        [SNAPSHOT_FILE.dotenv, snapshot.dotenv],
        [SNAPSHOT_FILE.compose, await renderModel(snapshot.model)],
        [SNAPSHOT_FILE.containers, snapshot.containers],
        [SNAPSHOT_FILE.metadata, renderJson(snapshot.metadata)],
      ])
      const folder = folderOf(snapshot.metadata.id)
      await onFile(folder, () => writeFolderAtomic(folder, files))
    },
    writeJobs: async (id, text) => {
      const path = fileOf(id, 'jobs')
      await onFile(path, () => writeAtomic(path, text))
    },
    updateMetadata: async (metadata) => {
      const path = fileOf(metadata.id, 'metadata')
      await onFile(path, () => writeAtomic(path, renderJson(metadata)))
    },
    read: async (id) => {
      const ids = ID.test(id) ? await idsIn(dir) : []
      if (!ids.includes(id)) {
        const known = (await list()).snapshots.map((metadata) => metadata.id)
        throw new Expected({ code: 'snapshot-missing', id, known })
      }
      const found = await readMetadata(fileOf(id, 'metadata'), id)
      if ('reason' in found) throw broken(id, found.reason)
      const text = async (file: keyof typeof SNAPSHOT_FILE) => {
        const written = await readRecord(fileOf(id, file))
        if (written !== undefined && 'reason' in written)
          throw broken(id, `${SNAPSHOT_FILE[file]}: ${written.reason}`)
        return written?.text
      }
      const composeText = await text('compose')
      if (composeText === undefined) throw broken(id, `${SNAPSHOT_FILE.compose} is missing.`)
      const parsed = await parseModel(composeText)
      if ('reason' in parsed) throw broken(id, `${SNAPSHOT_FILE.compose}: ${parsed.reason}`)
      const dotenv = (await text('dotenv')) ?? ''
      const containers = (await text('containers')) ?? ''
      return { metadata: found.metadata, model: parsed.model, dotenv, containers }
    },
    remove: async (id) => {
      const folder = folderOf(id)
      await onFile(folder, () => removeFolderAtomic(folder))
    },
    composePath: (id) => fileOf(id, 'compose'),
  }
}

/** `<color>-<YYYYMMDD>-<HHMMSS>`, with a number where two were made in one second. */
const ID = /^(?:blue|green)-\d{8}-\d{6}(?:-\d+)?$/

async function idsIn(dir: string): Promise<ReleaseId[]> {
  return await onFile(dir, async () => {
    try {
      const entries = await readdir(dir, { withFileTypes: true })
      return entries.filter((entry) => entry.isDirectory() && ID.test(entry.name)).map((entry) => entry.name)
    } catch (error) {
      if (errorCode(error) === 'ENOENT') return []
      throw error
    }
  })
}

function byAge(a: Metadata, b: Metadata): number {
  return compare(a.created, b.created) || compare(a.id, b.id)
}

// Not localeCompare: its first call loads the collation tables, a tenth of what `status` may take.
function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b)
}

async function readMetadata(
  path: string,
  id: ReleaseId,
): Promise<{ metadata: Metadata } | { reason: string }> {
  const written = await readRecord(path)
  if (written === undefined) return { reason: `${SNAPSHOT_FILE.metadata} is missing.` }
  const parsed = parseJson(written)
  if ('reason' in parsed) return { reason: `${SNAPSHOT_FILE.metadata}: ${parsed.reason}` }
  refuseNewer(parsed.value, join(id, SNAPSHOT_FILE.metadata))
  if (!hasShape(parsed.value, METADATA_SHAPE) || parsed.value.id !== id)
    return { reason: `${SNAPSHOT_FILE.metadata} is not the metadata of ${id}.` }
  return { metadata: parsed.value as Metadata }
}

const METADATA_SHAPE = {
  format: 'number',
  id: 'string',
  app: 'string',
  color: 'string',
  created: 'string',
  fingerprint: 'string',
  images: 'object',
  services: 'object',
  routes: 'object',
  containers: 'object',
} as const

function broken(id: ReleaseId, reason: string): Expected {
  return new Expected({ code: 'snapshot-broken', id, reason })
}

function renderJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}
