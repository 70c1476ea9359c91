import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { basename } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { openDatabase } from './postgres.mjs'
import { redis } from './redis.mjs'

const { VERSION = 'dev', POSTGRES_PASSWORD } = process.env
const [, , role = 'web'] = process.argv
const roles = { web, api, worker, cron, migrate }
const database =
  role === 'web' ? undefined : await openDatabase({ host: 'postgres', password: POSTGRES_PASSWORD })
let ending = false

// PID 1 has no default action for signals. A singleton ends after what it works on now.
let end = () => {
  ending = true
}
for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => end())
await roles[role]()

/** Pages and uploads; orders go on to the api of the same color. */
async function web() {
  serve(async (request, path) => {
    if (path === '/up') return { body: 'ok\n' }
    if (path === '/') return { body: `shop ${VERSION}, visit ${await redis('INCR visits')}\n` }
    if (path === '/orders') {
      const body = request.method === 'POST' ? await bodyOf(request) : undefined
      const answer = await fetch('http://api:3000/orders', { method: request.method, body })
      return { status: answer.status, body: await answer.text() }
    }
    const file = `/uploads/${basename(path)}`
    if (!path.startsWith('/uploads/')) return { status: 404, body: 'no such page\n' }
    if (request.method !== 'PUT') return { body: await readFile(file) }
    await writeFile(file, request)
    return { status: 201, body: 'kept\n' }
  })
}

/** Orders: in the database when the answer comes, and in the queue of the worker. */
async function api() {
  serve(async (request, path) => {
    if (path === '/up') return { body: 'ok\n' }
    if (request.method !== 'POST') {
      const [[count]] = await database.query('SELECT count(*) FROM orders')
      return { body: `${count}\n` }
    }
    const size = (await bodyOf(request)).length
    const [[id]] = await database.query(`INSERT INTO orders (size) VALUES (${size}) RETURNING id`)
    await redis(`LPUSH orders ${id}`)
    return { status: 201, body: `order ${id}\n` }
  })
}

/** Packs orders, one after the other; what it finds another worker doing is an accident. */
async function worker() {
  await beAlone()
  while (!ending) {
    const id = await redis('BRPOP orders 1')
    if (/^\d+$/.test(id)) await database.query(`UPDATE orders SET packed = packed + 1 WHERE id = ${id}`)
  }
  database.close()
}

/** Writes a report every second. */
async function cron() {
  await beAlone()
  while (!ending) {
    await database.query('INSERT INTO reports (orders) SELECT count(*) FROM orders')
    await sleep(1_000)
  }
  database.close()
}

/** The lock is PostgreSQL's own, and ends with the connection that holds it. */
async function beAlone() {
  const [[alone]] = await database.query(`SELECT pg_try_advisory_lock(hashtext('${role}'))`)
  if (alone !== 't') await database.query(`INSERT INTO accidents VALUES ('${role} ran twice')`)
}

/** Brings the tables to what this release needs; the release before goes on with them. */
async function migrate() {
  await database.query(`
    CREATE TABLE IF NOT EXISTS orders (id serial PRIMARY KEY, size int NOT NULL, packed int NOT NULL DEFAULT 0);
    CREATE TABLE IF NOT EXISTS reports (at timestamptz DEFAULT now(), orders int);
    CREATE TABLE IF NOT EXISTS accidents (what text);
    CREATE TABLE IF NOT EXISTS migrations (version text);
    INSERT INTO migrations VALUES ('${VERSION}')`)
  console.log(`migrated to ${VERSION}`)
  database.close()
}

function serve(answer) {
  const server = createServer(async (request, response) => {
    response.setHeader('X-Version', VERSION)
    try {
      const { status = 200, body } = await answer(request, new URL(request.url, 'http://shop').pathname)
      response.writeHead(status).end(body)
    } catch (error) {
      response.writeHead(error.code === 'ENOENT' ? 404 : 500).end(`${error.message}\n`)
    }
  })
  // Longer than nginx keeps an idle connection to it (60 s), so that nginx is always the one that closes it.
  server.keepAliveTimeout = 75_000
  end = () => {
    server.close(() => process.exit(0))
    server.closeIdleConnections()
  }
  server.listen(3000, () => console.log(`${role} ${VERSION} listens`))
}

async function bodyOf(request) {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  return Buffer.concat(chunks)
}
