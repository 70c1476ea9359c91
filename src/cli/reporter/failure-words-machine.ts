import { dirname } from 'node:path'
import type { Failure } from '../../domain/failure.ts'
import type { LackingFeature } from '../../domain/nginx-features.ts'
import { countWords, listWords, sizeWords } from './amount-words.ts'
import { asSentence, type Next, shellWord, type ToldFailure } from './told-failure.ts'

type Machine = Extract<
  Failure,
  {
    code:
      | 'engine-unreachable'
      | 'compose-missing'
      | 'compose-too-old'
      | 'proxy-too-old'
      | 'port-taken'
      | 'networks-exhausted'
      | 'disk-full'
      | 'deployment-dir-unwritable'
      | 'folder-unsafe'
      | 'name-taken'
      | 'proxy-ports-differ'
      | 'file-failed'
      | 'file-exists'
      | 'output-lost'
  }
>

/** Words for failures of the machine: Docker, ports, disk, folders. */
export function tellMachineFailure(failure: Machine): ToldFailure {
  switch (failure.code) {
    case 'engine-unreachable':
      return {
        what: 'Docker does not answer.',
        why: [asSentence(failure.reason)],
        next: [
          { run: 'docker info', gives: 'must answer first; start Docker if it does not run' },
          { run: 'upgrade doctor', gives: 'then checks the rest' },
        ],
      }
    case 'compose-missing':
      return {
        what: 'Docker Compose is not installed.',
        why: ['This tool needs Compose v2, the plugin behind "docker compose".'],
        next: [
          { words: 'Install the package docker-compose-plugin, or Docker Desktop, which brings it.' },
          { run: 'docker compose version', gives: 'must answer then' },
        ],
      }
    case 'compose-too-old':
      return {
        what: `Docker Compose ${failure.found} is too old.`,
        why: [`Version ${failure.needed} or newer is needed.`],
        next: [
          { words: 'Update the package docker-compose-plugin, or Docker Desktop.' },
          { run: 'docker compose version', gives: `must say ${failure.needed} or newer then` },
        ],
      }
    case 'proxy-too-old':
      return {
        what: `nginx ${failure.found} is too old for a switch that loses no request.`,
        why: [`The image ${failure.image} has it.`, ...failure.lacks.map(lackWords)],
        next: [
          { run: 'PROXY_IMAGE=nginx:stable-alpine upgrade perform', gives: 'uses another image' },
          { words: 'Or set proxy.image in upgrade.yaml, to keep it.' },
        ],
      }
    case 'port-taken':
      return tellPortTaken(failure)
    case 'networks-exhausted':
      return {
        what: 'Docker has too few networks left.',
        why: [
          failure.needed === undefined
            ? 'Its address pools are used up.'
            : `Its address pools have room for ${countWords(failure.free, 'more network')}; this app needs ${failure.needed}.`,
        ],
        next: [
          { run: 'docker network ls', gives: 'shows who has them' },
          { run: 'upgrade cleanup --remove', gives: 'gives back those of a color that users are not on' },
          { words: 'Or set default-address-pools, with smaller subnets, in the configuration of Docker.' },
        ],
      }
    case 'disk-full':
      return {
        what: `The disk of ${failure.path} is nearly full.`,
        why: [`${sizeWords(failure.freeBytes)} are free; ${sizeWords(failure.neededBytes)} are needed.`],
        next: [
          lookAtDisk(failure.path),
          { run: 'docker system df', gives: 'shows what Docker keeps, if it keeps it there' },
        ],
      }
    case 'deployment-dir-unwritable':
      return {
        what: `The deployments folder ${failure.path} cannot be written.`,
        why: [asSentence(failure.reason)],
        next: [
          failure.isFull ? lookAtDisk(failure.path) : lookAtOwner(failure.path),
          { run: 'upgrade --deployments another/folder status', gives: 'uses another one' },
        ],
      }
    case 'folder-unsafe':
      return {
        what: `The deployments folder ${failure.path} could have been written by another user.`,
        why: [asSentence(failure.reason), 'What stands in it decides what is started.'],
        next: [
          { run: `ls -la ${shellWord(failure.path)}`, gives: 'shows what is in it, and whose it is' },
          {
            run: `chown -hR "$(id -u)" ${shellWord(failure.path)} && chmod go-w ${shellWord(failure.path)}`,
            gives: 'makes it yours alone, once you have looked',
          },
        ],
      }
    case 'name-taken':
      return {
        what: `Another app bears the name ${failure.project} already.`,
        why: [`Its compose project runs from ${failure.directory}.`],
        next: [
          { run: 'upgrade --app another-name perform', gives: 'or set app in upgrade.yaml, to keep it' },
        ],
      }
    case 'proxy-ports-differ':
      return {
        what: 'The proxy must publish other ports than it does.',
        why: [
          `It publishes ${listPorts(failure.published)}; the routes need ${listPorts(failure.needed)}.`,
          'Docker cannot change the ports of a container that runs.',
        ],
        next: [
          { run: 'upgrade proxy start --recreate', gives: 'changes them; users get no answer for a moment' },
        ],
      }
    case 'file-failed':
      return {
        what: `The file ${failure.path}${inside(failure.container)} could not be read or written.`,
        why: [asSentence(failure.reason)],
        next: [
          failure.container !== undefined
            ? {
                run: `docker exec ${failure.container} df -h ${failure.path}`,
                gives: 'shows what room it has',
              }
            : failure.isFull
              ? lookAtDisk(dirname(failure.path))
              : lookAtOwner(failure.path),
        ],
      }
    case 'file-exists':
      return {
        what: `${failure.path} is there already.`,
        why: ['What a person wrote is not replaced unasked.'],
        next: [{ run: 'upgrade init --force', gives: 'writes it anew' }],
      }
    case 'output-lost':
      return {
        what: 'The output could not be written where it was sent to.',
        why: [asSentence(failure.reason)],
        next: [
          { run: 'df -h', gives: 'shows which disk is full' },
          { run: 'upgrade status', gives: 'tells how things stand' },
        ],
      }
  }
}

