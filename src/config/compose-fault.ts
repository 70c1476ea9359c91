import type { KeyPath } from './yaml-source.ts'

/**
 * The key that Compose complains of. undefined: its words name none, as those of its YAML parser. Source: compose-go,
 * loader/validate.go, validation and interpolation; seen with 2.26.1 and 2.40.3.
 */
export function pathOfFault(words: string): KeyPath | undefined {
  for (const [pattern, path] of FAULTS) {
    const found = pattern.exec(words)?.groups
    if (found !== undefined) return path(found)
  }
  return undefined
}

type Found = Record<string, string | undefined>

const FAULTS: readonly [RegExp, (found: Found) => KeyPath][] = [
  [
    /^(?:validating [^\n]*?: )?(?<path>(?:services|networks|volumes|secrets|configs)\.\S+) (?:Additional property (?<key>\S+) is|additional properties '(?<first>[^']+)'[^\n]*) not allowed/m,
    ({ first = '', key = first, path }) => [...dotted(path), key],
  ],
  [
    /service "(?<service>[^"]+)" refers to undefined (?<kind>network|volume|secret|config) (?<other>[^\s:]+)/,
    ({ kind, other = '', service = '' }) => ['services', service, `${kind}s`, other],
  ],
  [
    /service "(?<service>[^"]+)" depends on undefined service "?(?<other>[^\s":]+)/,
    ({ other = '', service = '' }) => ['services', service, 'depends_on', other],
  ],
  [
    /dependency cycle detected: (?<service>\S+) -> (?<other>\S+)/,
    ({ other = '', service = '' }) => ['services', service, 'depends_on', other],
  ],
  [
    /error while interpolating (?<path>[^\s:]+): /,
    ({ path }) => dotted(path).map((part) => (/^\[\]$/.test(String(part)) ? 0 : part)),
  ],
  [/service "(?<service>[^"]+)"/, ({ service = '' }) => ['services', service]],
  [/(?:^|: )(?<path>(?:services|networks|volumes|secrets|configs)\.[^\s:]+)/m, ({ path }) => dotted(path)],
]

/** `services.web.ports.0`; a service with a dot in its name is found as far as it goes. */
function dotted(path = ''): KeyPath {
  return path.split('.').map((part) => (/^\d+$/.test(part) ? Number(part) : part))
}
