import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { webApp } from '../support/apps.ts'
import { expectCode, expectNoneFailed, succeed } from '../support/expect.ts'
import { statusOf } from '../support/observe.ts'
import { createSandbox, PROGRAM, type Sandbox } from '../support/sandbox.ts'
import { startTraffic, type Traffic } from '../support/traffic.ts'

const PERFORM = ['perform', '--auto-switch', '--force']

// Writes down what it was told, says so, and fails when it is asked to.
const TOLD = `#!/bin/sh
echo "$VERDIGRIS_HOOK $VERDIGRIS_APP to $VERDIGRIS_COLOR, $VERDIGRIS_ACTIVE serves, $VERDIGRIS_FAILURE|$1" >> told.txt
echo "told of $VERDIGRIS_RELEASE"
exit "\${2:-0}"
`

describe('hooks run at their moments', () => {
  let box: Sandbox
  let traffic: Traffic

  beforeAll(async () => {
    box = await createSandbox({
      compose: webApp({ version: '1' }),
      files: { 'told.sh': TOLD, 'told.txt': '' },
    })
  })
  afterAll(async () => {
    await traffic?.stop()
    await box?.remove()
  })

  const setHooks = (hooks: Record<string, unknown>) => box.write('upgrade.yaml', JSON.stringify({ hooks }))
  const tell = (...args: string[]) => ({ command: ['sh', './told.sh', ...args] })
  /** What hooks were told since the last look. */
  const told = () => {
    const lines = box.read('told.txt').trim().split('\n')
    box.write('told.txt', '')
    return lines.map((line) => line.replace(box.app, 'APP'))
  }

  test('on the machine, in a container of the new release, and with a look at the run itself', async () => {
    setHooks({
      pre_deploy: tell('$(touch shell.txt); "a b"'),
      pre_switch: {
        service: 'web',
        command: ['node', '-e', 'console.log("inside", process.env.VERSION, process.env.VERDIGRIS_COLOR)'],
      },
      post_switch: { command: [process.execPath, PROGRAM, 'status'] },
    })
    const { stderr } = await succeed(box, PERFORM)
    expect(stderr).toMatch(/^pre_deploy \| told of blue-/m)
    expect(stderr).toMatch(/^pre_switch \| inside 1 blue$/m)
    expect(stderr).toMatch(/^post_switch \| .*perform/m)
    expect(told()).toEqual(['pre_deploy APP to blue,  serves, |$(touch shell.txt); "a b"'])
    expect(() => box.read('shell.txt')).toThrow(/ENOENT/)
    traffic = startTraffic({ port: box.port, connections: 4, mode: 'keep-alive', maxMs: 170_000 })
  })

  test('a hook that fails before the switch ends the run, of which users see nothing', async () => {
    box.write('compose.yaml', webApp({ version: '2' }))
    setHooks({ pre_switch: tell('', '3'), on_failure: tell() })
    const { stderr } = await expectCode(5, box, PERFORM)
    expect(stderr).toMatch(/The hook pre_switch failed with exit code 3\./)
    expect(stderr).toMatch(/Users were not affected: blue still serves/)
    expect(told()).toEqual([
      'pre_switch APP to green, blue serves, |',
      'on_failure APP to green, blue serves, hook-failed|',
    ])
    setHooks({ pre_deploy: { command: ['sleep', '600'], timeout: 1 } })
    expect((await expectCode(5, box, PERFORM)).stderr).toMatch(/The hook pre_deploy did not end in 1 s\./)
    setHooks({ pre_deploy: { command: ['./nowhere'] } })
    expect((await expectCode(5, box, PERFORM)).stderr).toMatch(/The hook pre_deploy could not be started\./)
    expect((await box.get('/')).headers['x-version']).toBe('1')
  })

  test('none runs where nothing was begun: the settings that refuse a run may be those of the hooks', async () => {
    setHooks({ pre_deploy: tell(), on_failure: tell() })
    box.write(
      'compose.yaml',
      webApp({ version: '2' }).replace('    image:', '    network_mode: host\n    image:'),
    )
    await expectCode(3, box, PERFORM)
    expect(told()).toEqual([''])
    box.write('compose.yaml', webApp({ version: '2' }))
  })

  test('one that fails after the switch puts users back only where it is set to', async () => {
    setHooks({
      post_switch: { ...tell('', '4'), rollback: true },
      post_rollback: tell(),
      on_failure: tell('', '9'),
    })
    await expectCode(6, box, PERFORM)
    expect(told()).toEqual([
      'post_switch APP to green, green serves, |',
      'post_rollback APP to green, blue serves, hook-failed|',
      'on_failure APP to green, blue serves, hook-failed|',
    ])
    expect((await statusOf(box)).active).toBe('blue')

    setHooks({ post_switch: tell('', '4'), post_rollback: tell('by hand') })
    const { stderr } = await succeed(box, PERFORM)
    expect(stderr).toMatch(/warning: The hook post_switch failed with exit code 4\. It was left at that\./)
    expect((await statusOf(box)).active).toBe('green')
    await succeed(box, ['rollback'])
    expect(told().at(-1)).toBe('post_rollback APP to blue, blue serves, |by hand')
    expect((await statusOf(box)).active).toBe('blue')
  })

  test('no request failed meanwhile', async () => {
    await expectNoneFailed(traffic)
  })
})
