import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The folder of this package, with its templates, whether the program runs from its sources or as it was built. */
export function packageRoot(): URL {
  let folder = new URL('.', import.meta.url)
  while (!existsSync(fileURLToPath(new URL('package.json', folder)))) folder = new URL('..', folder)
  return folder
}
