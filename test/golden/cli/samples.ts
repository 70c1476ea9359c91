import type { Event, StepSubject } from '../../../src/app/events.ts'
import type { Failure, FailureCode, Freeze, LockHolder } from '../../../src/domain/failure.ts'
import type { Outcome } from '../../../src/domain/outcome.ts'
import type { PlannedStep } from '../../../src/domain/steps.ts'

export const HOLDER: LockHolder = {
  pid: 4711,
  host: 'web-1',
  user: 'ana',
  command: 'perform',
  step: 'health',
  since: '2026-01-29T10:15:30.123Z',
}

const LOGS = [
  'Listening on 3000',
  'Error: connect ECONNREFUSED 172.18.0.3:5432',
  '    at TCPConnectWrap.afterConnect',
]

/** A person's freeze. */
export const FREEZE: Freeze = {
  user: 'ana',
  host: 'web-1',
  since: '2026-01-29T14:12:45.000Z',
  message: 'freeze until Monday',
}

/** One sample of every failure; the type makes a new code fail to compile here. */
export const FAILURES: { [Code in FailureCode]: Extract<Failure, { code: Code }> } = {
  'wrong-usage': {
    code: 'wrong-usage',
    message: 'There is no command "upgrade statu".',
    next: ['upgrade status', 'upgrade --help'],
  },
  'unknown-color': { code: 'unknown-color', word: 'purple' },
  'compose-file-missing': { code: 'compose-file-missing', directory: '/srv/shop' },
  'compose-file-invalid': {
    code: 'compose-file-invalid',
    output: 'services.web.ports.0 must be a string\nvalidating /srv/shop/compose.yaml\n',
  },
  'compose-refused': {
    code: 'compose-refused',
    refusals: [
      {
        place: { file: '/srv/shop/compose.yaml', line: 12, column: 5, text: '    network_mode: host' },
        path: 'services.web.network_mode',
        message: 'a service on the network of the host cannot run twice: both colors would want its ports',
        hint: 'Remove network_mode and publish the port that users reach: ports: ["8080:3000"].',
      },
      {
        place: undefined,
        path: 'services.mail',
        message: 'publishes port 25, which both colors would want',
        hint: undefined,
      },
    ],
  },
  'settings-invalid': {
    code: 'settings-invalid',
    diagnostics: [
      {
        place: { file: 'upgrade.yaml', line: 3, column: 12, text: '  timeout: soon' },
        path: 'health.timeout',
        message: 'must be a time, such as 60 or "90s"',
        hint: undefined,
      },
      {
        place: { file: 'upgrade.yaml', line: 7, column: 1, text: 'roolback_limit: 5' },
        path: 'roolback_limit',
        message: 'is no setting',
        hint: 'Did you mean rollback_limit?',
      },
      {
        place: {
          file: 'upgrade.yaml',
          line: 120,
          column: 150,
          text: `  - path: /${'a/very/long/path/'.repeat(8)}up?statuses=2xx&more=of-it`,
        },
        path: 'smoke.0.path',
        message: 'must not have a query',
        hint: undefined,
      },
    ],
  },
  'file-unusable': {
    code: 'file-unusable',
    path: '/srv/shop/upgrade.yaml',
    reason: 'It is a named pipe, not a file.',
  },
  'template-failed': {
    code: 'template-failed',
    template: 'templates/site.conf.ejs',
    line: 14,
    reason: 'listner is not defined',
  },
  'nginx-refused': {
    code: 'nginx-refused',
    output:
      'nginx: [emerg] unknown directive "proxy_pas" in /etc/nginx/sites/shop/generations/8/site.conf:14\nnginx: configuration file test failed',
    template: 'templates/site.conf.ejs',
  },
  'record-too-new': { code: 'record-too-new', file: 'deployments/history.json', found: 3, supported: 1 },
  'engine-unreachable': { code: 'engine-unreachable', reason: 'connect ENOENT /var/run/docker.sock' },
  'compose-missing': { code: 'compose-missing' },
  'compose-too-old': { code: 'compose-too-old', found: '2.1.0', needed: '2.20.0' },
  'proxy-too-old': {
    code: 'proxy-too-old',
    image: 'nginx:1.16',
    found: '1.16.1',
    lacks: [
      { feature: 'idle-kept', since: '1.27.4' },
      { feature: 'names-resolved', since: '1.27.3' },
      { feature: 'http2', since: '1.25.1' },
      { feature: 'grpc', since: '1.17.8' },
    ],
  },
  'port-taken': { code: 'port-taken', port: 8080, holder: undefined, container: 'shop-web-1', own: true },
  'networks-exhausted': { code: 'networks-exhausted', free: 1, needed: 4 },
  'disk-full': {
    code: 'disk-full',
    path: '/srv/shop/deployments',
    freeBytes: 4_100_000,
    neededBytes: 16_777_216,
  },
  'deployment-dir-unwritable': {
    code: 'deployment-dir-unwritable',
    path: '/srv/shop/my deployments',
    reason: 'EACCES: permission denied',
  },
  'folder-unsafe': {
    code: 'folder-unsafe',
    path: '/srv/shop/deployments',
    reason: 'every user of this machine may write into it',
  },
  'name-taken': { code: 'name-taken', project: 'shop', directory: '/home/ben/shop' },
  'proxy-ports-differ': { code: 'proxy-ports-differ', published: [80], needed: [80, 443] },
  'file-failed': { code: 'file-failed', path: 'deployments/journal.json', reason: 'EIO: i/o error, write' },
  'output-lost': { code: 'output-lost', reason: 'ENOSPC: no space left on device, write' },
  'image-missing': {
    code: 'image-missing',
    service: 'web',
    image: 'shop/web:1.5',
    output: 'Error response from daemon: pull access denied for shop/web',
  },
  'build-failed': {
    code: 'build-failed',
    services: ['web', 'api'],
    output: '#7 [web 4/5] RUN npm ci\n#7 ERROR: process "/bin/sh -c npm ci" did not complete: exit code: 1',
  },
  'job-failed': {
    code: 'job-failed',
    command: undefined,
    service: 'migrate',
    exitCode: 1,
    output: 'migrating 0042_add_full_name\nERROR: column "full_name" exists already',
  },
  'shared-unhealthy': {
    code: 'shared-unhealthy',
    recreated: false,
    service: 'db',
    state: 'restarting, exit code 1',
    logs: ['FATAL: data directory has wrong ownership'],
  },
  'start-failed': {
    code: 'start-failed',
    project: 'shop-green',
    output: 'Error response from daemon: could not find an available, non-overlapping IPv4 address pool',
  },
  'container-exited': {
    code: 'container-exited',
    service: 'web',
    container: 'shop-green-web-1',
    exitCode: 137,
    oomKilled: true,
    logs: LOGS,
  },
  'container-restarting': {
    code: 'container-restarting',
    service: 'web',
    container: 'shop-green-web-1',
    restarts: 3,
    logs: LOGS,
  },
  'never-healthy': {
    code: 'never-healthy',
    service: 'web',
    container: 'shop-green-web-1',
    waitedMs: 60_000,
    evidence: 'GET /up through the preview answered 503',
    tries: 12,
    logs: [...Array.from({ length: 22 }, (_, index) => `request ${index + 1}`), ...LOGS],
  },
  'became-unhealthy': {
    code: 'became-unhealthy',
    service: 'web',
    evidence: 'GET /up answered 502',
    logs: LOGS,
  },
  'smoke-failed': { code: 'smoke-failed', path: '/login', evidence: 'status 500' },
  'hook-failed': {
    code: 'hook-failed',
    hook: 'pre_switch',
    command: './check-stock.sh --all',
    how: { ended: 'exited', exitCode: 3 },
    output: ['asking the warehouse', 'no answer from the warehouse'],
  },
  locked: { code: 'locked', holder: HOLDER },
  'lock-lost': { code: 'lock-lost' },
  frozen: { code: 'frozen', freeze: FREEZE },
  'freeze-of-another': { code: 'freeze-of-another', freeze: FREEZE },
  'already-active': { code: 'already-active', color: 'green' },
  'not-running': { code: 'not-running', color: 'green' },
  'standby-unhealthy': {
    code: 'standby-unhealthy',
    color: 'green',
    service: 'web',
    evidence: 'GET /up answered 503',
  },
  'active-untouchable': { code: 'active-untouchable', color: 'blue' },
  'nothing-deployed': { code: 'nothing-deployed' },
  'no-previous-release': { code: 'no-previous-release' },
  'snapshot-missing': {
    code: 'snapshot-missing',
    id: 'green-20260101-000000',
    known: ['blue-20260129-101530', 'green-20260128-142210'],
  },
  'snapshot-broken': {
    code: 'snapshot-broken',
    id: 'blue-20260129-101530',
    reason: 'metadata.json is not JSON',
  },
  'images-gone': {
    code: 'images-gone',
    id: 'blue-20260129-101530',
    images: ['shop/web:1.4', 'shop/api:1.4'],
  },
  'needs-confirmation': {
    code: 'needs-confirmation',
    question: 'Users of shop get no answer until "upgrade proxy start". Stop the proxy?',
  },
  'eject-differs': { code: 'eject-differs', release: 'blue-20260129-101530' },
  'eject-unpublished': { code: 'eject-unpublished', ports: [8443] },
  'eject-crowded': { code: 'eject-crowded', service: 'web', replicas: 2, port: 8080 },
  'eject-unanswered': { code: 'eject-unanswered', port: 8080, evidence: 'status 500', waitedMs: 60_120 },
  declined: { code: 'declined' },
  'file-exists': { code: 'file-exists', path: 'upgrade.yaml' },
  'proxy-absent': { code: 'proxy-absent' },
  'maintenance-unknown': { code: 'maintenance-unknown' },
  'proxy-silent': {
    code: 'proxy-silent',
    container: 'shop-proxy-nginx-1',
    reason: 'connect ECONNREFUSED 127.0.0.1:8899',
    logs: ['nginx: [emerg] bind() to 0.0.0.0:80 failed'],
  },
  'reload-without-effect': {
    code: 'reload-without-effect',
    expected: 8,
    answered: 'generation 7',
    logs: ['[emerg] still could not bind()'],
  },
  'command-failed': {
    code: 'command-failed',
    command: 'docker compose -p shop-green stop',
    exitCode: 1,
    output: 'Error response from daemon: context deadline exceeded',
  },
  'timed-out': { code: 'timed-out', what: 'stopping shop-green', afterMs: 30_000 },
  interrupted: { code: 'interrupted', signal: 'SIGINT' },
}

