import type {
  ConfigView,
  DoctorView,
  HistoryView,
  LockView,
  PlanView,
  StatusView,
  VerifyView,
} from '../../../src/app/views.ts'
import type { HistoryEntry } from '../../../src/domain/release.ts'
import { FAILURES, FREEZE, HOLDER } from './samples.ts'

const SWITCHED: HistoryEntry = {
  format: 1,
  at: '2026-01-29T14:12:45.000Z',
  command: 'perform',
  from: 'blue',
  to: 'green',
  release: 'green-20260129-141245',
  previous: 'blue-20260129-101530',
  result: 'switched',
  durationMs: 25_400,
  user: 'ana',
  reason: undefined,
}

const ENTRIES: HistoryEntry[] = [
  SWITCHED,
  {
    ...SWITCHED,
    at: '2026-01-29T12:00:00Z',
    result: 'aborted',
    durationMs: 75_000,
    release: 'green-20260129-115845',
    reason: 'web did not become healthy: GET /up through the preview answered 503',
  },
  {
    ...SWITCHED,
    at: '2026-01-29T11:00:00Z',
    command: 'rollback',
    from: 'green',
    to: 'blue',
    release: 'blue-20260129-101530',
    durationMs: 480,
  },
  { ...SWITCHED, at: '2026-01-29T10:45:00Z', result: 'rolled-back', reason: 'became-unhealthy', user: 'ci' },
  {
    ...SWITCHED,
    at: '2026-01-29T10:15:30Z',
    from: undefined,
    to: 'blue',
    release: 'blue-20260129-101530',
    previous: undefined,
  },
]

const UNREADABLE = {
  file: 'history.json',
  keptAs: 'history.json.corrupt-20260129T141245120Z',
  reason: 'Unexpected end of JSON input',
}

export const LOCK: LockView = { view: 'lock', app: 'shop', holder: undefined, freeze: undefined }

/** An app in the best of health. */
export const STATUS: StatusView = {
  view: 'status',
  app: 'shop',
  active: 'green',
  colors: {
    blue: {
      release: 'blue-20260129-101530',
      images: [
        { service: 'web', image: 'shop/web:1.4' },
        { service: 'api', image: 'shop/api:1.4' },
      ],
      containers: { running: 12, expected: 12 },
      health: 'healthy',
    },
    green: {
      release: 'green-20260129-141245',
      images: [
        { service: 'web', image: 'shop/web:1.5' },
        { service: 'api', image: 'shop/api:1.5' },
      ],
      containers: { running: 13, expected: 13 },
      health: 'healthy',
    },
  },
  urls: ['http://127.0.0.1:8080/'],
  previews: ['http://127.0.0.1:8081/'],
  draining: 0,
  maintenance: false,
  rollback: {
    ready: true,
    to: 'blue-20260129-101530',
    color: 'blue',
    way: 'warm',
    pulls: [],
    unproved: [],
  },
  drift: [],
  recent: ENTRIES,
  deadRun: undefined,
  lock: undefined,
  freeze: undefined,
}

/** An app about which there is everything to say. */
export const STATUS_TROUBLED: StatusView = {
  ...STATUS,
  app: 'an-app-whose-name-is-longer-than-the-usual-box',
  colors: {
    blue: { release: undefined, images: [], containers: { running: 0, expected: 0 }, health: 'none' },
    green: { ...STATUS.colors.green, containers: { running: 1, expected: 13 }, health: 'unhealthy' },
  },
  previews: [],
  draining: 17,
  maintenance: true,
  rollback: { ready: false, failure: FAILURES['images-gone'] },
  drift: [
    { kind: 'active-record', recorded: 'blue', observed: 'green' },
    {
      kind: 'release-record',
      color: 'green',
      recorded: 'green-20260128-142210',
      observed: 'green-20260129-141245',
    },
    { kind: 'active-not-running', color: 'green', running: 1, expected: 13 },
    { kind: 'proxy-down', state: 'silent' },
    { kind: 'snapshot-lost', color: 'blue', release: 'blue-20260129-101530' },
  ],
  deadRun: {
    command: 'perform',
    step: 'health',
    startedAt: '2026-01-29T14:12:45Z',
    release: 'green-20260129-141245',
    way: 'taken-back',
  },
  lock: HOLDER,
  freeze: FREEZE,
}

