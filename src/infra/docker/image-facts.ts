import type { ImageFacts } from '../../domain/facts.ts'

/** What the engine says of an image, alone or in its list; the last two only newer ones do. */
export type DescribedImage = {
  Id: string
  RepoDigests?: string[] | null | undefined
  RepoTags?: string[] | null | undefined
  Descriptor?: { annotations?: Record<string, string> } | undefined
  Identity?: { Pull?: { Repository: string }[]; Build?: unknown[] } | undefined
}

/**
 * The classic image store knows a digest of what it has pulled or pushed, and of nothing else. The containerd store, whose
 * ids are digests, has one for every name of whatever it has. From API 1.53 on the engine says where that came from;
 * before, from 1.48 on, only what was loaded, or built without attestations, bears notes, which a registry gives to none.
 */
export function imageFacts({ Descriptor, Id, Identity, RepoDigests, RepoTags }: DescribedImage): ImageFacts {
  const facts = { id: Id, digests: RepoDigests ?? [], repoTags: RepoTags ?? [] }
  const pulled = Identity?.Pull?.map(({ Repository }) => `${Repository}@${Id}`) ?? []
  if (pulled.length > 0) return { ...facts, digests: pulled, origin: 'registry' }
  if (facts.digests.length === 0 || Identity?.Build?.length) return { ...facts, origin: 'here' }
  if (!facts.digests.some((digest) => digest.endsWith(`@${Id}`))) return { ...facts, origin: 'registry' }
  const noted = Object.keys(Descriptor?.annotations ?? {}).length > 0
  return { ...facts, origin: noted ? 'here' : 'untold' }
}