export const SUBJECT: StepSubject = {
  app: 'shop',
  color: 'green',
  from: 'blue',
  release: 'green-20260129-141245',
}

const SUBJECT_BEFORE: StepSubject = { ...SUBJECT, release: undefined }

const STEPS_PLANNED: PlannedStep[] = [
  { id: 'images', skip: undefined },
  { id: 'snapshot', skip: undefined },
  { id: 'shared', skip: undefined },
  { id: 'jobs', skip: 'no-jobs' },
  { id: 'start', skip: undefined },
  { id: 'health', skip: undefined },
  { id: 'smoke', skip: 'no-smoke-tests' },
  { id: 'switch', skip: undefined },
  { id: 'confirm', skip: undefined },
  { id: 'singletons', skip: 'no-singletons' },
  { id: 'watch', skip: 'watch-not-configured' },
  { id: 'drain', skip: undefined },
  { id: 'cleanup', skip: 'cleanup-not-asked' },
]

function begin(step: PlannedStep['id'], subject = SUBJECT): Event {
  return { type: 'step-started', step, subject }
}

function done(step: PlannedStep['id'], durationMs: number, detail?: string): Event {
  return { type: 'step-done', step, subject: SUBJECT, durationMs, detail }
}

function skip(step: PlannedStep['id'], reason: PlannedStep['skip']): Event {
  return { type: 'step-skipped', step, subject: SUBJECT, reason: reason ?? 'no-jobs' }
}

