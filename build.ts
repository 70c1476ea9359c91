import { rmSync, writeFileSync } from 'node:fs'
import { type BuildOptions, build, type Plugin } from 'esbuild'
import { renderHelp } from './src/cli/program.ts'

/**
 * Packages that take longer to load than most commands take: a file for each, loaded when a command needs it. All else
 * is one file, for hundreds of small ones take longer to find than to read.
 */
const APART = ['dockerode', 'ejs', 'got', 'proper-lockfile', 'tar-stream', 'yaml'] as const

/**
 * What these load at import and this program hardly ever uses: an SSH client for ssh:// engines, TLS for those behind
 * TCP, gRPC for build sessions (docker-modem 5, dockerode 5), an HTTP/2 client whose import reads all root certificates
 * (got 14). They cost 0.2 to 0.4 s, so they stay out until one of their members is called.
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
    onResolve({ filter: anyOf(Object.keys(LATE)) }, ({ importer, path }) =>
      path !== 'https' || importer.includes('docker-modem') ? { path, namespace: 'late' } : undefined,
    )
    onLoad({ filter: /.*/, namespace: 'late' }, ({ path }) => ({
      contents: `module.exports = require('./src/infra/late-module.ts').lateModule(${JSON.stringify(LATE[path])})`,
      resolveDir: import.meta.dirname,
    }))
  },
}

/**
 * docker-modem describes each request to its log before it asks whether anybody reads that (5.0): an agent with its
 * sockets and an abort signal with its listeners, 1 ms each, a tenth of a switch. It gets a log that nobody reads, and
 * nothing to describe with.
 */
const UNREAD: Record<string, string> = {
  debug: 'module.exports = () => () => {}',
  util: "module.exports = { inspect: () => '' }",
}

const withoutLog: Plugin = {
  name: 'without-log',
  setup: ({ onLoad, onResolve }) => {
    onResolve({ filter: anyOf(Object.keys(UNREAD)) }, ({ importer, path }) =>
      importer.endsWith('docker-modem/lib/modem.js') ? { path, namespace: 'unread' } : undefined,
    )
    onLoad({ filter: /.*/, namespace: 'unread' }, ({ path }) => ({ contents: UNREAD[path] ?? '' }))
  },
}

const keepApart: Plugin = {
  name: 'keep-apart',
  setup: ({ onResolve }) => {
    onResolve({ filter: anyOf(APART) }, ({ path }) => ({ path: `./${path}.cjs`, external: true }))
    onResolve({ filter: /^\.\/command-line\.ts$/ }, () => ({ path: './command-line.cjs', external: true }))
  },
}

function anyOf(names: readonly string[]): RegExp {
  return new RegExp(`^(${names.join('|')})$`)
}

// CommonJS: Node's loader for ES modules alone takes longer than reading `--help`.
const COMMON: BuildOptions = {
  outdir: 'dist',
  outExtension: { '.js': '.cjs' },
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node20.19',
  logLevel: 'warning',
  legalComments: 'none',
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': 'importMetaUrl' },
  banner: { js: "const importMetaUrl=require('node:url').pathToFileURL(__filename).href;" },
}

rmSync(new URL('dist', import.meta.url), { recursive: true, force: true })
await build({
  ...COMMON,
  entryPoints: [...APART],
  plugins: [loadLate, withoutLog],
  alias: {
    // What `import('ejs').default` is to Node, once it is bundled.
    ejs: './node_modules/ejs/lib/cjs/ejs.js',
    // Its ES modules, where Node would take the CommonJS ones: those are wrapped one by one.
    yaml: './node_modules/yaml/browser/index.js',
    // proper-lockfile is given a file system; this one it would only load.
    'graceful-fs': 'fs',
  },
})
await build({ ...COMMON, entryPoints: ['src/main.ts', 'src/command-line.ts'], plugins: [keepApart] })

// The main help becomes a file, which main.ts prints without loading anything.
writeFileSync(new URL('dist/help.txt', import.meta.url), await renderHelp())
