import { upstreamTable } from '../../domain/build-site.ts'
import { PLAIN_DELIVERY } from '../../domain/delivery.ts'
import { Expected } from '../../domain/failure.ts'
import type { Site } from '../../domain/site.ts'
import { sha256 } from '../digest.ts'
import { hasShape, parseJson } from '../store/records.ts'
import type { ProxyFile } from './driver.ts'
import { CONFIG_ROOT, CURRENT_SITES, generationPath, sitePath } from './layout.ts'
import { countsRequests, portionsOf } from './long-connections.ts'
import { renderMain, renderSite, type Templates } from './render.ts'

const FORMAT = 1

/** What generations are made from: templates, and files of the user's own for a site in a folder. */
export type Sources = {
  templates: Templates
  own: (site: Site, folder: string) => Promise<ProxyFile[]>
}

/** The files of one generation, relative to the configuration root. */
export async function generationFiles(
  { own, templates }: Sources,
  site: Site,
  folder: string,
): Promise<ProxyFile[]> {
  const path = generationPath(site.app, folder)
  const files = {
    'site.conf': await renderSite(templates, site, folder),
    'nginx.conf': await renderMain(templates, site, CURRENT_SITES),
    // What nginx is given to test: the same, with the candidate in the place of what is current.
    'test.conf': await renderMain(templates, site, `${path}/candidate.conf`),
    'candidate.conf': `include ${path}/site.conf;\n`,
    'site.json': `${JSON.stringify({ format: FORMAT, site }, undefined, 2)}\n`,
    active: `${site.active ?? 'none'}\n`,
    table: `${tableHash(site)}\n`,
    ...spreadFile(site),
  }
  const rendered = Object.entries(files).map(([name, content]) => ({
    path: underRoot(`${path}/${name}`),
    content,
    rendered: true as const,
  }))
  const ownFiles = await own(site, folder)
  const made = madeFrom({ templates, site, ownFiles, folder: underRoot(path) })
  const all = [...rendered, ...ownFiles, ...madeFile(made, underRoot(path))]
  return [...all, { path: underRoot(`${path}/sums`), content: sumsOf(all, underRoot(path)), rendered: true }]
}

/** What every file was when it was installed, as `sha256sum -c` reads it; the candidate is written anew there. */
function sumsOf(files: readonly ProxyFile[], folder: string): string {
  const lines = files.flatMap((file) => {
    const name = file.path.slice(folder.length + 1)
    return 'content' in file && name !== 'candidate.conf' ? [`${sha256(file.content)}  ${name}\n`] : []
  })
  return lines.join('')
}

/**
 * Equal for sites that would give the same files but for their number and color; undefined: users are not moved by
 * marks alone here.
 */
export async function madeOf({ own, templates }: Sources, site: Site): Promise<string | undefined> {
  const folder = 'any'
  const ownFiles = await own(site, folder)
  return madeFrom({ templates, site, ownFiles, folder: underRoot(generationPath(site.app, folder)) })
}

function madeFrom(from: {
  templates: Templates
  site: Site
  ownFiles: readonly ProxyFile[]
  folder: string
}): string | undefined {
  const { folder, ownFiles, templates, site } = from
  if (!countsRequests(site)) return undefined
  if (!MOVED_BY_MARKS.every((part) => templates['site.conf.ejs'].includes(part))) return undefined
  const own = ownFiles.map(({ path, ...file }) => [path.slice(folder.length), file])
  return sha256(JSON.stringify([{ ...site, generation: 0, active: undefined }, templates, own]))
}

// What of a template follows the marks, and tells which requests are left on a color then; one of the user's own may not.
const MOVED_BY_MARKS = ['/leads-to-', '/in-flight/', '/made-of']

function madeFile(made: string | undefined, folder: string): ProxyFile[] {
  return made === undefined ? [] : [{ path: `${folder}/made-of`, content: `${made}\n`, rendered: true }]
}

function spreadFile(site: Site): { spread?: string } {
  const portions = portionsOf(site)
  return portions === undefined ? {} : { spread: `${portions.quietMs} ${portions.overMs}\n` }
}

/** Links of a configuration volume that never held this app: what nginx is started from. */
export function firstLinks(app: string, folder: string): ProxyFile[] {
  return [
    { path: underRoot(`${sitePath(app)}/current`), link: `generations/${folder}` },
    { path: 'nginx.conf', link: underRoot(`${sitePath(app)}/current/nginx.conf`) },
  ]
}

/** Equal for generations whose workers can stand in for each other at a switch. */
export function tableHash(site: Site): string {
  return sha256(upstreamTable(site)).slice(0, 16)
}

/** The site that a generation was rendered from; undefined: somebody damaged the file; `record-too-new`. */
export function parseSiteFile(text: string, file: string): Site | undefined {
  const record = readRecord(text)
  if (record === undefined) return undefined
  if (record.format > FORMAT) {
    throw new Expected({ code: 'record-too-new', file, found: record.format, supported: FORMAT })
  }
  return { ...record.site, delivery: { ...PLAIN_DELIVERY, ...record.site.delivery } }
}

function readRecord(text: string): { format: number; site: Site } | undefined {
  const parsed = parseJson({ text })
  const value = 'value' in parsed ? parsed.value : undefined
  return hasShape(value, RECORD_SHAPE) && hasShape(value.site, SITE_SHAPE)
    ? (value as unknown as { format: number; site: Site })
    : undefined
}

const RECORD_SHAPE = { format: 'number', site: 'object' } as const
const SITE_SHAPE = { app: 'string', generation: 'number', releases: 'object', listeners: 'object' } as const

function underRoot(path: string): string {
  return path.slice(CONFIG_ROOT.length + 1)
}