const BEFORE_HEALTH: Event[] = [
  { type: 'note', note: { note: 'record-repaired', what: 'active', from: 'green', to: 'blue' } },
  begin('preflight', SUBJECT_BEFORE),
  {
    type: 'step-done',
    step: 'preflight',
    subject: SUBJECT_BEFORE,
    durationMs: 412,
    detail: 'engine 20.10.24, compose 2.26.1',
  },
  { type: 'plan', command: 'perform', subject: SUBJECT, steps: STEPS_PLANNED },
  begin('images'),
  { type: 'step-progress', step: 'images', text: 'web Pulling' },
  {
    type: 'note',
    note: {
      note: 'pull-failed-used-local',
      service: 'api',
      image: 'shop/api:1.5',
      reason: 'Error response from daemon: manifest unknown\n',
    },
  },
  {
    type: 'note',
    note: {
      note: 'named-again',
      service: 'web',
      image: 'shop/web:1.5',
      release: 'blue-20260128-090000',
      reason: 'Error response from daemon: pull access denied for shop/web\n',
    },
  },
  done('images', 12_345, 'shop/web:1.5, shop/api:1.5'),
  begin('snapshot'),
  done('snapshot', 230),
  begin('shared'),
  { type: 'step-progress', step: 'shared', text: 'waiting for db' },
  done('shared', 1840, 'db'),
  skip('jobs', 'no-jobs'),
  begin('start'),
  done('start', 3249, '2 containers'),
  begin('health'),
  { type: 'step-progress', step: 'health', text: 'web: GET /up answered 503' },
]

