import type { Color } from '../../domain/color.ts'
import type { ProxyFacts } from '../../domain/facts.ts'
import type { HttpCheck } from '../../domain/settings.ts'
import type { Site } from '../../domain/site.ts'
import type { ProbeAnswer } from './requests.ts'

/** The nginx in front of an app. */
export interface Proxy {
  observe(): Promise<ProxyFacts>
  /** nginx is new enough: `proxy-too-old`; pulls its image if it is not there: `image-missing`. */
  check(): Promise<{ version: string }>
  /**
   * A running proxy that publishes these ports. Creates it with `site` as its first configuration, starts a
   * stopped one, leaves a running one alone; `proxy-ports-differ` when a running one publishes other ports
   * (`recreate` allows it: a gap for users), `port-taken`.
   */
  ensure(
    site: (ports: ProxyPorts) => Site,
    options: { listen: readonly number[]; recreate: boolean; users?: UsersCome },
  ): Promise<void>
  /**
   * Makes a waiting proxy anew with all of its ports and `site` as its configuration, running on a network that
   * publishes nothing: then only `takePorts` is left. Whoever has the ports is not disturbed.
   */
  standReady(site: Site): Promise<void>
  /** Publishes the ports of a proxy that stands ready, and joins it to networks of a color; `port-taken`. */
  takePorts(networks: readonly string[]): Promise<void>
  /** Removes what only the hand-over of the ports needed. */
  settle(): Promise<void>
  /** Ends nginx at once, which frees its ports. */
  letGo(): Promise<void>
  /**
   * Makes the proxy wait again, with no color for users: preview and management only. With what is installed, or
   * with a site that it had before.
   */
  waitAgain(site?: Site): Promise<void>
  /** The ports the proxy has, or would get. */
  ports(listen: readonly number[]): Promise<ProxyPorts>
  /** Networks of colors that the proxy must reach; what is joined stays joined. Returns those that were missing. */
  join(networks: readonly string[]): Promise<string[]>
  /** Renders the site and has nginx test it, beside what is installed: `template-failed`, `nginx-refused`. */
  test(site: Site): Promise<void>
  /**
   * Users' requests would reach a color of an installed site: nginx looks its names up once a second, so right
   * after the color came up they are not known yet. `standby-unhealthy` after 20 s, or soon after its containers ended.
   */
  awaitUpstreams(site: Site, color: Color): Promise<void>
  /**
   * Moves users to a site's color by marks alone, every connection at one instant and none of them closed, where what
   * nginx serves was made of the same as this site but for its number and color. Returns the number of the generation
   * that serves; undefined: it was made of something else, and nothing was done. `standby-unhealthy` as `install`.
   */
  lead(site: Site): Promise<number | undefined>
  /**
   * Makes a site the current one: test, supersede the generation before it when the color changes, so that every
   * connection switches at one instant, move the link, reload. Any failure before the move leaves all as it was,
   * `standby-unhealthy` among them: a color that users are to be moved to is reached first.
   */
  install(site: Site): Promise<void>
  /** Makes an earlier generation current again and lead to a color again. */
  reinstate(generation: number, color: Color | undefined): Promise<void>
  /**
   * New connections are answered by the generation alone, `times` in a row, else `reload-without-effect`. Where users
   * were moved, `leads` says to which color, and every answer must: then one answer of the generation is enough, and old
   * workers, which nginx lets accept for 100 ms more after a reload, count when they lead there, too.
   */
  confirm(
    generation: number,
    options: { times: number; timeoutMs: number; leads?: Color | undefined },
  ): Promise<void>
  /** The site that the installed generation was rendered from, and the color that it leads to now. */
  current(): Promise<Site | undefined>
  /**
   * Names of files in a running proxy that are not as they were installed, `current` for a link that leads to another
   * generation than nginx serves. What an older version installed is not judged.
   */
  changedFiles(): Promise<string[]>
  /** Workers of older generations that are on their way out. */
  oldWorkers(): Promise<number>
  /** Connections that users' requests still have to a color; 0: none of their requests is on it any more. */
  draining(color: Color): Promise<number>
  /**
   * Users get the page of the maintenance, or the app again, from the next request on, on every connection, whatever
   * is installed meanwhile; `maintenance-unknown` where a template of the user's own has none.
   */
  maintain(wanted: Maintenance): Promise<void>
  /** The rendered configuration of the installed generation, and the one a site would give. */
  show(): Promise<string>
  render(site: Site): Promise<string>
  stop(): Promise<void>
  /** Removes the proxy's container, network and, unless `keepVolume`, its configuration volume. */
  remove(): Promise<void>
  /** Asks a service of a color through the management listener. */
  probe(target: {
    color: Color
    service: string
    port: number
    check: HttpCheck | undefined
    protocol?: 'grpc'
  }): Promise<ProbeAnswer>
}

/** When a new proxy publishes the listen ports: at once, or in a hand-over, from whoever has them now. */
export type UsersCome = 'now' | 'later'

export type Maintenance = 'on' | 'off'

export type ProxyPorts = { management: number; previews: Record<number, number> }
