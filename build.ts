import { writeFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { build, type Plugin } from 'esbuild'
import { renderHelp } from './src/cli/program.ts'

/**
 * What packages load at import and this program hardly ever uses: an SSH client for ssh:// engines, TLS for those
 * behind TCP, gRPC for build sessions (docker-modem 5, dockerode 5), an HTTP/2 client whose import reads all root
 * certificates (got 14). They cost 0.2 to 0.4 s, so they stay out of the bundle until one of their members is called.
 */
const LATE: Record<string, readonly string[]> = {
  ssh2: ['dockerode', 'docker-modem', 'ssh2'],
  '@grpc/grpc-js': ['dockerode', '@grpc/grpc-js'],
  '@grpc/proto-loader': ['dockerode', '@grpc/proto-loader'],
  protobufjs: ['dockerode', 'protobufjs'],
  'http2-wrapper': ['got', 'http2-wrapper'],
  https: ['https'],
}

const loadLate: Plugin = {
  name: 'load-late',
  setup: ({ onLoad, onResolve }) => {
    const names = Object.keys(LATE).join('|')
    onResolve({ filter: new RegExp(`^(${names})$`) }, ({ importer, path }) =>
      path !== 'https' || importer.includes('docker-modem') ? { path, namespace: 'late' } : undefined,
    )
    onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
      contents: `module.exports = require('./src/infra/late-module.ts').lateModule(${JSON.stringify(LATE[path])})`,
      resolveDir: import.meta.dirname,
    }))
  },
}

// Hundreds of small files take longer to load than what they do takes. So everything is bundled, dependencies too,
// and cut only where the program itself imports late.
await rm(new URL('dist', import.meta.url), { recursive: true, force: true })
await build({
  entryPoints: ['src/main.ts'],
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  logLevel: 'warning',
  // Its modules, where Node would take a CommonJS copy: only what is used is kept, and named imports work late too.
  alias: { yaml: './node_modules/yaml/browser/index.js' },
  banner: { js: "import{createRequire as $r}from'node:module';const require=$r(import.meta.url);" },
  plugins: [loadLate],
})

// The main help becomes a file, which main.ts prints without loading anything.
writeFileSync(new URL('dist/help.txt', import.meta.url), await renderHelp())