const AFTER_HEALTH: Event[] = [
  done('health', 4100),
  skip('smoke', 'no-smoke-tests'),
  begin('switch'),
  done('switch', 149),
  begin('confirm'),
  done('confirm', 37, '5 new connections, generation 8'),
]

const SWITCHED: Extract<Outcome, { kind: 'switched' }> = {
  kind: 'switched',
  from: 'blue',
  to: 'green',
  release: 'green-20260129-141245',
  switchMs: 149,
  confirmMs: 37,
  url: 'http://127.0.0.1:8080/',
  probe: {
    sent: 31,
    ok: 31,
    failed: 0,
    open: 0,
    reasons: [],
    longestGapMs: 27,
    medianMs: 1.4,
    p99Ms: 8.2,
  },
}

/** A whole run, as the use case tells it. */
export const RUN: Event[] = [
  ...BEFORE_HEALTH,
  ...AFTER_HEALTH,
  skip('singletons', 'no-singletons'),
  skip('watch', 'watch-not-configured'),
  begin('drain'),
  { type: 'step-progress', step: 'drain', text: '1 connection to blue left' },
  done('drain', 2010, 'no request is left on it'),
  skip('cleanup', 'cleanup-not-asked'),
  outcome('perform', SWITCHED, 25_400),
]

/** A run that ends before the line because nobody asked for more. */
export const PREPARED_RUN: Event[] = [
  ...BEFORE_HEALTH,
  done('health', 4100),
  skip('smoke', 'no-smoke-tests'),
  skip('switch', 'not-switched'),
  skip('confirm', 'not-switched'),
  skip('singletons', 'not-switched'),
  skip('watch', 'not-switched'),
  skip('drain', 'not-switched'),
  skip('cleanup', 'not-switched'),
  outcome(
    'perform',
    { kind: 'prepared', color: 'green', release: 'green-20260129-141245', preview: 'http://127.0.0.1:8081/' },
    23_000,
  ),
]

