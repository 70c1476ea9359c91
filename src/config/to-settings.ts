import { resolve } from 'node:path'
import type { HttpCheck, ServiceSettings, Settings } from '../domain/settings.ts'
import { hooksOf, quietOf } from './command-settings.ts'
import { DEFAULTS } from './defaults.ts'
import { deliveryFilesOf, deliveryOf } from './delivery-settings.ts'
import { parseDurationMs, type WrittenDuration } from './duration.ts'
import type { Common } from './layer.ts'
import type { UpgradeFile } from './schema.ts'
import { ANY_STATUS, parseStatuses, type StatusRange, type WrittenStatuses } from './statuses.ts'

type Input = {
  app: string
  projectDir: string
  composeFiles: readonly string[]
  /** The folder that relative paths in upgrade.yaml are relative to. */
  fileDir: string
  written: UpgradeFile
  /** Settings that several sources can give, the strongest of them. */
  common: Partial<Common>
}

/** Settings from what was written, valid and complete: what is missing is a default. */
export function toSettings({ app, projectDir, composeFiles, fileDir, written, common }: Input): Settings {
  const timeoutMs = common['health.timeout'] ?? DEFAULTS.health.timeoutMs
  const requestTimeoutMs = msOf(written.health?.request_timeout) ?? DEFAULTS.check.requestTimeoutMs
  return {
    app,
    projectDir,
    composeFiles,
    deploymentDir: resolve(projectDir, common.deployments ?? DEFAULTS.deployments),
    rollbackLimit: common.rollback_limit ?? DEFAULTS.rollbackLimit,
    autoSwitch: common.auto_switch ?? DEFAULTS.autoSwitch,
    autoCleanup: common.auto_cleanup ?? DEFAULTS.autoCleanup,
    health: {
      timeoutMs,
      // `--timeout 1` must not quarrel with an interval that nobody wrote.
      intervalMs: common['health.interval'] ?? Math.min(DEFAULTS.health.intervalMs, timeoutMs),
      successes: written.health?.successes ?? DEFAULTS.health.successes,
      check: optionalCheck(written.health, requestTimeoutMs),
    },
    services: servicesOf(written.services, requestTimeoutMs),
    routes: (written.routes ?? []).map(({ listen, host, path, service, port, protocol }) => {
      const spoken = protocol === 'grpc' ? { protocol } : {}
      return { listen, host, path: path ?? DEFAULTS.routePath, service, port, ...spoken }
    }),
    smoke: (written.smoke ?? []).map((check) => checkOf(check, requestTimeoutMs)),
    migrate: written.migrate,
    hooks: hooksOf(written.hooks),
    drainTimeoutMs: msOf(written.drain) ?? DEFAULTS.drainTimeoutMs,
    delivery: deliveryOf(written),
    deliveryFiles: deliveryFilesOf(written, fileDir),
    watchMs: msOf(written.watch) ?? DEFAULTS.watchMs,
    probe: written.probe ?? DEFAULTS.probe,
    proxy: {
      image: common['proxy.image'] ?? DEFAULTS.proxyImage,
      previewPort: common['proxy.preview_port'],
      managementPort: common['proxy.management_port'],
      maintenancePage: written.proxy?.maintenance_page && resolve(fileDir, written.proxy.maintenance_page),
    },
    templatesDir: written.templates === undefined ? undefined : resolve(fileDir, written.templates),
  }
}

type WrittenCheck = {
  path?: string | undefined
  status?: WrittenStatuses | undefined
  body?: string | undefined
  headers?: Record<string, string> | undefined
  request_timeout?: WrittenDuration | undefined
}

function servicesOf(
  written: UpgradeFile['services'],
  requestTimeoutMs: number,
): Readonly<Record<string, ServiceSettings>> {
  const services = Object.entries(written ?? {})
  return Object.fromEntries(
    services.map(([name, service]) => [
      name,
      {
        class: service.class,
        check: optionalCheck(service.health, requestTimeoutMs),
        quiet: quietOf(service.quiet),
      },
    ]),
  )
}

// `health:` may set times only; then nobody asked for a check, and any answer of a service counts.
function optionalCheck(written: WrittenCheck | undefined, requestTimeoutMs: number): HttpCheck | undefined {
  if (written === undefined) return undefined
  const asked = [written.path, written.status, written.body, written.headers]
  return asked.every((part) => part === undefined) ? undefined : checkOf(written, requestTimeoutMs)
}

function checkOf(written: WrittenCheck, requestTimeoutMs: number): HttpCheck {
  return {
    path: written.path ?? DEFAULTS.check.path,
    statuses: statusesOf(written.status),
    body: written.body,
    headers: written.headers ?? {},
    requestTimeoutMs: msOf(written.request_timeout) ?? requestTimeoutMs,
  }
}

function statusesOf(written: WrittenStatuses | undefined): readonly StatusRange[] | undefined {
  if (written === undefined) return DEFAULTS.check.statuses
  return written === ANY_STATUS ? undefined : parseStatuses(written)
}

function msOf(written: WrittenDuration | undefined): number | undefined {
  return written === undefined ? undefined : parseDurationMs(written)
}
