import type { Route, ServiceClass } from '../domain/service.ts'
import { DEFAULTS } from './defaults.ts'
import { formatDuration } from './duration.ts'
import { formatBytes } from './size.ts'
import { formatStatuses } from './statuses.ts'

/** What is known of the app that upgrade.yaml is written for. */
export type InitInput = {
  app: string
  services: readonly { name: string; class: ServiceClass; reason: string }[]
  routes: readonly Route[]
}

/** upgrade.yaml with every setting as a comment, which changes nothing until somebody removes a "#". */
export function renderInit({ app, services, routes }: InitInput): string {
  const { health, check, delivery } = DEFAULTS
  return `# yaml-language-server: $schema=node_modules/verdigris/schema/upgrade.schema.json
#
# Settings of \`upgrade\`. Remove a "#" to set something; what is shown is the default, or else an example.
# Flags win over the environment, the environment over this file; \`upgrade config\` shows what holds, and why.
# A duration is a number of seconds or a text such as 500ms, 30s, 2m, 1h.

# The app's name. Its colors run as the compose projects ${app}-blue and ${app}-green.
#app: ${scalar(app)}

# The compose file, or a list of them. Without it: those that Compose finds by itself. For example:
#compose: [compose.yaml, compose.production.yaml]

# The folder of records and snapshots (DEPLOYMENT_DIR), and how many releases are kept (ROLLBACK_LIMIT).
#deployments: ${DEFAULTS.deployments}
#rollback_limit: ${DEFAULTS.rollbackLimit}

# \`upgrade perform\` switches users by itself (AUTO_SWITCH), and stops the old color afterwards (AUTO_CLEANUP).
#auto_switch: ${DEFAULTS.autoSwitch}
#auto_cleanup: ${DEFAULTS.autoCleanup}

# When a color counts as healthy. Without path, status, body or headers, any answer of a service will do; with
# one of them, path defaults to ${check.path} and status to ${formatStatuses(check.statuses)}.
#health:
#  timeout: ${formatDuration(health.timeoutMs)}           # for all of it (HEALTH_CHECK_TIMEOUT)
#  interval: ${formatDuration(health.intervalMs)}           # between two checks (HEALTH_CHECK_INTERVAL)
#  request_timeout: ${formatDuration(check.requestTimeoutMs)}    # for one request, of any check in this file
#  successes: ${health.successes}           # good answers in a row
#  # For example:
#  path: /up
#  status: 200-399        # or 200, [200, 204], any
#  body: '"ok"'           # a regular expression
#  headers: {X-Check: upgrade}

# How each service takes part, where the rules get it wrong: shared (runs once, for both colors), colored (in
# each color), singleton (only in the active color), job (runs to its end before the color starts). A service may
# have a \`health\` of its own: path, status, body, headers, request_timeout. A singleton may be told to take no more
# work before it is stopped: {class: singleton, quiet: {signal: TSTP, wait: ${formatDuration(DEFAULTS.quiet.waitMs)}}}, or quiet: {command: [bin/quiet]}.
${servicesOf(services)}
# The ways in; \`protocol: grpc\` where a service speaks it. Without them: those that \`ports:\` of the compose file say.
${routesOf(routes)}
# Requests to the new color before users are switched to it; path, status, body, headers as in \`health\`.
# For example:
#smoke:
#  - {path: /login, status: 200, body: Sign in}

# A migration for those who have no service that does it: it runs once a release, with its new image, before the
# color starts. For example:
#migrate: {service: web, command: [npm, run, migrate]}

# Commands of your own: a program and its arguments, which no shell reads, on this machine or in a container of a
# service. They are told of the run by VERDIGRIS_APP, _COLOR, _RELEASE and more. For example:
#hooks:
#  pre_deploy: {command: [./back-up.sh, before]}   # before anything starts; its failure ends the run
#  pre_switch: {command: [bin/warm-up], service: web, timeout: ${formatDuration(DEFAULTS.hook.timeoutMs)}}   # as well
#  post_switch: {command: [./check.sh], rollback: ${DEFAULTS.hook.rollback}}   # true: its failure puts users back
#  post_rollback: {command: [./tell.sh, back]}
#  on_failure: {command: [./tell.sh, failed]}

# How long requests in flight may go on after a switch, and how long the new color is watched (0: not at all).
#drain: ${formatDuration(DEFAULTS.drainTimeoutMs)}
#watch: ${formatDuration(DEFAULTS.watchMs)}

# WebSockets, event streams and the like on the old color: close (when the drain time is over), spread (in portions,
# from 10 s after the switch until then) or keep (until they end by themselves, or the old color is stopped).
#long_connections: ${delivery.longConnections}

# A few GET requests through the proxy during each switch, whose figures are told; they decide nothing.
#probe: ${DEFAULTS.probe}

# nginx in front of the app: its image (PROXY_IMAGE), 1.27.4 or newer, and its ports on the loopback address
# (PREVIEW_PORT, MANAGEMENT_PORT). Without ports, free ones are picked and kept.
#proxy:
#  image: ${DEFAULTS.proxyImage}
#  preview_port: 8081
#  management_port: 8089
#  http2: ${delivery.http2}            # with TLS and without
#  expose_release: ${delivery.exposeRelease}  # answers bear X-Verdigris-Release
#  gzip: ${delivery.gzip}
#  max_body_size: ${formatBytes(delivery.maxBodyBytes)}       # any; or 10m
#  connect_timeout: ${formatDuration(delivery.connectTimeoutMs)}
#  read_timeout: ${formatDuration(delivery.readTimeoutMs)}
#  send_timeout: ${formatDuration(delivery.sendTimeoutMs)}
#  # An HTML file that users see when no container answers. For example:
#  error_page: down.html
#  # One that they see between \`upgrade maintenance on\` and \`off\`, instead of the built-in one. For example:
#  maintenance_page: soon.html

# TLS for users: one more port, or one that a route names. For example:
#tls:
#  certificate: certificates/fullchain.pem
#  key: certificates/privkey.pem
#  listen: ${DEFAULTS.tls.listen}
#  redirect: ${DEFAULTS.tls.redirect}       # every other port sends users there
#  hsts: ${DEFAULTS.tls.hsts}           # browsers use nothing else for a year

# A folder with templates that replace the built-in ones. For example:
#templates: templates
`
}

