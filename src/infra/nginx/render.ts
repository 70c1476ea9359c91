import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { Expected } from '../../domain/failure.ts'
import type { Site } from '../../domain/site.ts'
import { readFile, stat } from '../files.ts'
import { packageRoot } from '../package-root.ts'
import { readWritten } from '../read-plain.ts'
import { guardTree, guardValue, strictView } from './guard.ts'
import { cutAfterMs, workersOf } from './long-connections.ts'
import { type MainView, type SiteView, viewOfSite } from './view.ts'

/** The templates there are; a file of the same name in the user's folder takes a built-in one's place. */
export const TEMPLATES = ['nginx.conf.ejs', 'site.conf.ejs', 'proxy.conf.ejs'] as const

export type TemplateName = (typeof TEMPLATES)[number]

/** The text of every template that is to be used. */
export type Templates = Record<TemplateName, string>

/** Reads the built-in templates and those of `templatesDir` that take their place. */
export async function readTemplates(templatesDir: string | undefined): Promise<Templates> {
  if (templatesDir !== undefined) await refuseMissing(templatesDir)
  const texts = await Promise.all(
    TEMPLATES.map(async (name) => {
      const own = templatesDir && (await readWritten(join(templatesDir, name)))
      return [name, own || (await readFile(join(BUILT_IN, name), 'utf8'))] as const
    }),
  )
  return Object.fromEntries(texts) as Templates
}

/** Renders site.conf of a generation that lives in `folder`; `template-failed` with the template and its line. */
export async function renderSite(templates: Templates, site: Site, folder: string): Promise<string> {
  const view: SiteView = viewOfSite(site, folder)
  return await renderTemplate('site.conf.ejs', templates, { site: view })
}

/** Renders nginx.conf; `sites` is what it includes. */
export async function renderMain(templates: Templates, site: Site, sites: string): Promise<string> {
  const main: MainView = { workers: workersOf(site), cutAfterMs: cutAfterMs(site), sites }
  return await renderTemplate('nginx.conf.ejs', templates, { main })
}

// src/infra/nginx and dist/infra/nginx are equally deep.
const BUILT_IN = fileURLToPath(new URL('templates/', packageRoot()))

async function renderTemplate(
  name: TemplateName,
  templates: Templates,
  data: { site: SiteView } | { main: MainView },
): Promise<string> {
  const { default: ejs } = await import('ejs')
  const locals: Record<string, object> = {}
  for (const template of TEMPLATES) refuseRaw(template, templates[template])
  try {
    for (const [key, tree] of Object.entries(data)) {
      guardTree(tree, key)
      locals[key] = strictView(tree, key)
    }
    // An included template is compiled once, not for each of a hundred servers; other texts of that name are forgotten.
    ejs.clearCache()
    return ejs.render(templates[name], locals, {
      cache: true,
      strict: true,
      destructuredLocals: Object.keys(locals),
      escape: guardValue,
      filename: name,
      // ejs reads both, for errors to name the right file; its types want one of them only.
      includer: (asked) => ({ filename: asked, template: textOf(templates, asked) }) as { template: string },
    })
  } catch (error) {
    throw templateFailed(name, error)
  }
}

// Text that passes the guard by is only ever another template's.
function refuseRaw(template: TemplateName, text: string): void {
  const raw = /<%-(?!\s*include\()/.exec(text)
  if (!raw) return
  const line = text.slice(0, raw.index).split('\n').length
  throw new Expected({
    code: 'template-failed',
    template,
    line,
    reason: '<%- is for include(…) only; use <%=',
  })
}

function textOf(templates: Templates, asked: string): string {
  const name = TEMPLATES.find((template) => template === asked)
  if (name) return templates[name]
  throw new Error(`there is no template ${asked}; there are ${TEMPLATES.join(', ')}`)
}

// ejs puts "file:line", the lines around it and an empty line before the message; an included template's come last.
function templateFailed(template: TemplateName, error: unknown): Expected {
  const message = error instanceof Error ? error.message : String(error)
  const places = [...message.matchAll(/^(?<file>[a-z.]+\.ejs):(?<line>\d+)$/gm)]
  const place = places.at(-1)?.groups
  const reason = place ? (message.split('\n\n').at(-1) ?? message) : (message.split('\n\n')[0] ?? message)
  return new Expected(
    {
      code: 'template-failed',
      template: place?.file ?? template,
      line: place ? Number(place.line) : undefined,
      reason: reason.trim(),
    },
    error,
  )
}

/** A folder that is misspelt would leave the built-in templates in place, and nobody would know. */
async function refuseMissing(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (!found?.isDirectory())
    throw new Expected({ code: 'file-failed', path, reason: 'there is no such folder' })
}
