import { createHash } from 'node:crypto'

/** An image that is pulled where a registry answers and made of Debian packages where none does. */
export interface Recipe {
  pulled: string
  local: string
  /** Packages of Debian forky, unpacked with all they depend on; their install scripts do not run. */
  packages: readonly string[]
  /** Files written into the root, beside the accounts and busybox that every image gets. */
  files: Readonly<Record<string, string>>
  links: Readonly<Record<string, string>>
  folders: readonly string[]
  /** Programs of this machine that are copied with the libraries they load: path in the image → path here. */
  programs: Readonly<Record<string, string>>
  /** What the packages bring and nobody here needs. */
  without?: readonly string[]
  /** Dockerfile instructions of the image's configuration. */
  settings: readonly string[]
}

const basis = { packages: [], files: {}, links: {}, folders: [], programs: {} }

const nginxConf = `user nginx;
worker_processes auto;
error_log /var/log/nginx/error.log notice;
pid /run/nginx.pid;
events { worker_connections 1024; }
http {
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  access_log /var/log/nginx/access.log;
  sendfile on;
  keepalive_timeout 65;
  include /etc/nginx/conf.d/*.conf;
}
`

const welcome = `server {
  listen 80;
  location / { root /usr/share/nginx/html; index index.html; }
}
`

// The official image runs redis without protected mode, which would refuse every other container.
const redisEntrypoint = `#!/bin/sh
case "\${1:-}" in ''|-*|*.conf) set -- redis-server "$@" ;; esac
if [ "$1" = redis-server ]; then set -- "$@" --protected-mode no; fi
exec "$@"
`

// As much of the official entrypoint as there is need for: the first start makes the database, with its password.
const postgresEntrypoint = `#!/bin/sh
set -e
if [ "$1" != postgres ]; then exec "$@"; fi
as_postgres() { su -s /bin/sh postgres -c 'exec "$0" "$@"' -- "$@"; }
mkdir -p "$PGDATA" /var/run/postgresql
chmod 700 "$PGDATA"
chown -R postgres "$PGDATA" /var/run/postgresql
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  echo "\${POSTGRES_PASSWORD:?}" > /tmp/password
  as_postgres initdb --no-sync --locale=C.UTF-8 --auth-host=scram-sha-256 --auth-local=trust --pwfile=/tmp/password
  rm /tmp/password
  echo "host all all all \${POSTGRES_HOST_AUTH_METHOD:-scram-sha-256}" >> "$PGDATA/pg_hba.conf"
fi
shift
exec su -s /bin/sh postgres -c 'exec postgres -c "listen_addresses=*" "$@"' -- postgres "$@"
`

/** The images that the tests use, in the form of the official ones: same program, paths, user and signals. */
export const recipes = {
  proxy: {
    ...basis,
    pulled: 'nginx:stable-alpine',
    local: 'verdigris.local/nginx:1.30',
    packages: ['nginx'],
    files: { 'etc/nginx/nginx.conf': nginxConf, 'etc/nginx/conf.d/default.conf': welcome },
    links: { 'var/log/nginx/access.log': '/dev/stdout', 'var/log/nginx/error.log': '/dev/stderr' },
    folders: ['var/cache/nginx', 'var/lib/nginx', 'var/log/nginx'],
    settings: ['CMD ["nginx", "-g", "daemon off;"]', 'STOPSIGNAL SIGQUIT', 'EXPOSE 80'],
  },
  node: {
    ...basis,
    pulled: 'node:22-alpine',
    local: `verdigris.local/node:${process.versions.node.split('.')[0]}`,
    programs: { 'usr/local/bin/node': process.execPath },
    settings: ['CMD ["node"]', `ENV NODE_VERSION=${process.versions.node}`],
  },
  redis: {
    ...basis,
    pulled: 'redis:7-alpine',
    local: 'verdigris.local/redis:7',
    packages: ['redis-server'],
    files: { 'usr/local/bin/docker-entrypoint.sh': redisEntrypoint },
    folders: ['data'],
    settings: ['ENTRYPOINT ["docker-entrypoint.sh"]', 'CMD ["redis-server"]', 'WORKDIR /data', 'EXPOSE 6379'],
  },
  postgres: {
    ...basis,
    pulled: 'postgres:18-alpine',
    local: 'verdigris.local/postgres:18',
    packages: ['postgresql-18'],
    files: { 'usr/local/bin/docker-entrypoint.sh': postgresEntrypoint },
    folders: ['var/lib/postgresql'],
    without: ['usr/share/i18n', 'usr/share/perl', 'usr/lib/x86_64-linux-gnu/perl', 'usr/lib/systemd'],
    settings: [
      'ENV PATH=/usr/lib/postgresql/18/bin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
      'ENV PGDATA=/var/lib/postgresql/18/docker',
      'ENTRYPOINT ["docker-entrypoint.sh"]',
      'CMD ["postgres"]',
      'STOPSIGNAL SIGINT',
      'EXPOSE 5432',
    ],
  },
} satisfies Record<string, Recipe>

/** Names the content of a recipe, so that an image of an older recipe is made anew. */
export function fingerprint(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12)
}
