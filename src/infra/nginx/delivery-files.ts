import type { Delivery, DeliveryFiles } from '../../domain/delivery.ts'
import type { Site } from '../../domain/site.ts'
import { readNamed } from '../read-plain.ts'
import type { ProxyFile } from './driver.ts'
import { CONFIG_ROOT, generationPath } from './layout.ts'

// The master reads certificates as root, before it starts workers; nobody else needs the key.
const SECRET_MODE = 0o600

/**
 * The user's own files that a generation serves with. Each generation has its copy: going back to one goes back to
 * its certificate, too. `installed` reads a file of the generation that serves, for what is no longer set.
 */
export async function deliveryFiles(options: {
  site: Site
  folder: string
  files: DeliveryFiles
  installed: (name: string) => Promise<string | undefined>
}): Promise<ProxyFile[]> {
  const { site, folder, files, installed } = options
  const root = `${generationPath(site.app, folder)}/`.slice(CONFIG_ROOT.length + 1)
  const reads = await Promise.allSettled(
    wanted(site.delivery, files).map(async ({ name, path, ...mode }) => {
      const kept = path === undefined ? await installed(name) : undefined
      const content = kept ?? (await readNamed(path ?? name))
      return { path: root + name, content, ...mode }
    }),
  )
  // Of several that cannot be read, the same one is told each time.
  return reads.map((read) => {
    if (read.status === 'rejected') throw read.reason
    return read.value
  })
}

function wanted({ errorPage, tls }: Delivery, files: DeliveryFiles) {
  return [
    ...(tls === undefined
      ? []
      : [
          { name: 'tls.crt', path: files.certificate, mode: SECRET_MODE },
          { name: 'tls.key', path: files.key, mode: SECRET_MODE },
        ]),
    ...(errorPage ? [{ name: 'error-page.html', path: files.errorPage }] : []),
  ]
}
