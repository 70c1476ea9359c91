import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { failureOf } from '../../src/domain/failure.ts'
import { readTemplates, renderMain } from '../../src/infra/nginx/render.ts'
import { goldenSites } from './nginx-sites.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vt-templates-'))
  mkdirSync(join(folder, 'templates'))
  writeFileSync(join(folder, 'outside.ejs'), 'outside')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const site = goldenSites['one-color'] ?? expect.fail('the site is not there')

async function render(text: string): Promise<string> {
  writeFileSync(join(folder, 'templates', 'nginx.conf.ejs'), text)
  return await renderMain(await readTemplates(join(folder, 'templates')), site, 'sites')
}

test.each([
  '/etc/passwd',
  '../outside.ejs',
  '../outside',
  './site.conf.ejs',
  'templates/../../outside.ejs',
  '',
])('a template includes no file, here %j: only the three templates there are', async (asked) => {
  const failure = failureOf(await render(`<%- include(${JSON.stringify(asked)}) %>`).catch((error) => error))
  expect(failure).toMatchObject({ code: 'template-failed', template: 'nginx.conf.ejs' })
  expect(JSON.stringify(failure)).toMatch(/there is no template/)
})

test('a template has no require, and is code all the same: whoever writes it is trusted', async () => {
  const failure = failureOf(await render('<%= require("fs") %>').catch((error) => error))
  expect(failure).toMatchObject({
    code: 'template-failed',
    reason: expect.stringMatching(/require is not defined/),
  })
  expect(await render('<%= process.pid %>')).toBe(String(process.pid))
})

test('a folder of templates that is not there is told, not passed over', async () => {
  const path = join(folder, 'nowhere')
  const failure = failureOf(await readTemplates(path).catch((error: unknown) => error))
  expect(failure).toEqual({ code: 'file-failed', path, reason: 'there is no such folder' })
})