/** The first release of an app that plain Compose ran. */
export const STATUS_ADOPTED: StatusView = {
  ...STATUS,
  rollback: { ready: true, way: 'own', services: ['web', 'worker'] },
}

const NONE = {
  release: undefined,
  images: [],
  containers: { running: 0, expected: 0 },
  health: 'none',
} as const

/** An app that was never deployed. */
export const STATUS_NEW: StatusView = {
  ...STATUS,
  active: undefined,
  colors: { blue: { ...NONE, images: [] }, green: { ...NONE, images: [] } },
  urls: [],
  previews: [],
  rollback: { ready: false, failure: FAILURES['nothing-deployed'] },
  recent: [],
}

export const HISTORY: HistoryView = {
  view: 'history',
  app: 'shop',
  entries: ENTRIES,
  total: 27,
  setAside: [],
}

export const HISTORY_NEW: HistoryView = {
  view: 'history',
  app: 'shop',
  entries: [],
  total: 0,
  setAside: [],
}

/** Nobody can read what was written down. */
export const HISTORY_LOST: HistoryView = { ...HISTORY_NEW, setAside: [UNREADABLE] }

export const PLAN: PlanView = {
  view: 'plan',
  app: 'shop',
  command: 'perform',
  active: 'blue',
  target: 'green',
  unchanged: false,
  services: [
    { name: 'web', class: 'colored', reason: { because: 'default' } },
    { name: 'worker', class: 'singleton', reason: { because: 'label' } },
    {
      name: 'db',
      class: 'shared',
      reason: { because: 'data-volume', volume: 'shop_postgres-data', target: '/var/lib/postgresql/data' },
    },
    { name: 'cache', class: 'shared', reason: { because: 'known-image', image: 'redis:7' } },
    { name: 'queue', class: 'shared', reason: { because: 'configured' } },
    { name: 'migrate', class: 'job', reason: { because: 'completes-for', dependents: ['web', 'worker'] } },
  ],
  routes: [
    { listen: 8080, host: undefined, path: '/', service: 'web', port: 3000 },
    { listen: 8080, host: 'shop.example.com', path: '/api', service: 'api', port: 4000 },
  ],
  images: [
    { service: 'web', from: 'shop/web:1.4', to: 'shop/web:1.5', by: 'pull' },
    { service: 'api', from: undefined, to: 'shop/api:1.0', by: 'build' },
    { service: 'worker', from: 'shop/worker:2', to: 'shop/worker:2', by: 'present' },
    { service: 'mail', from: 'shop/mail:1', to: undefined, by: 'present' },
  ],
  environment: [
    {
      service: 'web',
      added: ['FEATURE_NEW_SCHEMA'],
      changed: ['API_URL', 'SECRET_KEY'],
      removed: ['OLD_FLAG'],
    },
  ],
  sharedVolumes: [{ volume: 'shop_uploads', services: ['web', 'worker'] }],
  nginxDiff: [
    '--- now',
    '+++ then',
    '   location / {',
    '-    proxy_pass http://shop_blue_web_3000;',
    '+    proxy_pass http://shop_green_web_3000;',
    '   }',
    '',
  ].join('\n'),
  steps: [
    { id: 'preflight', skip: undefined },
    { id: 'images', skip: undefined },
    { id: 'snapshot', skip: undefined },
    { id: 'shared', skip: undefined },
    { id: 'jobs', skip: undefined },
    { id: 'start', skip: undefined },
    { id: 'health', skip: undefined },
    { id: 'smoke', skip: 'no-smoke-tests' },
    { id: 'switch', skip: undefined },
    { id: 'confirm', skip: undefined },
    { id: 'singletons', skip: undefined },
    { id: 'watch', skip: 'watch-not-configured' },
    { id: 'drain', skip: undefined },
    { id: 'cleanup', skip: 'cleanup-not-asked' },
  ],
  downtime: [
    { warning: 'first-run-takes-ports', ports: [8080], containers: ['shop-web-1'], gapMs: 300 },
    { warning: 'proxy-recreated', ports: [80, 443] },
    { warning: 'shared-changed', services: ['db'], fate: 'leave' },
    { warning: 'shared-changed', services: ['cache', 'db'], fate: 'recreate' },
    { warning: 'singleton-gap', service: 'worker' },
    { warning: 'no-health-check', service: 'web' },
    { warning: 'proxy-cannot-keep-idle-connections', version: '1.26.3' },
  ],
}

