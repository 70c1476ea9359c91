import { randomUUID } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { failureOf } from '../../src/domain/failure.ts'
import { deliveryFiles } from '../../src/infra/nginx/delivery-files.ts'
import { createDockerDriver, type Run } from '../../src/infra/nginx/docker-driver.ts'
import { generationFiles } from '../../src/infra/nginx/generation-files.ts'
import { CONFIG_ROOT, generationPath } from '../../src/infra/nginx/layout.ts'
import { readTemplates } from '../../src/infra/nginx/render.ts'
import { goldenSites } from '../golden/nginx-sites.ts'
import { imageFromSetup } from '../support/apps.ts'
import { must } from '../support/run.ts'
import { until } from '../support/until.ts'
import { runDocker } from './support/nginx-lab.ts'

const certificate = (name: string) =>
  fileURLToPath(new URL(`../support/certificate/${name}`, import.meta.url))
const TEST_FILES = {
  certificate: certificate('test.crt'),
  key: certificate('test.key'),
  errorPage: certificate('test.crt'),
}

const driver = createDockerDriver(runDocker)

test('every golden configuration is one of these sites', async () => {
  const kept = await readdir(fileURLToPath(new URL('../golden/nginx', import.meta.url)))
  expect(kept.toSorted()).toEqual(
    ['nginx', ...Object.keys(goldenSites)].map((name) => `${name}.conf`).toSorted(),
  )
})

test.each(Object.entries(goldenSites))('nginx accepts %s without a warning', async (_, site) => {
  const folder = `${site.generation}-golden`
  const templates = await readTemplates(undefined)
  const own = async () =>
    await deliveryFiles({ site, folder, files: TEST_FILES, installed: async () => undefined })
  const result = await driver.tryOut({
    image: imageFromSetup('PROXY_IMAGE'),
    argv: ['nginx', '-t', '-q', '-c', `${generationPath(site.app, folder)}/test.conf`],
    directory: CONFIG_ROOT,
    files: await generationFiles({ templates, own }, site, folder),
  })
  expect(result).toEqual({ exitCode: 0, output: '' })
})

test.each([
  ['that needs no files', []],
  ['that is given some', [{ path: 'a', content: '' }]],
])(
  'a container to try something in %s goes with its end, though whoever made it cannot remove it any more',
  async (_, files) => {
    const dead: Run = async (argv, options) =>
      argv[1] === 'rm' ? { exitCode: 0, stdout: '', stderr: '' } : await runDocker(argv, options)
    const told = `told ${randomUUID()}`
    const image = imageFromSetup('PROXY_IMAGE')
    const tried = await createDockerDriver(dead).tryOut({
      image,
      argv: ['echo', told],
      directory: '/tmp',
      files,
    })
    expect(tried).toMatchObject({ exitCode: 0, output: expect.stringContaining(told) })
    const commands = () => must('docker', ['ps', '-a', '--no-trunc', '--format', '{{.Command}}'])
    await until(async () => !(await commands()).includes(told))
  },
)

test('a folder for temporary files that is not there is told, and no mistake', async () => {
  const temporary = process.env.TMPDIR
  process.env.TMPDIR = '/nowhere'
  const files = [{ path: 'a', content: '' }]
  const trying = driver.tryOut({
    image: imageFromSetup('PROXY_IMAGE'),
    argv: ['true'],
    directory: '/',
    files,
  })
  const failure = failureOf(await trying.catch((error: unknown) => error))
  if (temporary === undefined) delete process.env.TMPDIR
  else process.env.TMPDIR = temporary
  expect(failure).toEqual({
    code: 'file-failed',
    path: '/nowhere',
    reason: 'there is no such file or folder',
    isFull: false,
  })
})
