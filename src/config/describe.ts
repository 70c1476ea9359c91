import { HOOKS } from '../domain/hooks.ts'
import type { Route } from '../domain/service.ts'
import type { HttpCheck, Quiet, SettingOrigin, Settings } from '../domain/settings.ts'
import { formatDuration } from './duration.ts'
import { formatBytes } from './size.ts'
import { formatStatuses } from './statuses.ts'

/** A setting as `upgrade config` shows it; where nothing is set, the value says what happens then. */
export type SettingRow = { key: string; value: string; origin: SettingOrigin }

type Value = string | number | boolean

const SECRET_NAME = /authorization|cookie|token|key|secret|password|credential|signature/i

/** Every setting with its value and where it came from; headers that look secret are masked. */
export function describeSettings(
  settings: Settings,
  origins: Readonly<Record<string, SettingOrigin>>,
): SettingRow[] {
  const { delivery, deliveryFiles, health, migrate, proxy } = settings
  const values: [string, Value][] = [
    ['app', settings.app],
    ['compose', settings.composeFiles.join(', ') || 'as Compose finds it'],
    ['deployments', settings.deploymentDir],
    ['rollback_limit', settings.rollbackLimit],
    ['auto_switch', settings.autoSwitch],
    ['auto_cleanup', settings.autoCleanup],
    ['health.timeout', formatDuration(health.timeoutMs)],
    ['health.interval', formatDuration(health.intervalMs)],
    ['health.successes', health.successes],
    ...checkValues('health', health.check),
    ...Object.entries(settings.services).flatMap(([name, { class: serviceClass, check, quiet }]) => [
      [`services.${name}.class`, serviceClass ?? 'as the rules say'] as [string, Value],
      ...checkValues(`services.${name}.health`, check),
      ...quietValues(`services.${name}.quiet`, quiet),
    ]),
    ...settings.routes.map((route, index): [string, Value] => [`routes[${index}]`, describeRoute(route)]),
    ...settings.smoke.flatMap((check, index) => checkValues(`smoke[${index}]`, check)),
    ['migrate', migrate === undefined ? 'none' : `${migrate.service}: ${argvWords(migrate.command)}`],
    ...hookValues(settings),
    ['drain', formatDuration(settings.drainTimeoutMs)],
    ['long_connections', delivery.longConnections],
    ['watch', formatDuration(settings.watchMs)],
    ['probe', settings.probe],
    ['proxy.image', proxy.image],
    ['proxy.preview_port', proxy.previewPort ?? 'a free port'],
    ['proxy.management_port', proxy.managementPort ?? 'a free port'],
    ['proxy.http2', delivery.http2],
    ['proxy.expose_release', delivery.exposeRelease],
    ['proxy.gzip', delivery.gzip],
    ['proxy.max_body_size', delivery.maxBodyBytes === 0 ? 'any' : formatBytes(delivery.maxBodyBytes)],
    ['proxy.connect_timeout', formatDuration(delivery.connectTimeoutMs)],
    ['proxy.read_timeout', formatDuration(delivery.readTimeoutMs)],
    ['proxy.send_timeout', formatDuration(delivery.sendTimeoutMs)],
    ['proxy.error_page', deliveryFiles.errorPage ?? 'none'],
    ['proxy.maintenance_page', proxy.maintenancePage ?? 'built in'],
    ...tlsValues(settings),
    ['templates', settings.templatesDir ?? 'built in'],
  ]
  return values.map(([key, value]) => ({ key, value: String(value), origin: originOf(key, origins) }))
}

function argvWords(argv: readonly string[]): string {
  return argv.map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : JSON.stringify(word))).join(' ')
}

function hookValues({ hooks }: Settings): [string, Value][] {
  return HOOKS.flatMap((name): [string, Value][] => {
    const hook = hooks[name]
    if (hook === undefined) return []
    return [
      [`hooks.${name}.command`, argvWords(hook.command)],
      [`hooks.${name}.service`, hook.service ?? 'none: on this machine'],
      [`hooks.${name}.timeout`, formatDuration(hook.timeoutMs)],
      ...(name === 'post_switch' ? [['hooks.post_switch.rollback', hook.rollsBack] as [string, Value]] : []),
    ]
  })
}

function tlsValues({ delivery: { tls }, deliveryFiles }: Settings): [string, Value][] {
  if (tls === undefined) return [['tls', 'none']]
  return [
    ['tls.certificate', deliveryFiles.certificate ?? ''],
    ['tls.key', deliveryFiles.key ?? ''],
    ['tls.listen', tls.listen],
    ['tls.redirect', tls.redirect],
    ['tls.hsts', tls.hsts],
  ]
}

function quietValues(prefix: string, quiet: Quiet | undefined): [string, Value][] {
  if (quiet === undefined) return []
  const how = quiet.by === 'signal' ? quiet.signal : argvWords(quiet.command)
  return [
    [`${prefix}.${quiet.by}`, how],
    [`${prefix}.wait`, formatDuration(quiet.waitMs)],
  ]
}

function checkValues(prefix: string, check: HttpCheck | undefined): [string, Value][] {
  if (check === undefined) return []
  const headers = Object.entries(check.headers)
  return [
    [`${prefix}.path`, check.path],
    [`${prefix}.status`, formatStatuses(check.statuses)],
    [`${prefix}.body`, check.body ?? 'not looked at'],
    ...headers.map(([name, value]): [string, Value] => [
      `${prefix}.headers.${name}`,
      SECRET_NAME.test(name) ? '***' : value,
    ]),
    [`${prefix}.request_timeout`, formatDuration(check.requestTimeoutMs)],
  ]
}

function describeRoute({ listen, host, path, service, port, protocol }: Route): string {
  const spoken = protocol === undefined ? '' : `, ${protocol}`
  return `${listen} ${host ?? '*'}${path} -> ${service}:${port}${spoken}`
}

// A list or a route is written over several lines: the first of them stands for it.
function originOf(key: string, origins: Readonly<Record<string, SettingOrigin>>): SettingOrigin {
  const below = Object.keys(origins).find((name) => name.startsWith(`${key}[`) || name.startsWith(`${key}.`))
  return origins[key] ?? (below === undefined ? undefined : origins[below]) ?? { from: 'default' }
}
