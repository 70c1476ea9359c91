import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { webApp } from '../support/apps.ts'
import { expectCode, succeed } from '../support/expect.ts'
import { containerOf, historyOf, statusOf } from '../support/observe.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { until } from '../support/until.ts'

const PERFORM = ['perform', '--auto-switch']
const LOOK = ['status', '--exit-code']

describe('what changes behind our back is seen and mended', () => {
  let box: Sandbox

  beforeAll(async () => {
    box = await createSandbox({ compose: webApp({ version: '1' }) })
    await succeed(box, PERFORM)
    box.write('compose.yaml', webApp({ version: '2' }))
    await succeed(box, PERFORM)
  })
  afterAll(() => box?.remove())

  const answers = async (body: string) => {
    expect((await box.get('/')).body).toBe(body)
    await succeed(box, LOOK)
  }

  test('nothing is different after a switch', () => answers('hello from 2\n'))

  test('a proxy that somebody stopped is seen, and started again', async () => {
    await box.docker(['stop', `${box.app}-proxy-nginx-1`])
    const seen = await expectCode(8, box, LOOK)
    expect(seen.stdout).toMatch(/upgrade proxy start/)
    await succeed(box, ['proxy', 'start'])
    await answers('hello from 2\n')
  })

  test('proxy stop asks first, and proxy start makes up for it', async () => {
    await expectCode(2, box, ['proxy', 'stop'])
    await answers('hello from 2\n')
    await succeed(box, ['proxy', 'stop', '--yes'])
    await expect(box.get('/')).rejects.toThrow(/ECONNREFUSED/)
    await expectCode(8, box, LOOK)
    await expectCode(5, box, ['switch', 'blue'])
    await succeed(box, ['proxy', 'start'])
    await answers('hello from 2\n')
  })

  test('a proxy that is gone with its volume is made again of what runs and the snapshots', async () => {
    await box.docker(['rm', '-f', `${box.app}-proxy-nginx-1`])
    await box.docker(['volume', 'rm', `${box.app}-proxy_config`])
    await expectCode(8, box, LOOK)
    await succeed(box, ['proxy', 'start'])
    await answers('hello from 2\n')
    await succeed(box, ['rollback'])
    await answers('hello from 1\n')
    await succeed(box, ['switch', 'green'])
    await answers('hello from 2\n')
  })

  test('an edited record is seen, and the next command believes nginx', async () => {
    box.write('deployments/active', 'blue\n')
    await expectCode(8, box, LOOK)
    await succeed(box, ['cleanup', 'blue'])
    expect(box.read('deployments/active')).toBe('green\n')
    await answers('hello from 2\n')
  })

  test('a proxy that is restarted while one color is stopped comes up', async () => {
    expect((await statusOf(box)).colors.blue.health).toBe('none')
    await box.docker(['restart', `${box.app}-proxy-nginx-1`])
    await until(async () => (await box.get('/')).status === 200)
    await answers('hello from 2\n')
  })

  test('a container that somebody removed is seen, and an upgrade brings it back', async () => {
    const { id } = await containerOf(box, `${box.app}-green`, 'web')
    await box.docker(['rm', '-f', id])
    const seen = await expectCode(8, box, LOOK)
    expect(seen.stdout).toMatch(/green/)
    await succeed(box, PERFORM)
    expect(historyOf(box).at(-1)).toMatchObject({ result: 'switched', to: 'blue' })
    await answers('hello from 2\n')
  })
})
