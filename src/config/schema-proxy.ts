import * as z from 'zod/mini'
import { DEFAULTS } from './defaults.ts'
import { formatDuration } from './duration.ts'
import * as rules from './rules.ts'
import { duration, MAP, obeys, text, whole, yesOrNo } from './schema-leaves.ts'
import { formatBytes, SIZE_PATTERN } from './size.ts'

const { delivery } = DEFAULTS

const nginx = {
  image: z.optional(
    text(rules.IMAGE, { description: 'The image of nginx, 1.27.4 or newer.', default: DEFAULTS.proxyImage }),
  ),
  preview_port: z.optional(
    whole(rules.PORT, {
      description:
        'The loopback port that shows the standby color; without it, a free one is picked and kept.',
    }),
  ),
  management_port: z.optional(
    whole(rules.PORT, {
      description:
        'The loopback port on which nginx tells its state; without it, a free one is picked and kept.',
    }),
  ),
}

/** `proxy:`, the nginx in front of the app and how it treats requests. */
export const proxy = z
  .strictObject(
    {
      ...nginx,
      http2: z.optional(
        yesOrNo({
          description: 'HTTP/2 beside HTTP/1.1, with TLS and, for clients that know, without.',
          default: delivery.http2,
        }),
      ),
      expose_release: z.optional(
        yesOrNo({
          description: 'Answers bear the release in X-Verdigris-Release.',
          default: delivery.exposeRelease,
        }),
      ),
      gzip: z.optional(
        yesOrNo({ description: 'Texts are compressed on their way to users.', default: delivery.gzip }),
      ),
      max_body_size: z.optional(
        z.union([z.number(), z.string()], { error: rules.SIZE.expected }).check(
          obeys(rules.SIZE),
          z.meta({
            pattern: SIZE_PATTERN.source,
            description: 'The largest body that users may send; 0: any, the application decides.',
            default: formatBytes(delivery.maxBodyBytes),
          }),
        ),
      ),
      connect_timeout: z.optional(
        duration(rules.CONNECT, {
          description: 'How long a container may take to accept a connection.',
          default: formatDuration(delivery.connectTimeoutMs),
        }),
      ),
      read_timeout: z.optional(
        duration(rules.TIMEOUT, {
          description: 'How long the application may be silent within an answer.',
          default: formatDuration(delivery.readTimeoutMs),
        }),
      ),
      send_timeout: z.optional(
        duration(rules.TIMEOUT, {
          description: 'How long the application may take no part of a body.',
          default: formatDuration(delivery.sendTimeoutMs),
        }),
      ),
      error_page: z.optional(
        text(rules.FILE, { description: 'An HTML file that users see when no container answers.' }),
      ),
      maintenance_page: z.optional(
        text(rules.FILE, {
          description: 'An HTML file that users see during maintenance, instead of the built-in one.',
        }),
      ),
    },
    { error: MAP },
  )
  .check(z.meta({ description: 'The nginx in front of the app.' }))

/** `tls:`, the port that speaks it. */
export const tls = z
  .strictObject(
    {
      certificate: text(rules.FILE, {
        description: 'The certificate and its chain, PEM. Read anew at every upgrade, switch and rollback.',
      }),
      key: text(rules.FILE, { description: 'Its key, PEM.' }),
      listen: z.optional(
        whole(rules.PORT, {
          description:
            'The port. Where no route names it, it leads where the lowest port of the routes leads.',
          default: DEFAULTS.tls.listen,
        }),
      ),
      redirect: z.optional(
        yesOrNo({ description: 'Every other port sends users there.', default: DEFAULTS.tls.redirect }),
      ),
      hsts: z.optional(
        yesOrNo({
          description: 'Browsers are told to use nothing but TLS for this host, for a year.',
          default: DEFAULTS.tls.hsts,
        }),
      ),
    },
    { error: 'a map with certificate, key, listen, redirect, hsts' },
  )
  .check(z.meta({ description: 'TLS 1.2 and 1.3 for users.' }))