const EXAMPLE_SERVICES: InitInput['services'] = [{ name: 'web', class: 'colored', reason: 'for example' }]
const EXAMPLE_ROUTES: InitInput['routes'] = [
  { listen: 80, host: 'shop.example.com', path: '/', service: 'web', port: 3000 },
]

function servicesOf(services: InitInput['services']): string {
  const lines = (services.length === 0 ? EXAMPLE_SERVICES : services).map(
    ({ name, class: serviceClass, reason }) =>
      `#  ${scalar(name)}: {class: ${serviceClass}}  # ${reason.replaceAll(/\s+/g, ' ')}\n`,
  )
  return `#services:\n${lines.join('')}`
}

function routesOf(routes: InitInput['routes']): string {
  const lines = (routes.length === 0 ? EXAMPLE_ROUTES : routes).map(
    ({ listen, host, path, service, port }) => {
      const name = host === undefined ? '' : `host: ${scalar(host)}, `
      return `#  - {listen: ${listen}, ${name}path: ${scalar(path)}, service: ${scalar(service)}, port: ${port}}\n`
    },
  )
  return `#routes:\n${lines.join('')}`
}

// Plain where YAML takes it for a text everywhere, quoted where it could be a number, an alias or a word of YAML.
function scalar(text: string): string {
  const plain = /^[a-zA-Z_/][\w./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text)
  return plain ? text : JSON.stringify(text)
}
