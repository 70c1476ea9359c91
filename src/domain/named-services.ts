import type { ComposeModel } from './compose-model.ts'
import type { RefusalAt } from './refusal.ts'
import type { ClassifiedService } from './service.ts'
import type { Settings } from './settings.ts'

type Naming = Pick<Settings, 'services' | 'migrate' | 'hooks'>

/** Settings that name a service which the compose file does not have, or which cannot do what is asked of it. */
export function refusedSettings(
  settings: Naming,
  { classified, model }: { model: ComposeModel; classified: readonly ClassifiedService[] },
): RefusalAt[] {
  const unknown = namedServices(settings)
    .filter(({ name }) => !Object.hasOwn(model.services, name))
    .map(({ name, path }) => ({
      path,
      message: `The compose file has no service "${name}".`,
      hint: `Its services are ${Object.keys(model.services).join(', ')}.`,
    }))
  return [...unknown, ...refusedMigration(settings, classified)]
}

function namedServices({ hooks, migrate, services }: Naming): { name: string; path: string[] }[] {
  const configured = Object.keys(services).sort()
  return [
    ...configured.map((name) => ({ name, path: ['services', name] })),
    ...(migrate === undefined ? [] : [{ name: migrate.service, path: ['migrate', 'service'] }]),
    ...Object.entries(hooks).flatMap(([hook, { service }]) =>
      service === undefined ? [] : [{ name: service, path: ['hooks', hook, 'service'] }],
    ),
  ]
}

function refusedMigration({ migrate }: Naming, classified: readonly ClassifiedService[]): RefusalAt[] {
  const found = classified.find((each) => each.name === migrate?.service)
  if (found === undefined || found.class === 'colored' || found.class === 'singleton') return []
  const path = ['migrate', 'service']
  return found.class === 'job'
    ? [{ path, message: `\`${found.name}\` is a job: it runs anyway.`, hint: 'Remove `migrate`.' }]
    : [
        {
          path,
          message: `\`${found.name}\` is shared: a release has no image of its own for it.`,
          hint: 'Name the service of the application that knows its migrations.',
        },
      ]
}
