/**
 * Whether an image is a database, cache or broker, told by the last part of its name: registries, vendors,
 * tags and digests differ, that part does not. `my-redis-client` is none, `verdigris.local/redis:7` is.
 */
export function isDatabaseImage(image: string): boolean {
  const repository = repositoryOf(image)
  const basename = repository.slice(repository.lastIndexOf('/') + 1)
  return (
    KNOWN_BASENAMES.has(basename) || KNOWN_ENDINGS.some((ending) => `/${repository}`.endsWith(`/${ending}`))
  )
}

/**
 * Whether a path in a container is a database's data directory or lies in one. `/data` is not in the list:
 * redis keeps its data there, but so do many applications keep uploads; redis is told by its image.
 */
export function isDataDirectory(path: string): boolean {
  const target = path.replace(/\/+$/, '')
  const [, top, product] = target.split('/')
  if (top === 'bitnami') return product !== undefined && KNOWN_BASENAMES.has(product)
  return DATA_DIRECTORIES.some((known) => target === known || target.startsWith(`${known}/`))
}

/** An image reference without tag and digest. A colon after the last slash begins a tag, else a registry's port. */
function repositoryOf(image: string): string {
  const named = image.split('@')[0] ?? ''
  const colon = named.lastIndexOf(':')
  return (colon > named.lastIndexOf('/') ? named.slice(0, colon) : named).toLowerCase()
}

const KNOWN_BASENAMES: ReadonlySet<string> = new Set([
  ...['postgres', 'postgresql', 'postgresql-repmgr', 'postgis', 'pgvector', 'pgvecto-rs', 'spilo-17'],
  ...['timescaledb', 'timescaledb-ha', 'citus', 'cockroach', 'cockroachdb', 'yugabyte', 'edgedb', 'gel'],
  ...['mysql', 'mysql-server', 'mariadb', 'mariadb-galera', 'percona', 'percona-server'],
  ...['percona-xtradb-cluster', 'percona-server-mongodb', 'tidb', 'tikv', 'singlestoredb-dev'],
  ...['mongo', 'mongodb', 'mongodb-sharded', 'mongodb-community-server', 'mongodb-enterprise-server'],
  ...['redis', 'redis-stack', 'redis-stack-server', 'redis-cluster', 'redis-sentinel', 'valkey'],
  ...[
    'valkey-bundle',
    'keydb',
    'dragonfly',
    'kvrocks',
    'garnet',
    'memcached',
    'hazelcast',
    'aerospike-server',
  ],
  ...['rabbitmq', 'nats', 'nats-streaming', 'kafka', 'kafka-native', 'cp-kafka', 'cp-server', 'redpanda'],
  ...[
    'zookeeper',
    'cp-zookeeper',
    'pulsar',
    'pulsar-all',
    'activemq',
    'activemq-artemis',
    'activemq-classic',
  ],
  ...[
    'eclipse-mosquitto',
    'mosquitto',
    'emqx',
    'vernemq',
    'hivemq4',
    'hivemq-ce',
    'nsq',
    'beanstalkd',
    'lavinmq',
  ],
  ...[
    'elasticsearch',
    'opensearch',
    'solr',
    'meilisearch',
    'typesense',
    'manticore',
    'zincsearch',
    'quickwit',
  ],
  ...['clickhouse', 'clickhouse-server', 'clickhouse-keeper', 'questdb', 'druid', 'pinot'],
  ...[
    'influxdb',
    'influxdb3-core',
    'victoria-metrics',
    'victoria-logs',
    'prometheus',
    'loki',
    'tempo',
    'mimir',
  ],
  ...['qdrant', 'weaviate', 'milvus', 'chroma', 'lancedb', 'vespa'],
  ...[
    'neo4j',
    'arangodb',
    'couchdb',
    'couchbase',
    'rethinkdb',
    'orientdb',
    'dgraph',
    'janusgraph',
    'memgraph',
  ],
  ...['cassandra', 'scylla', 'scylladb', 'hbase', 'surrealdb', 'immudb', 'rqlite', 'crate', 'foundationdb'],
  ...['etcd', 'consul', 'minio', 'seaweedfs', 'garage', 'firebird', 'db2', 'azure-sql-edge'],
  ...['oracle-free', 'oracle-xe'],
])

const KNOWN_ENDINGS = ['mssql/server', 'database/express', 'database/enterprise', 'database/free']

const DATA_DIRECTORIES = [
  ...[
    '/var/lib/postgresql',
    '/var/lib/mysql',
    '/var/lib/mariadb',
    '/var/lib/cockroach',
    '/cockroach/cockroach-data',
  ],
  ...[
    '/home/postgres/pgdata',
    '/var/lib/mongodb',
    '/data/db',
    '/data/configdb',
    '/var/lib/redis',
    '/var/lib/valkey',
  ],
  ...['/var/lib/rabbitmq', '/var/lib/kafka', '/var/lib/zookeeper', '/var/lib/redpanda', '/mosquitto/data'],
  ...['/var/lib/elasticsearch', '/usr/share/elasticsearch/data', '/usr/share/opensearch/data', '/var/solr'],
  ...['/meili_data', '/qdrant/storage', '/var/lib/weaviate', '/var/lib/milvus', '/var/lib/clickhouse'],
  ...[
    '/var/lib/influxdb',
    '/var/lib/influxdb2',
    '/prometheus',
    '/loki',
    '/var/lib/grafana',
    '/victoria-metrics-data',
  ],
  ...['/opt/couchdb/data', '/var/lib/neo4j', '/var/lib/arangodb3', '/var/lib/cassandra', '/var/lib/scylla'],
  ...[
    '/var/lib/etcd',
    '/etcd-data',
    '/consul/data',
    '/var/opt/mssql',
    '/opt/oracle/oradata',
    '/firebird/data',
  ],
]
