import { resolve } from 'node:path'
import type { Delivery, DeliveryFiles } from '../domain/delivery.ts'
import { DEFAULTS } from './defaults.ts'
import { parseDurationMs, type WrittenDuration } from './duration.ts'
import type { UpgradeFile } from './schema.ts'
import { parseBytes } from './size.ts'

/** How nginx treats requests, of what upgrade.yaml says. */
export function deliveryOf({ long_connections, proxy = {}, tls }: UpgradeFile): Delivery {
  const { delivery } = DEFAULTS
  const ms = (written: WrittenDuration | undefined) =>
    written === undefined ? undefined : parseDurationMs(written)
  return {
    longConnections: long_connections ?? delivery.longConnections,
    http2: proxy.http2 ?? delivery.http2,
    exposeRelease: proxy.expose_release ?? delivery.exposeRelease,
    gzip: proxy.gzip ?? delivery.gzip,
    maxBodyBytes: parseBytes(proxy.max_body_size ?? '') ?? delivery.maxBodyBytes,
    connectTimeoutMs: ms(proxy.connect_timeout) ?? delivery.connectTimeoutMs,
    readTimeoutMs: ms(proxy.read_timeout) ?? delivery.readTimeoutMs,
    sendTimeoutMs: ms(proxy.send_timeout) ?? delivery.sendTimeoutMs,
    errorPage: proxy.error_page !== undefined,
    tls: tls && {
      listen: tls.listen ?? DEFAULTS.tls.listen,
      redirect: tls.redirect ?? DEFAULTS.tls.redirect,
      hsts: tls.hsts ?? DEFAULTS.tls.hsts,
    },
  }
}

/** The files that nginx needs for it; relative paths are relative to upgrade.yaml. */
export function deliveryFilesOf({ proxy, tls }: UpgradeFile, fileDir: string): DeliveryFiles {
  const absolute = (path: string | undefined) => (path === undefined ? undefined : resolve(fileDir, path))
  return {
    certificate: absolute(tls?.certificate),
    key: absolute(tls?.key),
    errorPage: absolute(proxy?.error_page),
  }
}
