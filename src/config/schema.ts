import * as z from 'zod/mini'
import { LONG_CONNECTIONS } from '../domain/delivery.ts'
import { PROTOCOLS, SERVICE_CLASSES } from '../domain/service.ts'
import { DEFAULTS } from './defaults.ts'
import { formatDuration } from './duration.ts'
import * as rules from './rules.ts'
import { health, serviceCheck, smokeTest } from './schema-checks.ts'
import { hooks, migrate, quiet } from './schema-commands.ts'
import { duration, MAP, text, whole, yesOrNo } from './schema-leaves.ts'
import { proxy, tls } from './schema-proxy.ts'

const COMPOSE = 'a compose file or a list of them'

const service = z.strictObject(
  {
    class: z.optional(
      z.enum(SERVICE_CLASSES, { error: `one of ${SERVICE_CLASSES.join(', ')}` }).check(
        z.meta({
          description:
            'shared: runs once for both colors; colored: runs in each color; singleton: only in the active color; job: runs to its end before the color starts. Without it, rules over the compose file decide.',
        }),
      ),
    ),
    health: z.optional(serviceCheck),
    quiet: z.optional(quiet),
  },
  { error: 'a map with class, health, quiet' },
)

const route = z.strictObject(
  {
    listen: whole(rules.PORT, { description: 'The port users connect to.' }),
    host: z.optional(
      text(rules.HOST, { description: 'The host name; without it, every name that no other route has.' }),
    ),
    path: z.optional(
      text(rules.ROUTE_PATH, { description: 'The path prefix.', default: DEFAULTS.routePath }),
    ),
    service: text(rules.SERVICE, { description: 'The service that answers.' }),
    port: whole(rules.PORT, { description: 'The port it listens on in its container.' }),
    protocol: z.optional(
      z.enum(PROTOCOLS, { error: `one of ${PROTOCOLS.join(', ')}` }).check(
        z.meta({
          description: 'What it speaks: http, or grpc, which is HTTP/2 without TLS there.',
          default: PROTOCOLS[0],
        }),
      ),
    ),
  },
  { error: 'a map with listen, host, path, service, port, protocol' },
)

/** upgrade.yaml as a person writes it. Every message is the end of the sentence "Expected …". */
export const UPGRADE_FILE = z
  .strictObject(
    {
      app: z.optional(
        text(rules.APP, { description: "The app's name; without it, the name of its compose project." }),
      ),
      compose: z.optional(
        z
          .union(
            [
              text(rules.COMPOSE_FILE),
              z.array(text(rules.COMPOSE_FILE)).check(z.minLength(1, { error: COMPOSE })),
            ],
            {
              error: COMPOSE,
            },
          )
          .check(
            z.meta({
              description:
                'The compose file, or a list of them; without it, those that Compose itself finds.',
            }),
          ),
      ),
      deployments: z.optional(
        text(rules.FOLDER, {
          description: 'The folder of records and snapshots.',
          default: DEFAULTS.deployments,
        }),
      ),
      rollback_limit: z.optional(
        whole(rules.ROLLBACK_LIMIT, {
          description: 'How many releases are kept to go back to.',
          default: DEFAULTS.rollbackLimit,
        }),
      ),
      auto_switch: z.optional(
        yesOrNo({
          description: '`perform` switches users to the new color by itself.',
          default: DEFAULTS.autoSwitch,
        }),
      ),
      auto_cleanup: z.optional(
        yesOrNo({ description: 'The old color is stopped after a switch.', default: DEFAULTS.autoCleanup }),
      ),
      health: z.optional(health),
      services: z.optional(
        z
          .record(text(rules.SERVICE), service, { error: 'a map of services' })
          .check(z.meta({ description: 'Settings of single services, by name.' })),
      ),
      routes: z.optional(
        z.array(route, { error: 'a list of routes' }).check(
          z.meta({
            description: 'The ways in; without them, those that `ports:` of the compose file say.',
          }),
        ),
      ),
      smoke: z.optional(
        z.array(smokeTest, { error: 'a list of checks' }).check(
          z.meta({
            description: 'Requests to the new color through its preview, before users are switched.',
          }),
        ),
      ),
      migrate: z.optional(migrate),
      hooks: z.optional(hooks),
      drain: z.optional(
        duration(rules.DRAIN, {
          description: 'How long requests in flight may go on after a switch.',
          default: formatDuration(DEFAULTS.drainTimeoutMs),
        }),
      ),
      long_connections: z.optional(
        z.enum(LONG_CONNECTIONS, { error: `one of ${LONG_CONNECTIONS.join(', ')}` }).check(
          z.meta({
            description:
              'What becomes of WebSockets, event streams and the like on the old color. close: they end when the drain time is over; spread: they end in portions, from 10 s after the switch until then; keep: they go on until they end by themselves, or the old color is stopped.',
            default: DEFAULTS.delivery.longConnections,
          }),
        ),
      ),
      watch: z.optional(
        duration(rules.WATCH, {
          description: 'How long the new color is watched after the switch; 0: not at all.',
          default: formatDuration(DEFAULTS.watchMs),
        }),
      ),
      probe: z.optional(
        yesOrNo({
          description:
            'A few GET requests, at most 50 a second, are sent through the proxy during each switch, and their figures told.',
          default: DEFAULTS.probe,
        }),
      ),
      proxy: z.optional(proxy),
      tls: z.optional(tls),
      templates: z.optional(
        text(rules.FOLDER, { description: 'A folder with templates that replace the built-in ones.' }),
      ),
    },
    { error: MAP },
  )
  .check(z.meta({ title: 'upgrade.yaml', description: 'Settings of verdigris. Every key is optional.' }))

/** upgrade.yaml once it was found valid. */
export type UpgradeFile = z.infer<typeof UPGRADE_FILE>
