import type { Commands } from './ports/commands.ts'
import type { Locator, Machine } from './ports/machine.ts'
import type { Platform } from './ports/platform.ts'
import type { Proxy } from './ports/proxy.ts'
import type { Lock, Store } from './ports/records.ts'
import type { Http, Traffic } from './ports/requests.ts'

/** Everything the application needs from outside. */
export type Ports = {
  platform: Platform
  proxy: Proxy
  http: Http
  traffic: Traffic
  store: Store
  lock: Lock
  machine: Machine
  commands: Commands
  locator: Locator
}
