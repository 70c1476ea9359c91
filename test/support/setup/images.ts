import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { begin, must, run } from '../run.ts'
import { openSuite } from './apt.ts'
import { withSetupLock, withTemporaryFolder } from './cache.ts'
import { CannotInstall } from './cannot-install.ts'
import { type Say, timed } from './engine.ts'
import { readDebianMachine } from './engine-plan.ts'
import { buildImage } from './image-build.ts'
import { fingerprint, type Recipe, recipes } from './image-recipes.ts'

type RecipeName = keyof typeof recipes

/** What benchmark and demo run, and most tests. */
const USUAL = ['proxy', 'node', 'redis'] as const

/** Names of images by what they are; the usual ones, unless others are named. */
export type Images<Name extends RecipeName = (typeof USUAL)[number]> = Record<Name, string>

const IMAGE_SUITE = 'forky'
const HELLO = fileURLToPath(new URL('../../../examples/hello', import.meta.url))
const TEST_APP_VERSIONS = ['1', '2']

/** The releases of `examples/hello` that tests deploy without a build. */
export function testAppImage(version: string): string {
  return `verdigris.local/test-app:${version}`
}

/**
 * Makes sure that the usual images are there, and those that are asked for besides: a local one is used, else pulled,
 * else made of Debian packages. Also makes `verdigris.local/test-app:1` and `:2` of `examples/hello`.
 */
export async function ensureImages<Name extends RecipeName = never>(
  say: Say,
  besides: readonly Name[] = [],
): Promise<Images<(typeof USUAL)[number] | Name>> {
  const names = [...USUAL, ...besides]
  const ready = await findImages(names)
  if (ready.images && ready.testApps) return ready.images
  return withSetupLock(async () => {
    const found = await findImages(names)
    const missing = names.filter((name) => !found.local[name])
    const pulled = await pullImages(missing, say)
    const toBuild = missing.filter((name) => !pulled.includes(name))
    if (toBuild.length > 0)
      await buildImages(
        toBuild.map((name) => recipes[name]),
        say,
      )
    const { images, testApps } = await findImages(names)
    if (!images) throw new Error('An image was made and is not there: was it removed at the same time?')
    const what = `Build ${TEST_APP_VERSIONS.map(testAppImage).join(' and ')}`
    await timed(say, what, !testApps, () => buildTestApps(images.node))
    return images
  })
}

interface Found<Name extends RecipeName> {
  local: Partial<Images<RecipeName>>
  /** Those asked for, where none is missing. */
  images: Images<Name> | undefined
  testApps: boolean
}

async function findImages<Name extends RecipeName>(asked: readonly Name[]): Promise<Found<Name>> {
  const names = Object.values(recipes).flatMap(({ pulled, local }) => [pulled, local])
  const format = '{{json .RepoTags}}\t{{json .Config.Labels}}'
  const listed = await run('docker', [
    'image',
    'inspect',
    '--format',
    format,
    ...names,
    ...TEST_APP_VERSIONS.map(testAppImage),
  ])
  const recipeOf = new Map<string, string | undefined>()
  for (const line of listed.stdout.split('\n').filter(Boolean)) {
    const [tags, labels] = line.split('\t').map((json) => JSON.parse(json)) as [
      string[],
      Record<string, string> | null,
    ]
    for (const tag of tags) recipeOf.set(tag, labels?.['verdigris.recipe'])
  }
  const choose = (recipe: Recipe) => {
    if (recipeOf.has(recipe.pulled)) return recipe.pulled
    return recipeOf.get(recipe.local) === fingerprint(recipe) ? recipe.local : undefined
  }
  const found = asked.flatMap((name) => {
    const image = choose(recipes[name])
    return image === undefined ? [] : [[name, image] as const]
  })
  const local: Partial<Images<RecipeName>> = Object.fromEntries(found)
  return {
    local,
    images: found.length === asked.length ? (local as Images<Name>) : undefined,
    testApps: TEST_APP_VERSIONS.every(
      (version) => recipeOf.get(testAppImage(version)) === testAppFingerprint(local.node),
    ),
  }
}

// Without a network every pull fails, some after a long wait: the first failure of that kind speaks for all.
async function pullImages<Name extends RecipeName>(names: readonly Name[], say: Say): Promise<Name[]> {
  const pulled: Name[] = []
  for (const name of names) {
    const image = recipes[name].pulled
    say(`Pull ${image} …`)
    const outcome = await pull(image)
    if (outcome === 'pulled') pulled.push(name)
    else say(`Pull ${image}: ${outcome}`)
    if (outcome === 'no registry answers') break
  }
  return pulled
}

async function pull(image: string): Promise<'pulled' | 'refused' | 'no registry answers'> {
  const pulling = begin('docker', ['pull', image], { timeoutMs: 300_000 })
  // The first line comes once the registry has answered; layers may then take their time.
  const probe = setTimeout(() => pulling.output() === '' && pulling.kill('SIGKILL'), 12_000)
  const ran = await pulling.ended
  clearTimeout(probe)
  if (ran.code === 0) return 'pulled'
  return /denied|unauthorized|toomanyrequests|not found|manifest unknown/i.test(ran.stderr)
    ? 'refused'
    : 'no registry answers'
}

async function buildImages(toBuild: readonly Recipe[], say: Say): Promise<void> {
  const debian = readDebianMachine()
  if (!debian) {
    const pulls = toBuild.map(({ pulled }) => `docker pull ${pulled}`)
    throw new CannotInstall('Images are missing, and this set-up makes them itself only on Debian.', pulls)
  }
  await withTemporaryFolder(async (folder) => {
    const suite = await openSuite(debian.source, IMAGE_SUITE, join(folder, 'apt'))
    for (const [index, recipe] of toBuild.entries()) {
      await timed(say, `Build ${recipe.local} of Debian ${IMAGE_SUITE} packages`, true, () =>
        buildImage(recipe, suite, join(folder, `root-${index}`)),
      )
    }
  })
}

function testAppFingerprint(node: string | undefined): string {
  const sources = ['Dockerfile', 'server.mjs'].map((name) => readFileSync(join(HELLO, name), 'utf8'))
  return fingerprint([node, node === recipes.node.local ? recipes.node : 'pulled', ...sources])
}

async function buildTestApps(node: string): Promise<void> {
  const label = `verdigris.recipe=${testAppFingerprint(node)}`
  for (const version of TEST_APP_VERSIONS) {
    const values = ['--build-arg', `BASE=${node}`, '--build-arg', `VERSION=${version}`]
    await must('docker', ['build', '-q', ...values, '--label', label, '-t', testAppImage(version), HELLO])
  }
}
