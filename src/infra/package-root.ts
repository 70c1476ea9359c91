import { existsSync } from 'node:fs'

/** The folder of this package, with its templates, whether the program runs from its sources or as it was built. */
export function packageRoot(): URL {
  let folder = new URL('.', import.meta.url)
  while (!existsSync(new URL('package.json', folder))) {
    const above = new URL('..', folder)
    if (above.href === folder.href) throw new Error(`There is no package.json above ${import.meta.url}.`)
    folder = above
  }
  return folder
}
