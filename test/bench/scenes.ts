import { parse, stringify } from 'yaml'
import { type WebAppOptions, webApp } from '../support/apps.ts'
import type { Ran } from '../support/run.ts'
import { createSandbox, type Sandbox, type SandboxOptions } from '../support/sandbox.ts'
import { freePort } from '../support/until.ts'
import type { Bench } from './clock.ts'

/** Holds a sandbox while `work` runs, and removes all of it whatever happens. */
export async function withSandbox<T>(
  options: SandboxOptions,
  work: (box: Sandbox) => Promise<T>,
): Promise<T> {
  const box = await createSandbox({ name: 'vt-bench-', ...options })
  try {
    return await work(box)
  } finally {
    await box.remove()
  }
}

/** An app of which both releases run, 1 in blue and 2 in green; users are on green. */
export async function withDeployedPair<T>(bench: Bench, work: (box: Sandbox) => Promise<T>): Promise<T> {
  return withSandbox(await deployable(bench, { version: '1' }), async (box) => {
    await upgrade(box, ['perform', '--auto-switch'])
    box.write('compose.yaml', webApp({ version: '2' }))
    await upgrade(box, ['perform', '--auto-switch'])
    return work(box)
  })
}

/** A sandbox whose app `upgrade` can deploy with the images that are here. */
export async function deployable({ images }: Bench, app: WebAppOptions): Promise<SandboxOptions> {
  // Left to themselves, two proxies that are set up at the same moment choose the same ports.
  const [management, preview] = [await freePort(), await freePort()]
  const ports = { MANAGEMENT_PORT: String(management), PREVIEW_PORT: String(preview) }
  return { compose: webApp(app), env: { PROXY_IMAGE: images.proxy, ...ports } }
}

/** Runs the built program; throws where it does not succeed. */
export async function upgrade(box: Sandbox, args: readonly string[]): Promise<Ran> {
  const ran = await box.upgrade(args)
  if (ran.code === 0) return ran
  throw new Error(`upgrade ${args.join(' ')} ended with code ${ran.code}:\n${ran.stdout}${ran.stderr}`)
}

/** The same app as a project beside another one: whoever starts it by hand takes its ports out, too. */
export function withoutPorts(compose: string): string {
  const model = parse(compose) as { services: Record<string, { ports?: unknown }> }
  for (const service of Object.values(model.services)) delete service.ports
  return stringify(model)
}

/** An nginx as it is set up by hand, before two containers, of which one serves users. */
export interface PlainNginx {
  port: number
  /** `nginx -t` in its container. */
  test: () => Promise<unknown>
  /** `nginx -s reload` in its container. */
  reload: () => Promise<unknown>
  /** Writes the configuration that leads to a release. */
  leadTo: (release: string) => void
}

/** Holds a hand-made nginx before releases 1 and 2, leading to 1. */
export async function withPlainNginx<T>(bench: Bench, work: (nginx: PlainNginx) => Promise<T>): Promise<T> {
  const web = (version: string) => withoutPorts(webApp({ version }))
  const serviceOf = (version: string) => (parse(web(version)) as { services: { web: object } }).services.web
  const compose = stringify({
    services: {
      web1: serviceOf('1'),
      web2: serviceOf('2'),
      nginx: {
        image: bench.images.proxy,
        ports: ['__PORT__:80'],
        volumes: ['./conf.d:/etc/nginx/conf.d:ro'],
        depends_on: { web1: { condition: 'service_healthy' }, web2: { condition: 'service_healthy' } },
      },
    },
  })
  const files = { 'conf.d/app.conf': handWritten('1') }
  return withSandbox({ compose, files }, async (box) => {
    await box.compose(['up', '-d', '--wait'])
    const container = `${box.app}-nginx-1`
    return work({
      port: box.port,
      test: () => box.docker(['exec', container, 'nginx', '-t']),
      reload: () => box.docker(['exec', container, 'nginx', '-s', 'reload']),
      leadTo: (release) => box.write('conf.d/app.conf', handWritten(release)),
    })
  })
}

// What the rendered configuration does for a request, as one would write it by hand for an app that never moves.
function handWritten(release: string): string {
  return `upstream app {
  server web${release}:3000;
  keepalive 64;
}
server {
  listen 80;
  access_log /dev/stdout combined;
  location / {
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $http_host;
    proxy_set_header X-Real-IP $remote_addr;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_buffering off;
    proxy_pass http://app;
  }
}
`
}
