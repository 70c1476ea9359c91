import { expect, test } from 'vitest'
import { type EngineFacts, planEngine } from '../support/setup/engine-plan.ts'

const source = { uri: 'http://mirror.example/debian', signedBy: undefined }
const debian = { version: 12, codename: 'bookworm', source }

const BARE_DEBIAN: EngineFacts = {
  daemon: 'silent',
  remoteHost: undefined,
  daemonInstalled: false,
  clientInstalled: false,
  composeVersion: undefined,
  buildxInstalled: false,
  root: true,
  platform: 'linux',
  debian,
}
const DOCKER_IS_THERE: EngineFacts = {
  ...BARE_DEBIAN,
  daemon: 'answers',
  daemonInstalled: true,
  clientInstalled: true,
  composeVersion: '2.26.1',
  buildxInstalled: true,
}

test.each<[string, Partial<EngineFacts>]>([
  ['on Debian, as root', {}],
  ['without root', { root: false }],
  ['on macOS', { root: false, platform: 'darwin', debian: undefined, daemonInstalled: false }],
  ['without buildx', { buildxInstalled: false }],
  ['on a machine far away', { remoteHost: 'ssh://far' }],
])('nothing is installed where Docker and Compose answer: %s', (_, facts) => {
  expect(planEngine({ ...DOCKER_IS_THERE, ...facts })).toEqual({ kind: 'nothing' })
})

test.each<[string, EngineFacts, object]>([
  [
    'everything',
    BARE_DEBIAN,
    { packages: ['docker.io', 'iptables'], plugins: ['docker-compose', 'docker-buildx'], start: true },
  ],
  [
    'a start',
    { ...DOCKER_IS_THERE, daemon: 'silent', composeVersion: '2.26.1' },
    { packages: [], plugins: [], start: true },
  ],
  [
    'Compose 2.20 or newer',
    { ...DOCKER_IS_THERE, composeVersion: '2.19.9' },
    { packages: [], plugins: ['docker-compose'], start: false },
  ],
])('on Debian root gets what is missing: %s', (_, facts, wanted) => {
  expect(planEngine(facts)).toEqual({ kind: 'do', debian, ...wanted })
})

test.each<[string, EngineFacts, RegExp, string]>([
  [
    'without root',
    { ...BARE_DEBIAN, root: false },
    /installs one only on Debian, as root/,
    'sudo npx tsx test/support/setup/main.ts',
  ],
  [
    'without apt, or on another system',
    { ...BARE_DEBIAN, debian: undefined },
    /installs one only on Debian/,
    '# install Docker Engine: docs.docker.com/engine/install',
  ],
  [
    'on another system whose engine stands still',
    { ...BARE_DEBIAN, debian: undefined, daemonInstalled: true },
    /No Docker engine answers/,
    'sudo systemctl start docker',
  ],
  [
    'on macOS',
    { ...BARE_DEBIAN, root: false, debian: undefined, platform: 'darwin' },
    /No Docker engine answers/,
    'open -a Docker   # Docker Desktop, OrbStack or colima: start it',
  ],
  [
    'with Compose 1 on another system',
    { ...DOCKER_IS_THERE, debian: undefined, composeVersion: undefined },
    /Compose is not installed; 2\.20 or newer is needed/,
    '# install the Compose plugin: docs.docker.com/compose/install',
  ],
  [
    'with an engine that this user may not use',
    { ...BARE_DEBIAN, daemon: 'forbidden', root: false },
    /may not talk to the Docker engine/,
    'sudo usermod -aG docker $USER   # then log in again',
  ],
  [
    'with an engine far away that does not answer',
    { ...BARE_DEBIAN, remoteHost: 'tcp://far:2375' },
    /DOCKER_HOST is tcp:\/\/far:2375, and no engine answers there/,
    'unset DOCKER_HOST',
  ],
])('where it may not install, it tells what to run: %s', (_, facts, because, command) => {
  const plan = planEngine(facts)
  expect(plan).toEqual({ kind: 'cannot', because: expect.stringMatching(because), byHand: [command] })
})
