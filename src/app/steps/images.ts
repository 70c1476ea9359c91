import type { ComposeModel, ComposeService } from '../../domain/compose-model.ts'
import { Expected, failureOf } from '../../domain/failure.ts'
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
  const entries = release.services.flatMap((name) => {
    const service = release.model.services[name]
    return service === undefined ? [] : [{ name, service, image: imageName(release.app, name, service) }]
  })
  const built = entries.filter((entry) => entry.service.build !== undefined && policy.build === 'always')
  if (built.length > 0)
    await platform.build(
      built.map((entry) => entry.name),
      say,
    )

  for (const entry of entries) {
    if (policy.pull === 'never' || built.includes(entry)) continue
    if (await wantsPull(platform, entry)) await pullOrFallBack(platform, entry, options)
  }

  const found: FoundImages = {}
  for (const { name, image } of entries) {
    const facts = await platform.image(image)
    if (facts === undefined) {
      throw new Expected({
        code: 'image-missing',
        service: name,
        image,
        output: 'no such image on this machine',
      })
    }
    found[name] = { image, id: facts.id, digest: facts.digests[0] }
  }
  return found
}

/** The name Compose gives an image that it builds for a service without one. */
function imageName(app: string, name: string, service: ComposeService): string {
  return service.image ?? `${app}-${name}`
}

type Entry = { name: string; service: ComposeService; image: string }

async function wantsPull(platform: Platform, { service, image }: Entry): Promise<boolean> {
  const local = await platform.image(image)
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
  { name, image }: Entry,
  { say, emit }: { say: Say; emit: Emit },
): Promise<void> {
  try {
    await platform.pull([name], say)
  } catch (error) {
    const failure = failureOf(error)
    if (failure?.code !== 'image-missing' || (await platform.image(image)) === undefined) throw error
    emit({
      type: 'note',
      note: { note: 'pull-failed-used-local', service: name, image, reason: failure.output },
    })
  }
}