/** The first release of an app. */
export const PLAN_FIRST: PlanView = {
  ...PLAN,
  active: undefined,
  target: 'blue',
  nginxDiff: '+ server {\n+   listen 8080;\n+ }\n',
}

export const PLAN_UNCHANGED: PlanView = {
  ...PLAN,
  unchanged: true,
  services: [{ name: 'web', class: 'colored', reason: { because: 'default' } }],
  routes: [],
  images: [],
  environment: [],
  sharedVolumes: [],
  nginxDiff: '',
  downtime: [],
}

const ANSWERING = { color: 'green', release: 'green-20260129-141245', generation: 8 } as const

export const VERIFY: VerifyView = {
  view: 'verify',
  app: 'shop',
  way: 'live',
  url: 'http://127.0.0.1:8080/up',
  before: ANSWERING,
  after: ANSWERING,
  figures: {
    sent: 1_002,
    ok: 1_002,
    failed: 0,
    open: 0,
    reasons: [],
    longestGapMs: 24,
    medianMs: 1.2,
    p99Ms: 14.6,
  },
}

/** Users were switched while requests were sent. */
export const VERIFY_SWITCHED: VerifyView = {
  ...VERIFY,
  before: { color: 'blue', release: 'blue-20260129-101530', generation: 7 },
}

export const VERIFY_FAILED: VerifyView = {
  ...VERIFY,
  way: 'preview',
  figures: {
    ...VERIFY.figures,
    ok: 601,
    failed: 400,
    open: 1,
    reasons: [
      { reason: 'status 503', count: 380 },
      { reason: 'no answer in 5000 ms', count: 12 },
      { reason: 'answer broken off: ECONNRESET', count: 1 },
    ],
    longestGapMs: 4_120,
  },
}

/** Not one good answer came. */
export const VERIFY_DEAD: VerifyView = {
  ...VERIFY,
  figures: {
    ...VERIFY.figures,
    sent: 1,
    ok: 0,
    failed: 1,
    reasons: [{ reason: 'ECONNREFUSED', count: 1 }],
    longestGapMs: 10_000,
    medianMs: undefined,
    p99Ms: undefined,
  },
}

