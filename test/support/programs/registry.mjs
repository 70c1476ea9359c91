import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { join } from 'node:path'

// A registry that has one image, under every name: what `docker save` wrote, unpacked in a folder. Nothing is pushed.
// Source: https://distribution.github.io/distribution/spec/api/.
const [, , port, folder] = process.argv
const TYPES = 'application/vnd.docker'
const MANIFEST = `${TYPES}.distribution.manifest.v2+json`
const blobs = new Map()
const blob = (content, mediaType) => {
  const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`
  blobs.set(digest, { content, mediaType })
  return { mediaType, size: content.length, digest }
}
const file = (name, mediaType) => blob(readFileSync(join(folder, name)), mediaType)

const [{ Config, Layers }] = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))
const config = file(Config, `${TYPES}.container.image.v1+json`)
const layers = Layers.map((layer) => file(layer, `${TYPES}.image.rootfs.diff.tar.gzip`))
const manifest = { schemaVersion: 2, mediaType: MANIFEST, config, layers }
const { digest } = blob(Buffer.from(JSON.stringify(manifest)), MANIFEST)

createServer((request, response) => {
  const [, kind, name] = /\/(manifests|blobs)\/([^/]+)$/.exec(request.url) ?? []
  if (kind === undefined) return response.end('{}')
  const wanted = kind === 'manifests' && !name.startsWith('sha256:') ? digest : name
  const found = blobs.get(wanted)
  if (found === undefined) return response.writeHead(404).end()
  response.writeHead(200, {
    'Content-Type': found.mediaType,
    'Content-Length': found.content.length,
    'Docker-Content-Digest': wanted,
  })
  response.end(request.method === 'HEAD' ? undefined : found.content)
}).listen(Number(port), '127.0.0.1', () => console.log('ready'))
