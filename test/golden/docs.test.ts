import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { renderHelp } from '../../src/cli/program.ts'
import { STEPS } from '../../src/domain/steps.ts'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')

describe('the README', () => {
  test('lists the steps as the plan has them, with the line before the switch', () => {
    const table = readme.slice(readme.indexOf('<!-- steps:start -->'), readme.indexOf('<!-- steps:end -->'))
    const rows = [...table.matchAll(/^\| (\d+) +\| (\w+) +\|/gm)].map(([, number, step]) => [
      Number(number),
      step,
    ])
    expect(rows).toEqual(STEPS.map((step, index) => [index + 1, step]))
    expect(table.indexOf('**the line**')).toBeGreaterThan(table.search(/\| 8 +\| smoke/))
    expect(table.indexOf('**the line**')).toBeLessThan(table.search(/\| 9 +\| switch/))
  })

  test('names every command that the help names', async () => {
    const help = await renderHelp()
    const commands = [...help.matchAll(/^ {2}([a-z]+)(?: [<[]| {2})/gm)].map(([, name]) => name)
    expect(commands).toContain('perform')
    for (const command of commands.filter((each) => each !== 'help' && each !== 'upgrade')) {
      expect(readme).toContain(`upgrade ${command}`)
    }
  })

  test('names every environment variable that the help names, with its default', async () => {
    const help = await renderHelp()
    const names = [...help.matchAll(/^ {2}([A-Z_]{4,}) /gm)].map(([, name]) => name)
    expect(names).toContain('ROLLBACK_LIMIT')
    for (const name of names) expect(readme).toContain(name)
  })

  test('has the commands that the package runs', () => {
    const { scripts } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
    for (const [, name = ''] of readme.matchAll(/npm run (\w+)/g)) expect(scripts).toHaveProperty(name)
    expect(scripts).toHaveProperty('test')
  })
})

describe('SECURITY.md', () => {
  const root = new URL('../../', import.meta.url)
  const text = readFileSync(new URL('SECURITY.md', root), 'utf8')
  const named = [...text.matchAll(/`(test\/[^`]+)`/g)].map(([, path = '']) => path)

  test('names tests that are there', () => {
    expect(named.length).toBeGreaterThan(8)
    for (const path of named) expect(existsSync(new URL(path, root)), path).toBe(true)
  })

  test('quotes their titles as they are', () => {
    const tests = named
      .filter((each) => !each.includes('*'))
      .map((path) => readFileSync(new URL(path, root), 'utf8'))
    const titles = [...text.replaceAll(/\s+/g, ' ').matchAll(/"([^"]{20,})"/g)].map(([, title = '']) => title)
    expect(titles.length).toBeGreaterThan(5)
    // "…" stands for what differs from case to case.
    for (const title of titles)
      for (const part of title.split(/ ?… ?/).filter(Boolean))
        expect(
          tests.some((each) => each.includes(part)),
          part,
        ).toBe(true)
  })

  test('is part of the package, and the README leads to it', () => {
    const { files } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'))
    expect(files).toContain('SECURITY.md')
    expect(readme).toContain('](SECURITY.md)')
  })

  describe('on dependencies', () => {
    const section = text.slice(text.indexOf('## Dependencies'))
    const lock: { packages: Record<string, Locked> } = JSON.parse(
      readFileSync(new URL('package-lock.json', root), 'utf8'),
    )
    const locked = Object.entries(lock.packages)
      .filter(([path]) => path !== '')
      .map(([path, entry]) => ({ ...entry, name: path.slice(path.lastIndexOf('node_modules/') + 13) }))

    test('names the locked version of each package, which is none that an advisory is about', () => {
      const row =
        /^\| (\S+) +\| (\S+) +\| (users|building) +\| GHSA(?:-[2-9cfghjmpqrvwx]{4}){3} +\| (\S+) +\|$/gm
      const rows = [...section.matchAll(row)]
      expect(rows).toHaveLength(section.split('GHSA-').length - 1)
      expect(rows.length).toBeGreaterThan(20)
      for (const [, name, version, whose, fixedIn = ''] of rows) {
        const found = locked.filter((each) => each.name === name)
        expect(
          found.map((each) => each.version),
          name,
        ).toEqual([version])
        expect(
          found.map(({ dev }) => (dev === true ? 'building' : 'users')),
          name,
        ).toEqual([whose])
        expect(newerFirst(version, fixedIn), name).toBeLessThanOrEqual(0)
      }
    })

    test('counts those that are installed for users, so that each new one is looked up', () => {
      const names = new Set(locked.filter(({ dev }) => dev !== true).map(({ name }) => name))
      expect(section.replaceAll(/\s+/g, ' ')).toContain(`each of the ${names.size} packages`)
    })

    test('names malicious versions, none of which is locked', () => {
      const malicious = [...section.matchAll(/`([\w@/.-]+@\d+\.\d+\.\d+)`/g)].map(([, each]) => each)
      expect(malicious.length).toBeGreaterThan(5)
      for (const { name, version } of locked) expect(malicious).not.toContain(`${name}@${version}`)
    })
  })
})

type Locked = { version: string; dev?: boolean }

function newerFirst(a = '', b = ''): number {
  return b.localeCompare(a, 'en', { numeric: true })
}
