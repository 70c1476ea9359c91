import fc from 'fast-check'
import { classifyServices } from '../../src/domain/classify.ts'
import type { ComposeModel, ComposeService } from '../../src/domain/compose-model.ts'
import { routesFromPorts } from '../../src/domain/routes.ts'
import type { ClassifiedService, Route, ServiceClass } from '../../src/domain/service.ts'
import type { SplitInput } from '../../src/domain/split/parts.ts'
import { type Split, splitModel } from '../../src/domain/split.ts'

/** A model of the app `shop` with these services, each on the default network unless it says otherwise. */
export function shop(
  services: Record<string, ComposeService>,
  others: Partial<ComposeModel> = {},
): ComposeModel {
  return { name: 'shop', services, networks: { default: { name: 'shop_default', ipam: {} } }, ...others }
}

/** What a test says of a split; classes of services that it does not name come from the rules. */
export type SplitWish = Partial<Omit<SplitInput, 'classes' | 'routes'>> & {
  model: ComposeModel
  classes?: Record<string, ServiceClass>
  routes?: Route[]
}

export function splitInput(wish: SplitWish): SplitInput {
  const classes: ClassifiedService[] = classifyServices(wish.model, wish.classes ?? {})
  const found = routesFromPorts(wish.model, classes)
  return {
    app: 'shop',
    color: 'green',
    release: 'green-20260129-101530',
    images: {},
    ...wish,
    classes,
    routes: wish.routes ?? found.routes,
  }
}

/** Splits and expects no refusal. */
export function splitOf(wish: SplitWish): Split {
  const split = splitModel(splitInput(wish))
  if ('refusals' in split) throw new Error(`refused: ${JSON.stringify(split.refusals)}`)
  return split
}

/** The one service of a color, as it was split. */
export function colorServiceOf(name: string, wish: SplitWish): ComposeService {
  const service = splitOf(wish).color.services[name]
  if (service === undefined) throw new Error(`no service ${name} in the color`)
  return service
}

/** The places of what a split refuses, as dotted paths; empty: it does not. */
export function refusedPlaces(wish: SplitWish): string[] {
  const split = splitModel(splitInput(wish))
  return 'refusals' in split ? split.refusals.map((refusal) => refusal.path.join('.')) : []
}

const SERVICE_NAMES = ['api', 'cache', 'db', 'mail', 'migrate', 'seed', 'web', 'worker']
const NETWORK_KEYS = ['back', 'default', 'front']
const VOLUME_KEYS = ['data', 'uploads']

const mount = fc.record(
  {
    type: fc.constantFrom('volume', 'bind'),
    source: fc.constantFrom(...VOLUME_KEYS),
    target: fc.constantFrom('/var/lib/postgresql/data', '/uploads', '/data'),
    read_only: fc.boolean(),
  },
  { requiredKeys: ['type', 'source', 'target'] },
)

const service: fc.Arbitrary<ComposeService> = fc.record(
  {
    image: fc.constantFrom('shop/web:1', 'postgres:16', 'my-redis-client', 'redis@sha256:0'),
    restart: fc.constantFrom('no', 'always', 'unless-stopped'),
    container_name: fc.constantFrom('fixed', 'named'),
    networks: fc.dictionary(
      fc.constantFrom(...NETWORK_KEYS),
      fc.option(fc.record({ aliases: fc.array(fc.constantFrom('alpha', 'beta'), { maxLength: 2 }) })),
      { maxKeys: 3 },
    ),
    ports: fc.uniqueArray(
      fc.record({ target: fc.constantFrom(80, 3000), published: fc.constantFrom('80', '8080', '9000') }),
      { maxLength: 1, selector: (port) => port.published },
    ),
    volumes: fc.array(mount, { maxLength: 2 }),
    environment: fc.dictionary(fc.constantFrom('A', 'B', 'DATABASE_URL'), fc.constantFrom('x', 'pa$$word')),
    depends_on: fc.dictionary(
      fc.constantFrom(...SERVICE_NAMES),
      fc.record({ condition: fc.constantFrom('service_started', 'service_completed_successfully') }),
      { maxKeys: 2 },
    ),
  },
  { requiredKeys: ['image'] },
)

/** Models as Compose resolves them: a dependency is a service of the model, and none goes in a circle. */
export const anyModel: fc.Arbitrary<ComposeModel> = fc
  .dictionary(fc.constantFrom(...SERVICE_NAMES), service, { minKeys: 1, maxKeys: 6 })
  .map((services) => {
    const sound = Object.entries(services).map(([name, each]): [string, ComposeService] => {
      const dependencies = Object.entries(each.depends_on ?? {}).filter(([other]) => {
        return other < name && Object.hasOwn(services, other)
      })
      return [name, { ...each, depends_on: Object.fromEntries(dependencies) }]
    })
    return shop(Object.fromEntries(sound), {
      networks: Object.fromEntries(NETWORK_KEYS.map((key) => [key, { name: `shop_${key}` }])),
      volumes: Object.fromEntries(VOLUME_KEYS.map((key) => [key, { name: `shop_${key}` }])),
    })
  })

/** The same value with the keys of every object in another order. */
export function reversedKeys<T>(value: T): T {
  if (Array.isArray(value)) return value.map(reversedKeys) as T
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).map(([key, inner]) => [key, reversedKeys(inner)])
  return Object.fromEntries(entries.reverse()) as T
}
