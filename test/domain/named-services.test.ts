import { expect, test } from 'vitest'
import type { ComposeModel } from '../../src/domain/compose-model.ts'
import { refusedSettings } from '../../src/domain/named-services.ts'
import type { ServiceClass } from '../../src/domain/service.ts'

const MODEL: ComposeModel = { services: { web: {}, db: {} } }
const CHECK = { class: undefined, check: undefined, quiet: undefined }
const hook = (service: string | undefined) => {
  return { command: ['true'] as const, service, timeoutMs: 1, rollsBack: false }
}
const refused = (settings: Partial<Parameters<typeof refusedSettings>[0]>, of: ServiceClass = 'colored') =>
  refusedSettings(
    { services: {}, migrate: undefined, hooks: {}, ...settings },
    { model: MODEL, classified: [{ name: 'web', class: of, reason: { because: 'default' } }] },
  ).map(({ path }) => path.join('.'))

test('services that the compose file does not have are told, wherever they are named', () => {
  expect(
    refused({
      services: { wep: CHECK, web: CHECK, api: CHECK },
      migrate: { service: 'migrations', command: ['true'] },
      hooks: { pre_deploy: hook('dp'), pre_switch: hook('db'), on_failure: hook(undefined) },
    }),
  ).toEqual(['services.api', 'services.wep', 'migrate.service', 'hooks.pre_deploy.service'])
})

test.each<[ServiceClass, string[]]>([
  ['colored', []],
  ['singleton', []],
  ['shared', ['migrate.service']],
  ['job', ['migrate.service']],
])('a migration with the image of a %s service: refused at %o', (of, paths) => {
  expect(refused({ migrate: { service: 'web', command: ['true'] } }, of)).toEqual(paths)
})
