import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { must } from '../run.ts'
import type { PrivateSuite } from './apt.ts'
import { fingerprint, type Recipe } from './image-recipes.ts'

/** Nobody reads them in an image that lives for a test. */
const PAPERS = ['usr/share/doc', 'usr/share/man', 'usr/share/locale', 'usr/share/info']

const ACCOUNTS = [
  { name: 'root', id: 0, home: '/root', shell: '/bin/sh' },
  { name: 'nginx', id: 101, home: '/var/cache/nginx', shell: '/sbin/nologin' },
  { name: 'postgres', id: 70, home: '/var/lib/postgresql', shell: '/bin/sh' },
  { name: 'redis', id: 999, home: '/data', shell: '/sbin/nologin' },
  { name: 'node', id: 1000, home: '/home/node', shell: '/bin/sh' },
  { name: 'nobody', id: 65534, home: '/', shell: '/sbin/nologin' },
]

/** Makes an image of a recipe: packages unpacked into `folder`, then packed as one layer. */
export async function buildImage(recipe: Recipe, suite: PrivateSuite, folder: string): Promise<void> {
  await suite.unpack(['base-files', 'busybox-static', ...recipe.packages], folder)
  for (const path of [...PAPERS, ...(recipe.without ?? [])])
    rmSync(join(folder, path), { recursive: true, force: true })
  for (const [path, program] of Object.entries(recipe.programs)) await copyProgram(program, folder, path)
  for (const path of recipe.folders) mkdirSync(join(folder, path), { recursive: true })
  writeAccounts(folder)
  for (const [path, text] of Object.entries(recipe.files)) write(folder, path, text)
  for (const [path, target] of Object.entries(recipe.links)) link(folder, path, target)
  await linkBusybox(folder)
  await packImage(recipe, folder)
}

// `docker import` would do without a Dockerfile, but it refuses STOPSIGNAL.
async function packImage(recipe: Recipe, root: string): Promise<void> {
  const context = `${root}-context`
  mkdirSync(context)
  await must('tar', [
    '-C',
    root,
    '--numeric-owner',
    '--owner=0',
    '--group=0',
    '-cf',
    join(context, 'root.tar'),
    '.',
  ])
  const labels = [`LABEL verdigris.recipe=${fingerprint(recipe)}`, 'LABEL verdigris.purpose=test']
  const lines = ['FROM scratch', 'ADD root.tar /', ...recipe.settings, ...labels]
  writeFileSync(join(context, 'Dockerfile'), `${lines.join('\n')}\n`)
  await must('docker', ['build', '-q', '-t', recipe.local, context])
}

function write(root: string, path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true })
  writeFileSync(join(root, path), text)
  if (path.endsWith('.sh')) chmodSync(join(root, path), 0o755)
}

function link(root: string, path: string, target: string): void {
  rmSync(join(root, path), { force: true })
  symlinkSync(target, join(root, path))
}

function writeAccounts(root: string): void {
  const users = ACCOUNTS.map(
    ({ name, id, home, shell }) => `${name}:x:${id}:${id}:${name}:${home}:${shell}\n`,
  )
  write(root, 'etc/passwd', users.join(''))
  // Debian's nginx is compiled to run as nobody of nogroup where its configuration names no user.
  const groups = [...ACCOUNTS, { name: 'nogroup', id: 65533 }]
  write(root, 'etc/group', groups.map(({ name, id }) => `${name}:x:${id}:\n`).join(''))
  write(root, 'etc/nsswitch.conf', 'passwd: files\ngroup: files\nhosts: files dns\n')
  for (const path of ['tmp', 'var/tmp']) {
    mkdirSync(join(root, path), { recursive: true })
    chmodSync(join(root, path), 0o1777)
  }
}

// busybox gives the shell and the small programs (mv, kill, wget, nc, ps), as it does in the alpine images.
async function linkBusybox(root: string): Promise<void> {
  const names = (await must(join(root, 'usr/bin/busybox'), ['--list'])).trim().split('\n')
  for (const name of names) {
    const taken = ['usr/bin', 'usr/sbin'].some((folder) => existsSync(join(root, folder, name)))
    if (!taken && name !== 'busybox') symlinkSync('busybox', join(root, 'usr/bin', name))
  }
}

async function copyProgram(program: string, root: string, path: string): Promise<void> {
  const listed = await must('ldd', [program])
  const libraries = [...listed.matchAll(/(\/\S+) \(0x/g)].map(([, library]) => library ?? '')
  for (const [from, to] of [[program, path], ...libraries.map((library) => [library, library])] as const) {
    if (!from || !to) continue
    const target = join(root, to)
    mkdirSync(dirname(target), { recursive: true })
    copyFileSync(realpathSync(from), target)
    chmodSync(target, 0o755)
  }
}
