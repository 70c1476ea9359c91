import { chmodSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { DoctorView } from '../../src/app/views.ts'
import { SHOP_FILES, shop, webApp } from '../support/apps.ts'
import { expectCode, succeed } from '../support/expect.ts'
import { killAt } from '../support/kill.ts'
import { containerOf, historyOf, leftoversOf, statusOf } from '../support/observe.ts'
import { must } from '../support/run.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { startTraffic, type Traffic } from '../support/traffic.ts'

const PERFORM = ['perform', '--auto-switch']
const LOOK = ['status', '--exit-code']
const FIX = ['doctor', '--fix']

describe('doctor --fix', () => {
  let box: Sandbox
  let traffic: Traffic

  beforeAll(async () => {
    box = await createSandbox({
      compose: shop({ version: '1' }),
      files: { ...SHOP_FILES, 'upgrade.yaml': 'services:\n  worker:\n    class: singleton\n' },
    })
    await succeed(box, PERFORM)
    box.write('compose.yaml', shop({ version: '2' }))
    await succeed(box, PERFORM)
    traffic = startTraffic({ port: box.port, connections: 4, mode: 'keep-alive', maxMs: 170_000 })
  })
  afterAll(async () => {
    await traffic?.stop()
    await box?.remove()
  })

  const inProxy = (script: string) => box.docker(['exec', `${box.app}-proxy-nginx-1`, 'sh', '-c', script])
  const fix = async (): Promise<DoctorView> => JSON.parse((await succeed(box, [...FIX, '--json'])).stdout)
  const notes = ({ mended }: DoctorView) => mended?.done.map(({ note }) => note)
  const expectWell = async () => {
    await succeed(box, LOOK)
    expect((await box.get('/')).body).toBe('hello from 2\n')
  }

  test('has nothing to mend where all is well', async () => {
    const ran = await succeed(box, FIX)
    expect(ran.stdout).toMatch(/^✔ Nothing had to be mended/)
    await expectWell()
  })

  test('mends what people did to records and to the proxy’s files, and users notice nothing', async () => {
    const { rollback } = await statusOf(box)
    box.write('deployments/active', 'blue\n')
    box.write('deployments/history.json', `${JSON.stringify(historyOf(box).slice(0, -1))}\n`)
    chmodSync(join(box.folder, 'deployments/history.json'), 0o644)
    await inProxy(
      `cd /etc/verdigris; echo "# mine" >> nginx.conf; echo x > sites/${box.app}/current/site.conf`,
    )
    await box.docker(['network', 'disconnect', `${box.app}-green_default`, `${box.app}-redis-1`])

    const seen = await expectCode(8, box, LOOK)
    expect(seen.stdout).toMatch(/The record says that blue is active; nginx says green/)
    expect(seen.stdout).toMatch(/The last switch in history leads to blue; users are on green/)
    expect(seen.stdout).toMatch(/Somebody changed files of the proxy: nginx\.conf and site\.conf/)
    const doctor = await succeed(box, ['doctor'])
    expect(doctor.stdout).toMatch(/▲ +Records +3 differences[\s\S]*→ upgrade doctor --fix\n/)

    const view = await fix()
    expect(notes(view)).toEqual([
      'rights-taken',
      'proxy-files-mended',
      'rejoined',
      'record-repaired',
      'record-repaired',
    ])
    expect(view.mended?.failed).toEqual([])
    expect(box.read('deployments/active')).toBe('green\n')
    expect(historyOf(box).at(-1)).toMatchObject({ command: 'doctor --fix', from: 'blue', to: 'green' })
    expect(statSync(join(box.folder, 'deployments/history.json')).mode & 0o777).toBe(0o600)
    expect((await box.get('/count')).status).toBe(200)
    expect((await statusOf(box)).rollback).toEqual(rollback)
    await expectWell()
  })

  test('makes the files of the proxy again when not one of them is left', async () => {
    await inProxy('rm -rf /etc/verdigris/*')
    expect(notes(await fix())).toEqual(['proxy-files-mended'])
    await expectWell()
    await box.docker(['restart', `${box.app}-proxy-nginx-1`])
  })

  test('leaves alone what somebody started by hand, and says how to end it', async () => {
    await box.docker(['start', (await containerOf(box, `${box.app}-blue`, 'worker')).id])
    const left = await succeed(box, FIX)
    expect(left.stdout).toMatch(/worker must not run twice, and runs in blue, too/)
    const cure = new RegExp(`docker compose (-p ${box.app}-blue stop worker)`).exec(left.stdout)?.[1] ?? ''
    await expectCode(8, box, LOOK)
    await box.compose(cure.split(' '))
    await expectWell()
  })

  test('ends what a killed run left, and brings the proxy back that was removed meanwhile', async () => {
    const before = await leftoversOf(box)
    box.write('compose.yaml', shop({ version: '1', environment: { START_DELAY_MS: '800' } }))
    await killAt(box, 'health', PERFORM)
    await box.docker(['rm', '-f', '-v', `${box.app}-proxy-nginx-1`])
    await must('docker', ['volume', 'rm', `${box.app}-proxy_config`])
    await traffic.stop()
    expect((await expectCode(8, box, ['doctor'])).stdout).toMatch(/✖ +Records[\s\S]*the proxy is gone/)
    const view = await fix()
    expect(notes(view)).toEqual(['lock-taken-over', 'proxy-mended', 'recovered'])
    expect((await leftoversOf(box)).snapshots).toEqual(before.snapshots)
    await expectWell()
  })

  test('names what users are without, and touches it not', async () => {
    const { id } = await containerOf(box, `${box.app}-green`, 'worker')
    await box.docker(['rm', '-f', id])
    const ran = await expectCode(8, box, FIX)
    expect(ran.stdout).toMatch(/✖ +Records[\s\S]*green serves users, but 1 of its 2 containers run/)
    expect((await box.get('/')).body).toBe('hello from 2\n')
  })
})

test('doctor --fix takes a first run back that was killed, its proxy included, and does nothing to a frozen app', async () => {
  const box = await createSandbox({
    compose: webApp({ version: '1', environment: { START_DELAY_MS: '2000' } }),
  })
  try {
    await killAt(box, 'health', PERFORM)
    await box.docker(['rm', '-f', `${box.app}-proxy-nginx-1`])
    await succeed(box, FIX)
    expect(await leftoversOf(box)).toEqual({ traces: [], snapshots: [], tags: [] })
    await succeed(box, LOOK)
    await succeed(box, ['lock', 'acquire', '-m', 'not now'])
    expect((await expectCode(4, box, FIX)).stderr).toMatch(/not now/)
  } finally {
    await box.remove()
  }
})
