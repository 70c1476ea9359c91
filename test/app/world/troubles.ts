import type { ProxyWorld, World } from './world.ts'

/** What somebody may do to an app whose users are served, by hand or by a program of theirs. */
export const TROUBLES = {
  'nothing at all': () => {},
  'stopped the proxy': (world) => {
    proxyOf(world).running = false
  },
  'removed the proxy, volume and all': (world) => {
    world.proxy = undefined
  },
  'changed a file of the proxy': (world) => {
    proxyOf(world).changed = ['site.conf']
  },
  'changed all files of the proxy': (world) => {
    proxyOf(world).changed = ['nginx.conf', 'site.conf', 'site.json']
  },
  'took the proxy off its networks': (world) => {
    proxyOf(world).networks = []
  },
  'had containers not come up with the engine any more': (world) => {
    world.always = []
  },
  'removed the record of the active color': (world) => {
    world.active = undefined
  },
  'wrote the other color into it': (world) => {
    world.active = world.active === 'blue' ? 'green' : 'blue'
  },
  'took the last entry out of the history': (world) => {
    world.history = world.history.slice(0, -1)
  },
  'emptied the history and stopped the proxy': (world) => {
    world.history = []
    proxyOf(world).running = false
  },
} satisfies Record<string, (world: World) => void>

export type Trouble = keyof typeof TROUBLES

function proxyOf({ proxy }: World): ProxyWorld {
  if (proxy === undefined) throw new Error('There is no proxy yet.')
  return proxy
}
