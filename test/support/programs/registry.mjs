import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'

// A registry: `registry.mjs PORT NAME=FOLDER …`, each folder what `docker save` wrote of an image, unpacked. Nothing is
// pushed. Source: https://distribution.github.io/distribution/spec/api/.
const [, , port, ...images] = process.argv
const TYPES = 'application/vnd.docker'
const MANIFEST = `${TYPES}.distribution.manifest.v2+json`
const blobs = new Map()
const blob = (content, mediaType) => {
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`
  blobs.set(digest, { content, mediaType })
  return { mediaType, size: content.length, digest }
}
const publish = (folder) => {
  const file = (name, mediaType) => blob(readFileSync(join(folder, name)), mediaType)
  const [{ Config, Layers }] = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
  const config = file(Config, `${TYPES}.container.image.v1+json`)
  const layers = Layers.map((layer) => file(layer, `${TYPES}.image.rootfs.diff.tar.gzip`))
  return blob(
    Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MANIFEST, config, layers })),
    MANIFEST,
  )
}
const manifests = new Map(
  images.map((image) => {
    const [name, folder] = image.split('=')
    return [name, publish(folder).digest]
  }),
)

createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://registry')
  const [, name, kind, reference] = /^\/v2\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(pathname) ?? []
  if (kind === undefined) return response.end('{}')
  const wanted = reference.startsWith('sha256:') ? reference : manifests.get(`${name}:${reference}`)
  const found = blobs.get(wanted)
  if (found === undefined) return response.writeHead(404).end()
  response.writeHead(200, {
    'Content-Type': found.mediaType,
    'Content-Length': found.content.length,
    'Docker-Content-Digest': wanted,
  })
  response.end(request.method === 'HEAD' ? undefined : found.content)
}).listen(Number(port), '127.0.0.1', () => console.log('ready'))