/** A run whose new release never became healthy. */
export const ABORTED_RUN: Event[] = [
  ...BEFORE_HEALTH,
  {
    type: 'step-failed',
    step: 'health',
    subject: SUBJECT,
    durationMs: 60_004,
    failure: FAILURES['never-healthy'],
  },
  { type: 'taking-back', step: 'health', subject: SUBJECT },
  { type: 'note', note: { note: 'leftover', what: 'drop-snapshot', reason: 'command-failed' } },
  { type: 'note', note: { note: 'leftover', what: 'forget-release', reason: 'proxy-silent' } },
  outcome(
    'perform',
    { kind: 'aborted', failure: FAILURES['never-healthy'], step: 'health', active: 'blue' },
    75_000,
  ),
]

/** A run that somebody interrupted while the old worker was being stopped. */
export const INTERRUPTED_RUN: Event[] = [
  ...BEFORE_HEALTH,
  ...AFTER_HEALTH,
  begin('singletons'),
  { type: 'note', note: { note: 'waiting-for-stop', containers: ['shop-blue-worker-1'], seconds: 28 } },
  {
    type: 'step-failed',
    step: 'singletons',
    subject: SUBJECT,
    durationMs: 30_100,
    failure: FAILURES.interrupted,
  },
  { type: 'taking-back', step: 'singletons', subject: SUBJECT },
  outcome(
    'perform',
    { kind: 'rolled-back', failure: FAILURES.interrupted, step: 'singletons', active: 'blue' },
    52_000,
  ),
]

/** A run that was taken back after users had been moved. */
export const ROLLED_BACK_RUN: Event[] = [
  ...BEFORE_HEALTH,
  ...AFTER_HEALTH,
  skip('singletons', 'no-singletons'),
  begin('watch'),
  {
    type: 'step-failed',
    step: 'watch',
    subject: SUBJECT,
    durationMs: 5300,
    failure: FAILURES['became-unhealthy'],
  },
  { type: 'taking-back', step: 'watch', subject: SUBJECT },
  outcome(
    'perform',
    { kind: 'rolled-back', failure: FAILURES['became-unhealthy'], step: 'watch', active: 'blue' },
    31_000,
  ),
]

/** A run that a hook ended before the line; another hook of it failed, and it went on. */
export const HOOKED_RUN: Event[] = [
  begin('images'),
  done('images', 1200, 'shop/web:1.5'),
  { type: 'hook-started', hook: 'pre_deploy', subject: SUBJECT },
  { type: 'hook-output', hook: 'pre_deploy', text: 'wrote back-up 2026-01-29' },
  { type: 'hook-done', hook: 'pre_deploy', durationMs: 2340 },
  begin('snapshot'),
  done('snapshot', 230),
  { type: 'hook-started', hook: 'pre_switch', subject: SUBJECT },
  { type: 'hook-output', hook: 'pre_switch', text: 'asking the warehouse' },
  { type: 'hook-output', hook: 'pre_switch', text: 'no answer from the warehouse' },
  {
    type: 'hook-failed',
    hook: 'pre_switch',
    durationMs: 900,
    failure: FAILURES['hook-failed'],
    ends: true,
  },
  { type: 'taking-back', step: 'snapshot', subject: SUBJECT },
  { type: 'hook-started', hook: 'on_failure', subject: SUBJECT },
  {
    type: 'hook-failed',
    hook: 'on_failure',
    durationMs: 60_000,
    failure: {
      ...FAILURES['hook-failed'],
      hook: 'on_failure',
      how: { ended: 'timed-out', afterMs: 60_000 },
    },
    ends: false,
  },
  outcome(
    'perform',
    { kind: 'aborted', failure: FAILURES['hook-failed'], step: 'snapshot', active: 'blue' },
    9000,
  ),
]

