import { upstreamTable } from '../../domain/build-site.ts'
import { PLAIN_DELIVERY } from '../../domain/delivery.ts'
import { Expected } from '../../domain/failure.ts'
import type { Site } from '../../domain/site.ts'
import { sha256 } from '../digest.ts'
import type { ProxyFile } from './driver.ts'
import { CONFIG_ROOT, CURRENT_SITES, generationPath, sitePath } from './layout.ts'
import { portionsOf } from './long-connections.ts'
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
  return [...rendered, ...(await own(site, folder))]
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

/** The site that a generation was rendered from; `record-too-new`. */
export function parseSiteFile(text: string, file: string): Site {
  const record = JSON.parse(text) as { format: number; site: Site }
  if (record.format > FORMAT) {
    throw new Expected({ code: 'record-too-new', file, found: record.format, supported: FORMAT })
  }
  return { ...record.site, delivery: { ...PLAIN_DELIVERY, ...record.site.delivery } }
}

function underRoot(path: string): string {
  return path.slice(CONFIG_ROOT.length + 1)
}
