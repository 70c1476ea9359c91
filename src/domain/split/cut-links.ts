import {
  type CutLink,
  commonNetworks,
  mayName,
  type Parts,
  type SplitInput,
  serviceOf,
  stringsOf,
  type ToldApart,
  tellApart,
} from './parts.ts'

export function partsOf(input: SplitInput): Parts {
  const parts = tellApart(input)
  const cutLinks = new Map<string, CutLink[]>()
  for (const link of parts.inColor.flatMap((from) => cutLinksOf(parts, from))) {
    const known = cutLinks.get(link.target)
    if (known === undefined) cutLinks.set(link.target, [link])
    else known.push(link)
  }
  return { ...parts, cutLinks }
}

function cutLinksOf(parts: ToldApart, from: string): CutLink[] {
  return stringsOf(serviceOf(parts, from).links).flatMap((link) => {
    const { target, alias } = splitLink(link)
    if (mayName(parts.classOf(from), parts.classOf(target))) return []
    const networks = commonNetworks([serviceOf(parts, from), serviceOf(parts, target)])
    return [{ from, link, target, alias, networks }]
  })
}

/** `service:alias`, of which the latter may be missing. */
export function splitLink(link: string): { target: string; alias: string } {
  const [target = '', alias = target] = link.split(':')
  return { target, alias }
}