/** Every way a command ends, by a name. */
export const OUTCOMES: Record<string, Event> = {
  switched: outcome('switch', SWITCHED, 320),
  'switched while requests failed': outcome(
    'switch',
    {
      ...SWITCHED,
      probe: {
        sent: 31,
        ok: 16,
        failed: 14,
        open: 1,
        reasons: [
          { reason: 'status 502', count: 9 },
          { reason: 'no answer in 5000 ms', count: 1 },
          { reason: 'ECONNRESET', count: 2 },
        ],
        longestGapMs: 1_240,
        medianMs: 1.4,
        p99Ms: 8.2,
      },
    },
    320,
  ),
  'first switched': outcome(
    'perform',
    { ...SWITCHED, from: undefined, to: 'blue', probe: undefined },
    20_000,
  ),
  'rolled back by hand': outcome('rollback', { ...SWITCHED, from: 'green', to: 'blue', url: undefined }, 480),
  prepared: outcome(
    'perform',
    { kind: 'prepared', color: 'green', release: 'green-20260129-141245', preview: undefined },
    9000,
  ),
  unchanged: outcome('perform', { kind: 'unchanged', color: 'green', release: 'green-20260129-141245' }, 800),
  stopped: outcome('cleanup', { kind: 'cleaned', color: 'blue', removed: false, containers: 3 }, 2000),
  removed: outcome('cleanup', { kind: 'cleaned', color: 'blue', removed: true, containers: 1 }, 2000),
  'nothing to clean': outcome(
    'cleanup',
    { kind: 'cleaned', color: 'blue', removed: false, containers: 0 },
    20,
  ),
  refused: outcome('perform', { kind: 'refused', failure: FAILURES.locked }, 10),
  'aborted before it began': outcome(
    'switch',
    { kind: 'aborted', failure: FAILURES['already-active'], step: undefined, active: 'green' },
    90,
  ),
  'aborted in the middle of a cleanup': outcome(
    'cleanup',
    { kind: 'aborted', failure: FAILURES['timed-out'], step: undefined, active: 'green', begun: 'cleanup' },
    90,
  ),
  'aborted before the ports were let go': outcome(
    'eject',
    { kind: 'aborted', failure: FAILURES['timed-out'], step: undefined, active: 'green', begun: 'eject' },
    90,
  ),
  'aborted while a dead run was dealt with': outcome(
    'perform',
    { kind: 'aborted', failure: FAILURES['timed-out'], step: undefined, active: 'green', begun: 'recovery' },
    90,
  ),
  'aborted the first time': outcome(
    'perform',
    { kind: 'aborted', failure: FAILURES['build-failed'], step: 'images', active: undefined },
    90,
  ),
  'aborted without a shared service': outcome(
    'perform --include-shared',
    {
      kind: 'aborted',
      failure: { ...FAILURES['shared-unhealthy'], recreated: true },
      step: 'shared',
      active: 'blue',
    },
    90_000,
  ),
  'rolled back at the switch': outcome(
    'perform',
    { kind: 'rolled-back', failure: FAILURES['reload-without-effect'], step: 'switch', active: 'blue' },
    9000,
  ),
  'rolled back the first time': outcome(
    'perform',
    { kind: 'rolled-back', failure: FAILURES['reload-without-effect'], step: 'confirm', active: undefined },
    9000,
  ),
  stuck: outcome(
    'perform',
    {
      kind: 'stuck',
      failure: FAILURES['reload-without-effect'],
      wayBack: FAILURES['proxy-silent'],
      step: 'confirm',
      active: 'blue',
    },
    9000,
  ),
}

function outcome(command: string, of: Outcome, durationMs: number): Event {
  return { type: 'outcome', command, app: 'shop', outcome: of, durationMs }
}
