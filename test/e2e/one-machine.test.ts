import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { webApp } from '../support/apps.ts'
import { expectCode, expectNoneFailed, succeed } from '../support/expect.ts'
import { leftoversOf, statusOf } from '../support/observe.ts'
import { must } from '../support/run.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { startTraffic, type Traffic } from '../support/traffic.ts'

const PERFORM = ['perform', '--auto-switch']

describe('two apps on one machine', () => {
  let boxes: Sandbox[]

  beforeAll(async () => {
    boxes = await Promise.all(['1', '2'].map((version) => createSandbox({ compose: webApp({ version }) })))
  })
  afterAll(async () => {
    await Promise.all((boxes ?? []).map((box) => box.remove()))
  })

  test('are deployed at the same time without taking a port from each other', async () => {
    const ran = await Promise.all(boxes.map((box) => box.upgrade(PERFORM)))
    for (const { code, stderr } of ran) expect(code, stderr).toBe(0)
    expect(await Promise.all(boxes.map(async (box) => (await box.get('/')).body))).toEqual([
      'hello from 1\n',
      'hello from 2\n',
    ])
    const taken = await Promise.all(
      boxes.map((box) =>
        box.docker(['port', `${box.app}-proxy-nginx-1`]).then((text) => text.match(/(?<=:)\d+/g)),
      ),
    )
    const all = taken.flatMap((each) => [...new Set(each)])
    expect(all).toHaveLength(6)
    expect(new Set(all).size).toBe(6)
  })

  test('one of them upgrades and rolls back without the other', async () => {
    const [box, other] = boxes
    if (box === undefined || other === undefined) throw new Error('Two sandboxes were made.')
    const before = await statusOf(other)
    box.write('compose.yaml', webApp({ version: '2' }))
    await succeed(box, PERFORM)
    await succeed(box, ['rollback'])
    expect(await statusOf(other)).toEqual(before)
  })
})

describe('a disk that is full', () => {
  let box: Sandbox
  let traffic: Traffic
  let deployments: string
  const fill = () => join(deployments, 'fill')

  beforeAll(async () => {
    box = await createSandbox({ compose: webApp({ version: '1' }) })
    deployments = join(box.folder, 'deployments')
    mkdirSync(deployments)
    await must('mount', ['-t', 'tmpfs', '-o', 'size=24m,nr_inodes=100,mode=700', 'vt', deployments])
    await succeed(box, PERFORM)
    traffic = startTraffic({ port: box.port, connections: 6, mode: 'keep-alive', maxMs: 120_000 })
    box.write('compose.yaml', webApp({ version: '2' }))
  })
  afterAll(async () => {
    await traffic?.stop()
    await must('umount', [deployments])
    await box?.remove()
  })

  test('is seen before anything is done', async () => {
    const before = await leftoversOf(box)
    writeFileSync(fill(), Buffer.alloc(20 * 1024 * 1024))
    const ran = await expectCode(5, box, PERFORM)
    rmSync(fill())
    expect(ran.stderr).toMatch(/deployments/)
    expect(await leftoversOf(box)).toEqual(before)
    expect((await statusOf(box)).drift).toEqual([])
  })

  test('or that gets full on the way, ends the run with 5 and leaves nothing', async () => {
    const before = await leftoversOf(box)
    mkdirSync(fill())
    const files: string[] = []
    const add = () => {
      const path = join(fill(), String(files.length))
      writeFileSync(path, '')
      files.push(path)
    }
    expect(() => {
      for (;;) add()
    }).toThrow(/ENOSPC/)
    // Room for the lock and the journal, not for the five files of a snapshot.
    for (const path of files.slice(-7)) rmSync(path)
    const ran = await expectCode(5, box, PERFORM)
    rmSync(fill(), { recursive: true })
    expect(ran.stderr).toMatch(/ENOSPC|no space|full/i)
    expect(await leftoversOf(box)).toEqual(before)
    expect((await statusOf(box)).deadRun).toBeUndefined()
  })

  test('keeps nobody from upgrading once there is room again', async () => {
    await succeed(box, PERFORM)
    expect((await box.get('/')).body).toBe('hello from 2\n')
    await expectNoneFailed(traffic)
  })
})