function tellPortTaken(failure: Extract<Failure, { code: 'port-taken' }>): ToldFailure {
  const { port, holder, container } = failure
  if (container !== undefined && failure.own) {
    return {
      what: `Port ${port} is still held by this app's own container ${container}.`,
      why: ['The proxy serves this port from now on, so that users can be switched.'],
      next: [
        {
          run: `docker stop ${container}`,
          gives: 'frees it; users get no answer until the next line is done',
        },
        { run: 'upgrade perform --auto-switch' },
      ],
    }
  }
  const setting = failure.setting === undefined ? undefined : `proxy.${failure.setting}_port`
  const who = container === undefined ? (holder ?? 'Another program') : `The container ${container}`
  return {
    what: `Port ${port} is taken.`,
    why: [`${who} listens on it; the proxy needs it${setting === undefined ? '' : ` as ${setting}`}.`],
    next: [
      container === undefined
        ? { run: `ss -ltnp 'sport = :${port}'`, gives: 'shows who listens' }
        : { run: `docker stop ${container}`, gives: 'frees it' },
      setting === undefined
        ? { words: 'Or publish another port in the compose file.' }
        : { words: `Or set ${setting} in upgrade.yaml to another port; without it a free one is taken.` },
    ],
  }
}

function lookAtOwner(path: string): Next {
  return { run: `ls -ld ${shellWord(path)}`, gives: 'shows whose it is' }
}

function lookAtDisk(path: string): Next {
  return { run: `df -h ${shellWord(path)}`, gives: 'shows which disk it is' }
}

function listPorts(ports: readonly number[]): string {
  return ports.length === 0 ? 'none' : listWords(ports)
}

function lackWords({ feature, since }: LackingFeature): string {
  switch (feature) {
    case 'idle-kept':
      return `Without nginx ${since}, each switch breaks requests on connections that users keep: about 20 of 50 busy ones, as measured.`
    case 'names-resolved':
      return `Without nginx ${since}, users get errors when a container comes back with another address.`
    case 'http2':
      return `HTTP/2 needs nginx ${since}; \`proxy: {http2: false}\` in upgrade.yaml does without.`
    case 'grpc':
      return `Routes to gRPC need nginx ${since}.`
  }
}

function inside(container: string | undefined): string {
  return container === undefined ? '' : ` in ${container}`
}
