import { stringify } from 'yaml'
import { imageFromSetup } from '../apps.ts'

/** What is wrong with a release. */
export type Ailment = 'exits' | 'unwell' | 'job fails'

/**
 * An app with one service of each class that starts within a second: nginx answers with its number, a job, a worker
 * that must never run twice, and a redis that both colors use.
 */
export function quickShop({ ailment, version }: { version: string; ailment?: Ailment | undefined }): string {
  const own = {
    image: imageFromSetup('PROXY_IMAGE'),
    stop_grace_period: '2s',
    environment: { VERSION: version },
  }
  const sh = (script: string) => ({ ...own, command: ['sh', '-c', script] })
  return stringify({
    services: {
      web: {
        ...sh(
          ailment === 'exits' ? 'echo cannot start; exit 1' : webScript(ailment === 'unwell' ? 503 : 200),
        ),
        ports: ['__PORT__:8000'],
        depends_on: {
          redis: { condition: 'service_started' },
          migrate: { condition: 'service_completed_successfully' },
        },
      },
      migrate: { ...sh(ailment === 'job fails' ? 'echo no such table; exit 3' : 'true'), restart: 'no' },
      worker: { ...sh('trap "exit 0" TERM QUIT; while :; do sleep 1 & wait $!; done') },
      redis: {
        image: imageFromSetup('REDIS_IMAGE'),
        volumes: ['redis-data:/data'],
        stop_grace_period: '2s',
      },
    },
    volumes: { 'redis-data': {} },
  })
}

/** What `quickShop` needs of upgrade.yaml: all steps have something to do. */
export const QUICK_SETTINGS = `services: { worker: { class: singleton } }
health: { path: /up, interval: 100ms, timeout: 5s }
smoke: [{ path: /up }]
watch: 200ms
drain: 3s
rollback_limit: 3
`

function webScript(up: number): string {
  const site = [
    'listen 8000;',
    'add_header X-Version $$VERSION;',
    `location = /up { return ${up} "up\\n"; }`,
    'location / { return 200 "hello from $$VERSION\\n"; }',
  ].join(' ')
  const conf = `pid /tmp/n.pid; worker_processes 1; events {} http { access_log off; server { ${site} } }`
  return `echo "${conf.replaceAll('"', '\\"')}" > /tmp/n.conf; exec nginx -c /tmp/n.conf -g "daemon off;"`
}
