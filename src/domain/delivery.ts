/** What becomes of WebSockets, event streams and the like when users are moved: kept until they end by themselves, or closed when the drain time is over. */
export const LONG_CONNECTIONS = ['keep', 'close'] as const

export type LongConnections = (typeof LONG_CONNECTIONS)[number]

/** How nginx treats connections and requests, the same on every route. */
export type Delivery = {
  longConnections: LongConnections
}

/** What holds where nothing was set, and for generations that were rendered before there was such a setting. */
export const PLAIN_DELIVERY: Delivery = {
  longConnections: 'close',
}
