/**
 * What becomes of WebSockets, event streams and the like when users are moved: kept until they end by themselves,
 * closed when the drain time is over, or closed in portions until then.
 */
export const LONG_CONNECTIONS = ['keep', 'close', 'spread'] as const

type LongConnections = (typeof LONG_CONNECTIONS)[number]

/** The port that speaks TLS, and what follows from there being one. */
export type Tls = {
  listen: number
  /** Every other port sends users there. */
  redirect: boolean
  /** Browsers are told to ask for nothing else, for a year. */
  hsts: boolean
}

/** How nginx treats connections and requests, the same on every route. */
export type Delivery = {
  longConnections: LongConnections
  http2: boolean
  /** Answers bear the release in X-Verdigris-Release. */
  exposeRelease: boolean
  gzip: boolean
  /** 0: any size. */
  maxBodyBytes: number
  connectTimeoutMs: number
  readTimeoutMs: number
  sendTimeoutMs: number
  /** A page of the user's own is shown when no container answers. */
  errorPage: boolean
  tls: Tls | undefined
}

/** What holds where nothing was set, and for generations that were rendered before there was such a setting. */
export const PLAIN_DELIVERY: Delivery = {
  longConnections: 'close',
  http2: true,
  exposeRelease: false,
  gzip: false,
  // The application decides how large a body may be, as it did before a proxy stood in front of it.
  maxBodyBytes: 0,
  connectTimeoutMs: 5_000,
  readTimeoutMs: 3_600_000,
  sendTimeoutMs: 3_600_000,
  errorPage: false,
  tls: undefined,
}

/** Files of the user's own that nginx serves with, absolute. */
export type DeliveryFiles = {
  certificate: string | undefined
  key: string | undefined
  errorPage: string | undefined
}
