import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

/** The packages that importing a module loads, not counting what it imports later. */
function packagesOf(module: URL, seen = new Set<string>()): string[] {
  if (seen.has(module.href)) return []
  seen.add(module.href)
  const imports = readFileSync(module, 'utf8').matchAll(
    /^(?:import|export)(?! type\b)[^'"]*?from '([^']+)'/gms,
  )
  return [...imports].flatMap(([, name = '']) =>
    name.startsWith('.') ? packagesOf(new URL(name, module), seen) : name.startsWith('node:') ? [] : [name],
  )
}

// zod and yaml cost more than all the rest of a command like `status`.
test.each(['load.ts', 'compose-locator.ts', 'describe.ts', 'init.ts'])(
  'importing %s loads no package',
  (name) => {
    expect(packagesOf(new URL(`../../src/config/${name}`, import.meta.url))).toEqual([])
  },
)

test('upgrade-file.ts is where they come in', () => {
  const packages = packagesOf(new URL('../../src/config/upgrade-file.ts', import.meta.url))
  expect([...new Set(packages)].toSorted()).toEqual(['yaml', 'zod/mini'])
})
