import type { ComposeModel, ComposeService } from '../../domain/compose-model.ts'
import type { ImageFacts, ImageOrigin } from '../../domain/facts.ts'
import { Expected, failureOf } from '../../domain/failure.ts'
import { knownDigest, lastKnownAs, type RecordedImage } from '../../domain/held-images.ts'
import type { HeldImage, Metadata } from '../../domain/release.ts'
import type { Emit } from '../events.ts'
import { nameAgain } from '../hold-again.ts'
import type { Platform, Say } from '../ports/platform.ts'

export type ImagePolicy = { pull: 'ask-registry' | 'never'; build: 'always' | 'never' }

/** service → what it will run. */
export type FoundImages = Record<string, Pick<HeldImage, 'image' | 'id' | 'digest' | 'unproved'>>

/**
 * Builds and pulls what the services need while the old color serves, and tells what each will run. An image
 * that only this machine has is not asked for at a registry, and a pull that fails falls back to the local image: to
 * the one that a release holds where its name is gone.
 */
export async function obtainImages(
  platform: Platform,
  release: { app: string; model: ComposeModel; services: readonly string[]; known: readonly Metadata[] },
  options: { policy: ImagePolicy; say: Say; emit: Emit },
): Promise<FoundImages> {
  const { policy, say } = options
  const { app, known } = release
  const entries = await Promise.all(
    release.services.flatMap((name) => {
      const service = release.model.services[name]
      return service === undefined ? [] : [describe(platform, { name, service, app, known })]
    }),
  )
  const built = entries.filter((entry) => entry.service.build !== undefined && policy.build === 'always')
  if (built.length > 0)
    await platform.build(
      built.map((entry) => entry.name),
      say,
    )
  // What one service builds, others may run without a word of how it is built.
  const made = new Set(built.map((entry) => entry.image))
  const asked = entries.filter(
    (entry) => policy.pull === 'ask-registry' && !made.has(entry.image) && wantsPull(entry),
  )
  const pulled = new Set<string>()
  for (const entry of asked) if (await pullOrFallBack(platform, entry, options)) pulled.add(entry.image)
  for (const entry of entries)
    if (entry.local === undefined && !made.has(entry.image) && !asked.includes(entry))
      await lastNamedAgain(platform, entry, { emit: options.emit })

  const found = await Promise.all(
    entries.map(async (entry) => {
      const { image, name } = entry
      const isNew = entry.local === undefined || made.has(image) || asked.includes(entry)
      const facts = isNew ? await platform.image(image) : entry.local
      if (facts === undefined) throw notHere(entry)
      const origin = pulled.has(image) ? 'registry' : originOf(entry, facts)
      return [name, { image, id: facts.id, ...knownDigest({ ...facts, origin }, entry) }] as const
    }),
  )
  return Object.fromEntries(found)
}

/** A service, the image it names as it is on this machine now, and what that name meant when it was last deployed. */
type Entry = {
  app: string
  name: string
  service: ComposeService
  image: string
  local: ImageFacts | undefined
  last: RecordedImage | undefined
}

async function describe(
  platform: Platform,
  of: { app: string; name: string; service: ComposeService; known: readonly Metadata[] },
): Promise<Entry> {
  const { app, known, name, service } = of
  const image = imageName(app, name, service)
  return { app, name, service, image, local: await platform.image(image), last: lastKnownAs(image, known) }
}

/** A name that Compose made up for what it builds is known to no registry. */
function originOf({ service }: Entry, { origin }: ImageFacts): ImageOrigin {
  return origin === 'untold' && service.image === undefined ? 'here' : origin
}

function notHere({ image, name }: Entry): Expected {
  return new Expected({
    code: 'image-missing',
    service: name,
    image,
    output: 'no such image on this machine',
  })
}

/** The name Compose gives an image that it builds for a service without one. */
function imageName(app: string, name: string, service: ComposeService): string {
  return service.image ?? `${app}-${name}`
}

function wantsPull(entry: Entry): boolean {
  const { local, service } = entry
  if (local === undefined) return service.pull_policy !== 'never' && service.build === undefined
  switch (service.pull_policy) {
    case 'always':
      return true
    case 'never':
    case 'missing':
    case 'if_not_present':
    case 'build':
      return false
    default:
      return service.build === undefined && knownDigest(local, entry).digest !== undefined
  }
}

/** false: it could not be pulled, and is here. */
async function pullOrFallBack(
  platform: Platform,
  entry: Entry,
  { say, emit }: { say: Say; emit: Emit },
): Promise<boolean> {
  const { image, local, name } = entry
  try {
    await platform.pull([name], say)
    return true
  } catch (error) {
    const failure = failureOf(error)
    if (failure?.code !== 'image-missing') throw error
    const reason = failure.output
    if (local !== undefined)
      emit({ type: 'note', note: { note: 'pull-failed-used-local', service: name, image, reason } })
    else if (!(await lastNamedAgain(platform, entry, { emit, reason }))) throw error
    return false
  }
}

/** As the newest release with this reference holds it; not where the compose file wants it from a registry. */
async function lastNamedAgain(
  platform: Platform,
  { last, name, service }: Entry,
  { emit, reason }: { emit: Emit; reason?: string },
): Promise<boolean> {
  if (last === undefined || FROM_REGISTRY.test(service.pull_policy ?? '')) return false
  return await nameAgain({ emit, platform }, { ...last, service: name }, reason)
}

// Source: the compose specification, https://github.com/compose-spec/compose-spec/blob/main/05-services.md#pull_policy.
const FROM_REGISTRY = /^(?:always|daily|weekly|every_)/
