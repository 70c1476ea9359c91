import { classifyServices } from '../domain/classify.ts'
import type { ComposeModel } from '../domain/compose-model.ts'
import { Expected } from '../domain/failure.ts'
import { refusedSettings } from '../domain/named-services.ts'
import type { ClassifiedService } from '../domain/service.ts'
import type { Settings } from '../domain/settings.ts'
import type { Locator } from './ports/machine.ts'

/** The class of every service; settings that name a service that cannot be meant are refused, each with its place. */
export async function classifyOrRefuse(
  { ports, settings }: { ports: { locator: Locator }; settings: Settings },
  model: ComposeModel,
): Promise<ClassifiedService[]> {
  const configured = Object.fromEntries(
    Object.entries(settings.services).map(([name, service]) => [name, service.class]),
  )
  const classified = classifyServices(model, configured)
  const refusals = refusedSettings(settings, { model, classified })
  if (refusals.length === 0) return classified
  const diagnostics = await Promise.all(
    refusals.map(async ({ hint, message, path }) => ({
      place: await ports.locator.inSettings(path),
      path: path.join('.'),
      message,
      hint,
    })),
  )
  throw new Expected({ code: 'settings-invalid', diagnostics })
}
