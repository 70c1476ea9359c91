// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these placeholders are Compose's.
import { describe, expect, test } from 'vitest'
import { composeProjectName } from '../../src/config/app-name.ts'

type Given = { files?: string[]; dotenv?: string; environment?: Record<string, string>; projectDir?: string }

function nameOf({ files = [], dotenv, environment = {}, projectDir = '/srv/shop' }: Given) {
  return composeProjectName({
    projectDir,
    composeFiles: files.map((text, index) => ({ path: `/srv/shop/${index}.yaml`, text })),
    dotenv: dotenv === undefined ? undefined : { path: '/srv/shop/.env', text: dotenv },
    environment,
  })
}

describe('the name comes from the strongest source that gives one', () => {
  const files = ['name: file\n']
  const dotenv = 'COMPOSE_PROJECT_NAME=dotenv\n'

  test.each<[string, Given]>([
    ['env', { environment: { COMPOSE_PROJECT_NAME: 'env' }, dotenv, files }],
    ['dotenv', { environment: { COMPOSE_PROJECT_NAME: '' }, dotenv, files }],
    ['file', { files }],
    ['shop', {}],
  ])('%s', (name, given) => {
    expect(nameOf(given).name).toBe(name)
  })

  test('the last file that has a name wins', () => {
    expect(nameOf({ files: ['name: one', 'name: two', 'services: {}'] })).toMatchObject({
      name: 'two',
      origin: { from: 'file', file: '/srv/shop/1.yaml', line: 1 },
    })
  })

  test('where the name is written is known', () => {
    expect(nameOf({ files: ['# a\nname:  "shop-2"\n'] }).place).toEqual({
      file: '/srv/shop/0.yaml',
      line: 2,
      column: 8,
      text: 'name:  "shop-2"',
    })
    expect(nameOf({ dotenv: 'A=b\nexport COMPOSE_PROJECT_NAME=x\n' }).place).toMatchObject({
      line: 2,
      column: 29,
    })
  })
})

describe('a folder and a file are named as Compose normalises them', () => {
  // Each of these was seen with Compose 2.26.1.
  test.each([
    ['/srv/__Weird Näme.x', 'weirdnmex'],
    ['/srv/My.App_x', 'myapp_x'],
    ['/srv/___', ''],
    ['/', ''],
  ])('%s', (projectDir, name) => {
    expect(nameOf({ projectDir }).name).toBe(name)
  })
})

describe('`name:` is found without a YAML parser', () => {
  test.each([
    ['name: books', 'books'],
    ['version: "3"\nname: "Books"  # ours\n', 'books'],
    ["'name': 'books'\r\n", 'books'],
    ['name: ${APP}', 'env'],
    ['name: $APP-2', 'env-2'],
    ['name: ${APP:-x}', 'env'],
    ['name: ${NONE:-My.App_x}', 'myapp_x'],
    ['name: ${NONE-x}', 'x'],
    ['name: ${EMPTY:-x}', 'x'],
    ['name: ${INFILE}', 'infile'],
  ])('%j', (text, name) => {
    const environment = { APP: 'env', EMPTY: '' }
    expect(nameOf({ files: [text], environment, dotenv: 'INFILE=infile\nAPP=weaker\n' }).name).toBe(name)
  })

  test.each([
    'services:\n  web:\n    name: inner\n',
    'name:\n',
    'name: ""\n',
    'name: ${NONE}\n',
    'name: ${NONE:?say it}\n',
    'name: &anchor x\n',
    'name: >\n  folded\n',
    '# name: comment\n',
  ])('%j leaves it to the folder', (text) => {
    expect(nameOf({ files: [text] })).toMatchObject({ name: 'shop', origin: { from: 'default' } })
  })
})
