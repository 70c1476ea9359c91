import { parse, stringify } from 'yaml'
import { freePort } from '../../support/until.ts'
import type { Bench } from '../clock.ts'
import { openSandbox, seldomLookedAt, withoutPorts } from './sandboxes.ts'
import type { Keep } from './scenes.ts'

/** An nginx as it is set up by hand, before two containers, of which one serves users. */
export interface HandMadeNginx {
  container: string
  port: number
  /** The same, but for its log, which it writes a line at a time, as nginx does by itself. */
  lineByLinePort: number
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
  /** Leads to somebody else's container while `work` runs, `app` on one of its networks; to release 1 afterwards. */
  borrowing: <T>(app: { container: string; network: string }, work: () => Promise<T>) => Promise<T>
}

/** Sets one up before releases 1 and 2, leading to 1. */
export async function openHandMadeNginx({ images }: Bench, keep: Keep): Promise<HandMadeNginx> {
  // Chosen here: Docker may choose another one for itself when the container joins a network.
  const lineByLinePort = await freePort()
  const box = await openSandbox({ compose: composeOf(images.proxy, lineByLinePort) })
  keep(box)
  const write = (app: string) => box.write('conf.d/app.conf', handTuned({ app, project: box.app }))
  write('web1')
  await box.compose(['up', '-d', '--wait'])
  const container = `${box.app}-nginx-1`
  const test = () => box.docker(['exec', container, 'nginx', '-t'])
  const reload = () => box.docker(['exec', container, 'nginx', '-s', 'reload'])
  const leadTo = async (app: string) => {
    write(app)
    await test()
    await reload()
  }
  const published = await box.compose(['port', 'web1', '3000'])
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}'
  return {
    container,
    port: box.port,
    lineByLinePort,
    appPort: Number(published.trim().split(':').at(-1)),
    test,
    reload,
    leadTo: (release) => leadTo(`web${release}`),
    address: async (release) => {
      const found = await box.docker(['inspect', '--format', format, `${box.app}-web${release}-1`])
      return `${found.trim()}:3000`
    },
    borrowing: async (app, work) => {
      await box.docker(['network', 'connect', app.network, container])
      try {
        await leadTo(app.container)
        return await work()
      } finally {
        await leadTo('web1')
        await box.docker(['network', 'disconnect', app.network, container])
      }
    },
  }
}

function composeOf(nginxImage: string, lineByLinePort: number): string {
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
        ports: ['__PORT__:80', `127.0.0.1:${lineByLinePort}:81`],
        volumes: ['./conf.d:/etc/nginx/conf.d:ro'],
        depends_on: { web1: healthy, web2: healthy },
      },
    },
  })
}

// All that the rendered configuration does for a request, as one would write it for an app that never moves. Both
// have as many workers as there are cores.
// The log has lines as long as ours: what reads them takes its time by their length.
function handTuned({ app, project }: { app: string; project: string }): string {
  return `log_format app escape=json
  '{"time":"$time_iso8601","app":"${project}","color":"green","generation":1,'
  '"port":"$server_port","remote":"$remote_addr","host":"$http_host","method":"$request_method","uri":"$request_uri",'
  '"status":$status,"bytes":$body_bytes_sent,"seconds":$request_time,"upstream":"$upstream_addr",'
  '"upstream_status":"$upstream_status","upstream_seconds":"$upstream_response_time","id":"$app_request_id"}';
map $http_host $app_host {
  "" $host;
  default $http_host;
}
map $http_upgrade $app_connection {
  "" "";
  default upgrade;
}
map $http_x_forwarded_proto $app_proto {
  "" $scheme;
  default $http_x_forwarded_proto;
}
map $http_x_forwarded_host $app_forwarded_host {
  "" $http_host;
  default $http_x_forwarded_host;
}
map $http_x_forwarded_port $app_port {
  "" $server_port;
  default $http_x_forwarded_port;
}
map $http_x_request_id $app_request_id {
  "" $request_id;
  default $http_x_request_id;
}
upstream app {
  server ${app}:3000;
  keepalive 64;
}
# As nginx logs by itself; another name of stdout, whose log would be the other server's otherwise.
${serverBlock({ port: 81, log: '/proc/self/fd/1 app' })}
${serverBlock({ port: 80, log: '/dev/stdout app buffer=4k flush=100ms' })}
`
}

function serverBlock({ log, port }: { log: string; port: number }): string {
  return `server {
  listen ${port};
  http2 on;
  client_max_body_size 0;
  access_log ${log};
  location / {
    proxy_http_version 1.1;
    proxy_set_header Host $app_host;
    proxy_set_header X-Real-IP $remote_addr;
    proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
    proxy_set_header X-Forwarded-Proto $app_proto;
    proxy_set_header X-Forwarded-Host $app_forwarded_host;
    proxy_set_header X-Forwarded-Port $app_port;
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
}`
}