export const DOCTOR: DoctorView = {
  view: 'doctor',
  app: 'shop',
  checks: [
    { id: 'engine', verdict: 'ok', found: '20.10.24', failure: undefined, cure: undefined },
    { id: 'compose', verdict: 'fail', found: '2.1.0', failure: FAILURES['compose-too-old'], cure: undefined },
    { id: 'compose-file', verdict: 'fail', found: '', failure: FAILURES['compose-refused'], cure: undefined },
    { id: 'settings', verdict: 'ok', found: 'the app is shop', failure: undefined, cure: undefined },
    { id: 'deployments', verdict: 'ok', found: 'can be written', failure: undefined, cure: undefined },
    { id: 'disk', verdict: 'warn', found: '412 MiB free', failure: undefined, cure: 'docker system df' },
    { id: 'ports', verdict: 'fail', found: '', failure: FAILURES['port-taken'], cure: undefined },
    {
      id: 'networks',
      verdict: 'skipped',
      found: '',
      failure: undefined,
      cure: undefined,
      because: 'compose-file',
    },
    {
      id: 'proxy',
      verdict: 'ok',
      found: 'nginx 1.30.6 in nginx:stable-alpine',
      failure: undefined,
      cure: undefined,
    },
    { id: 'images', verdict: 'ok', found: '3 are here', failure: undefined, cure: undefined },
    { id: 'health-checks', verdict: 'warn', found: 'web has none', failure: undefined, cure: undefined },
    {
      id: 'records',
      verdict: 'ok',
      found: '5 snapshots; records agree with what runs',
      failure: undefined,
      cure: undefined,
    },
  ],
}

export const DOCTOR_WELL: DoctorView = {
  ...DOCTOR,
  checks: DOCTOR.checks.filter((check) => check.verdict === 'ok'),
}

export const DOCTOR_MENDED: DoctorView = {
  ...DOCTOR_WELL,
  checks: [
    ...DOCTOR_WELL.checks.slice(0, 2),
    {
      id: 'records',
      verdict: 'fail',
      found: '',
      failure: undefined,
      cure: 'upgrade doctor --fix',
      drift: [
        { kind: 'history-record', recorded: 'blue', observed: 'green', release: 'green-20260129-141245' },
        { kind: 'record-set-aside', ...UNREADABLE },
        { kind: 'proxy-files', files: ['nginx.conf', 'site.conf'] },
        { kind: 'proxy-down', state: 'stopped' },
        { kind: 'foreign-containers', color: 'blue', containers: ['shop-blue-web-1'] },
        { kind: 'singleton-astray', color: 'blue', services: ['worker', 'cron'] },
        { kind: 'own-beside', services: ['api', 'worker'], twice: ['worker'] },
        { kind: 'own-beside', services: ['api'], twice: [] },
      ],
    },
  ],
  mended: {
    done: [
      { note: 'rights-taken', paths: ['.', 'active', 'history.json', 'proxy', 'proxy/docker-compose.yml'] },
      { note: 'lock-taken-over', holder: 'perform (pid 4711)' },
      { note: 'proxy-mended', was: 'silent' },
      {
        note: 'recovered',
        command: 'perform',
        release: 'blue-20260129-101530',
        step: 'health',
        way: 'taken-back',
      },
      { note: 'proxy-files-mended', files: ['current', 'nginx.conf'], generation: 8 },
      {
        note: 'rejoined',
        joined: [
          { service: 'nginx', network: 'shop-green_default' },
          { service: 'db', network: 'shop-green_default' },
        ],
      },
      { note: 'starts-with-engine', containers: ['shop-green-api-1', 'shop-green-web-1'] },
      { note: 'record-repaired', what: 'active', from: 'blue', to: 'green' },
    ],
    failed: [{ what: 'proxy-files', failure: FAILURES['nginx-refused'] }],
  },
}

export const CONFIG: ConfigView = {
  view: 'config',
  files: ['upgrade.yaml'],
  rows: [
    { key: 'app', value: 'shop', origin: { from: 'file', file: 'upgrade.yaml', line: 1 } },
    { key: 'health.timeout', value: '120 s', origin: { from: 'flag', name: '--timeout' } },
    { key: 'rollback_limit', value: '5', origin: { from: 'default' } },
    { key: 'auto_switch', value: 'true', origin: { from: 'environment', name: 'AUTO_SWITCH' } },
    { key: 'proxy.preview_port', value: undefined, origin: { from: 'default' } },
  ],
  diagnostics: [],
}

export const CONFIG_WRONG: ConfigView = {
  ...CONFIG,
  files: [],
  diagnostics: FAILURES['settings-invalid'].diagnostics,
}
