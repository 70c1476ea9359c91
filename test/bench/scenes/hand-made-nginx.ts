import { parse, stringify } from 'yaml'
import type { Bench } from '../clock.ts'
import { openSandbox, seldomLookedAt, withoutPorts } from './sandboxes.ts'
import type { Keep } from './scenes.ts'

/** An nginx as it is set up by hand, before two containers, of which one serves users. */
export interface HandMadeNginx {
  container: string
  port: number
  /** Release 1 itself, on a port that Docker publishes. */
  appPort: number
  /** `nginx -t` in its container. */
  test: () => Promise<unknown>
  /** `nginx -s reload` in its container. */
  reload: () => Promise<unknown>
  /** Writes the configuration that leads to a release, tests it and reloads. */
  leadTo: (release: string) => Promise<void>
  /** Where the container of a release listens, `address:port`. */
  address: (release: string) => Promise<string>
}

/** Sets one up before releases 1 and 2, leading to 1. */
export async function openHandMadeNginx({ images }: Bench, keep: Keep): Promise<HandMadeNginx> {
  const files = { 'conf.d/app.conf': handTuned('1') }
  const box = await openSandbox({ compose: composeOf(images.proxy), files })
  keep(box)
  await box.compose(['up', '-d', '--wait'])
  const container = `${box.app}-nginx-1`
  const test = () => box.docker(['exec', container, 'nginx', '-t'])
  const reload = () => box.docker(['exec', container, 'nginx', '-s', 'reload'])
  const published = await box.compose(['port', 'web1', '3000'])
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}'
  return {
    container,
    port: box.port,
    appPort: Number(published.trim().split(':').at(-1)),
    test,
    reload,
    leadTo: async (release) => {
      box.write('conf.d/app.conf', handTuned(release))
      await test()
      await reload()
    },
    address: async (release) => {
      const found = await box.docker(['inspect', '--format', format, `${box.app}-web${release}-1`])
      return `${found.trim()}:3000`
    },
  }
}

function composeOf(nginxImage: string): string {
  const web = (version: string) => {
    const { services } = parse(withoutPorts(seldomLookedAt({ version }))) as { services: { web: object } }
    return { ...services.web, ports: ['127.0.0.1::3000'] }
  }
  const healthy = { condition: 'service_healthy' }
  return stringify({
    services: {
      web1: web('1'),
      web2: web('2'),
      nginx: {
        image: nginxImage,
        ports: ['__PORT__:80'],
        volumes: ['./conf.d:/etc/nginx/conf.d:ro'],
        depends_on: { web1: healthy, web2: healthy },
      },
    },
  })
}

// All that the rendered configuration does for a request, as one would write it for an app that never moves. Both
// have as many workers as there are cores.
function handTuned(release: string): string {
  return `log_format app escape=json
  '{"time":"$time_iso8601","app":"app","release":"${release}","port":"$server_port","remote":"$remote_addr",'
  '"host":"$http_host","method":"$request_method","uri":"$request_uri","status":$status,"bytes":$body_bytes_sent,'
  '"seconds":$request_time,"upstream":"$upstream_addr","upstream_status":"$upstream_status",'
  '"upstream_seconds":"$upstream_response_time","id":"$app_request_id"}';
map $http_upgrade $app_connection {
  "" "";
  default upgrade;
}
map $http_x_forwarded_proto $app_proto {
  "" $scheme;
  default $http_x_forwarded_proto;
}
map $http_x_request_id $app_request_id {
  "" $request_id;
  default $http_x_request_id;
}
upstream app {
  server web${release}:3000;
  keepalive 64;
}
server {
  listen 80;
  http2 on;
  client_max_body_size 0;
  access_log /dev/stdout app;
  location / {
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header X-Real-IP $remote_addr;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $app_proto;
    proxy_set_header X-Forwarded-Host $http_host;
    proxy_set_header X-Forwarded-Port $server_port;
    proxy_set_header X-Request-ID $app_request_id;
    proxy_set_header Upgrade $http_upgrade;
    proxy_set_header Connection $app_connection;
    proxy_buffering off;
    proxy_buffer_size 16k;
    proxy_buffers 8 16k;
    proxy_read_timeout 1h;
    proxy_next_upstream error timeout;
    proxy_pass http://app;
  }
}
`
}
