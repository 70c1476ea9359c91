import { existsSync, readFileSync } from 'node:fs'
import { run } from '../run.ts'
import { type DebianSource, readDebianSource } from './debian-source.ts'

/** What the set-up needs to know before it decides. */
export interface EngineFacts {
  daemon: 'answers' | 'forbidden' | 'silent'
  /** DOCKER_HOST, where it names an engine on another machine. */
  remoteHost: string | undefined
  daemonInstalled: boolean
  clientInstalled: boolean
  composeVersion: string | undefined
  buildxInstalled: boolean
  root: boolean
  platform: NodeJS.Platform
  debian: DebianMachine | undefined
}

/** A Debian machine with apt. */
export interface DebianMachine {
  version: number
  codename: string
  source: DebianSource
}

/** What has to be done so that Docker and Compose are there. */
export type EnginePlan =
  | { kind: 'nothing' }
  | { kind: 'cannot'; because: string; byHand: string[] }
  | { kind: 'do'; packages: string[]; plugins: string[]; start: boolean; debian: DebianMachine }

/** Looks at the machine; changes nothing. */
export async function gatherEngineFacts(): Promise<EngineFacts> {
  const plugins = ['info', '--format', '{{range .ClientInfo.Plugins}}{{.Name}}={{.Version}} {{end}}']
  const [server, client] = await Promise.all([
    run('docker', ['version', '--format', '{{.Server.Version}}'], { timeoutMs: 10_000 }),
    run('docker', plugins, { timeoutMs: 10_000 }),
  ])
  const host = process.env.DOCKER_HOST
  return {
    daemon: server.code === 0 ? 'answers' : /permission denied/i.test(server.stderr) ? 'forbidden' : 'silent',
    remoteHost: host && !host.startsWith('unix:') ? host : undefined,
    daemonInstalled: ['/usr/sbin/dockerd', '/usr/bin/dockerd', '/usr/local/bin/dockerd'].some(existsSync),
    clientInstalled: server.code !== 127,
    composeVersion: /\bcompose=v?(\S+)/.exec(client.stdout)?.[1],
    buildxInstalled: /\bbuildx=/.test(client.stdout),
    root: process.getuid?.() === 0,
    platform: process.platform,
    debian: readDebianMachine(),
  }
}

/** Decides what to install and start. */
export function planEngine(facts: EngineFacts): EnginePlan {
  const composeGood = isCompose220(facts.composeVersion)
  const answers = facts.daemon === 'answers'
  if (answers && composeGood) return { kind: 'nothing' }
  if (!answers && facts.remoteHost) {
    return cannot(`DOCKER_HOST is ${facts.remoteHost}, and no engine answers there.`, ['unset DOCKER_HOST'])
  }
  if (facts.daemon === 'forbidden') {
    return cannot('This user may not talk to the Docker engine.', [
      'sudo usermod -aG docker $USER   # then log in again',
    ])
  }
  if (!facts.debian || !facts.root)
    return cannot(describeMissing(answers, facts.composeVersion), commandsFor(facts))
  const client = facts.clientInstalled || facts.debian.version < 13 ? [] : ['docker-cli']
  return {
    kind: 'do',
    packages: answers || facts.daemonInstalled ? [] : ['docker.io', 'iptables', ...client],
    plugins: [
      ...(composeGood ? [] : ['docker-compose']),
      ...(facts.buildxInstalled ? [] : ['docker-buildx']),
    ],
    start: !answers,
    debian: facts.debian,
  }
}

function isCompose220(version: string | undefined): boolean {
  const [major = 0, minor = 0] = (version ?? '0.0').replace(/^v/, '').split('.').map(Number)
  return major > 2 || (major === 2 && minor >= 20)
}

function cannot(because: string, byHand: string[]): EnginePlan {
  return { kind: 'cannot', because, byHand }
}

function describeMissing(answers: boolean, compose: string | undefined): string {
  if (!answers) return 'No Docker engine answers, and this set-up installs one only on Debian, as root.'
  const found = compose ? `Compose is ${compose}` : 'Compose is not installed'
  return `${found}; 2.20 or newer is needed, and this set-up installs it only on Debian, as root.`
}

function commandsFor(facts: EngineFacts): string[] {
  if (facts.platform === 'darwin') return ['open -a Docker   # Docker Desktop, OrbStack or colima: start it']
  if (facts.debian) return ['sudo npx tsx test/support/setup/main.ts']
  const engine = facts.daemonInstalled
    ? ['sudo systemctl start docker']
    : ['# install Docker Engine: docs.docker.com/engine/install']
  return facts.daemon === 'answers'
    ? ['# install the Compose plugin: docs.docker.com/compose/install']
    : engine
}

/** The Debian release this machine runs and its mirror, or undefined where it runs another system. */
export function readDebianMachine(): DebianMachine | undefined {
  if (!existsSync('/etc/os-release') || !existsSync('/usr/bin/apt-get')) return undefined
  const release = readFileSync('/etc/os-release', 'utf8')
  const field = (name: string) => new RegExp(`^${name}="?([^"\\n]*)"?$`, 'm').exec(release)?.[1]
  const codename = field('VERSION_CODENAME')
  if (field('ID') !== 'debian' || !codename) return undefined
  const source = readDebianSource(codename)
  return source && { version: Number(field('VERSION_ID')), codename, source }
}
