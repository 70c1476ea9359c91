import type { ComposeModel, ComposeService } from '../../domain/compose-model.ts'
import type { ImageFacts } from '../../domain/facts.ts'
import { Expected, failureOf } from '../../domain/failure.ts'
import { registryDigest } from '../../domain/held-images.ts'
import type { Emit } from '../events.ts'
import type { Platform, Say } from '../ports/platform.ts'

export type ImagePolicy = { pull: 'ask-registry' | 'never'; build: 'always' | 'never' }

/** service → what it will run. */
export type FoundImages = Record<string, { image: string; id: string; digest: string | undefined }>

/**
 * Builds and pulls what the services need while the old color serves, and tells what each will run. An image
 * that only this machine has is not asked for at a registry, and a pull that fails falls back to the local image.
 */
export async function obtainImages(
  platform: Platform,
  release: { app: string; model: ComposeModel; services: readonly string[] },
  options: { policy: ImagePolicy; say: Say; emit: Emit },
): Promise<FoundImages> {
  const { policy, say } = options
  const entries = await Promise.all(
    release.services.flatMap((name) => {
      const service = release.model.services[name]
      return service === undefined ? [] : [describe(platform, { name, service, app: release.app })]
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
  const pulled = entries.filter(
    (entry) => policy.pull === 'ask-registry' && !made.has(entry.image) && wantsPull(entry),
  )
  for (const entry of pulled) await pullOrFallBack(platform, entry, options)

  const found = await Promise.all(
    entries.map(async (entry) => {
      const isNew = made.has(entry.image) || pulled.includes(entry)
      const facts = isNew ? await platform.image(entry.image) : entry.local
      if (facts === undefined) throw notHere(entry)
      const { image } = entry
      const digest = registryDigest(facts.digests, { app: release.app, image })
      return [entry.name, { image, id: facts.id, digest }] as const
    }),
  )
  return Object.fromEntries(found)
}

/** A service, and the image it names as it is on this machine now. */
type Entry = { name: string; service: ComposeService; image: string; local: ImageFacts | undefined }

async function describe(
  platform: Platform,
  { app, name, service }: { app: string; name: string; service: ComposeService },
): Promise<Entry> {
  const image = imageName(app, name, service)
  return { name, service, image, local: await platform.image(image) }
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

function wantsPull({ local, service }: Entry): boolean {
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
      return service.build === undefined && local.digests.length > 0
  }
}

async function pullOrFallBack(
  platform: Platform,
  { image, local, name }: Entry,
  { say, emit }: { say: Say; emit: Emit },
): Promise<void> {
  try {
    await platform.pull([name], say)
  } catch (error) {
    const failure = failureOf(error)
    if (failure?.code !== 'image-missing' || local === undefined) throw error
    emit({
      type: 'note',
      note: { note: 'pull-failed-used-local', service: name, image, reason: failure.output },
    })
  }
}
