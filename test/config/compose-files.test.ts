import { expect, test } from 'vitest'
import { listedComposeFiles, readComposeFiles, searchComposeFiles } from '../../src/config/compose-files.ts'

const reading =
  (...paths: string[]) =>
  async (path: string) =>
    paths.includes(path) ? `# ${path}` : undefined

// The orders were seen with Compose 2.26.1, which warns about more than one file and says which it uses.
test.each([
  [['compose.yml', 'compose.yaml', 'docker-compose.yml'], ['compose.yaml']],
  [['docker-compose.yaml', 'docker-compose.yml', 'compose.yml'], ['compose.yml']],
  [['docker-compose.yaml', 'docker-compose.yml'], ['docker-compose.yml']],
  [
    ['compose.yaml', 'compose.override.yaml', 'compose.override.yml'],
    ['compose.yaml', 'compose.override.yml'],
  ],
  [
    ['compose.yaml', 'docker-compose.override.yaml'],
    ['compose.yaml', 'docker-compose.override.yaml'],
  ],
  [['compose.override.yml'], []],
])('of %j Compose takes %j', async (there, taken) => {
  const files = await searchComposeFiles('/srv/shop', reading(...there.map((name) => `/srv/shop/${name}`)))
  expect(files.map(({ path }) => path)).toEqual(taken.map((name) => `/srv/shop/${name}`))
})

test('the search goes up, and takes the override beside the file it found', async () => {
  const readText = reading('/srv/compose.yaml', '/srv/shop/compose.override.yml')
  expect(await searchComposeFiles('/srv/shop/src', readText)).toEqual([
    { path: '/srv/compose.yaml', text: '# /srv/compose.yaml' },
  ])
})

test('COMPOSE_FILE is a list, with a separator of its own if it wants one', () => {
  expect(listedComposeFiles({ COMPOSE_FILE: 'a.yaml:../b.yaml' }, '/srv/shop')).toEqual([
    '/srv/shop/a.yaml',
    '/srv/b.yaml',
  ])
  const environment = { COMPOSE_FILE: 'a.yaml,/b.yaml', COMPOSE_PATH_SEPARATOR: ',' }
  expect(listedComposeFiles(environment, '/srv')).toEqual(['/srv/a.yaml', '/b.yaml'])
  expect(listedComposeFiles({ COMPOSE_FILE: '' }, '/srv')).toEqual([])
})

test('given files are read instead of searched, those that exist', async () => {
  const composeFiles = ['/srv/a.yaml', '/srv/none.yaml']
  const readText = reading('/srv/a.yaml', '/srv/compose.yaml')
  const files = await readComposeFiles({ projectDir: '/srv', composeFiles, readText })
  expect(files.map(({ path }) => path)).toEqual(['/srv/a.yaml'])
})
