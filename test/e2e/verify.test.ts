import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { VerifyView } from '../../src/app/views.ts'
import type { Outcome } from '../../src/domain/outcome.ts'
import { webApp } from '../support/apps.ts'
import { expectCode, succeed } from '../support/expect.ts'
import { containerOf, historyOf } from '../support/observe.ts'
import type { Ran } from '../support/run.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'

describe('requests tell in figures what users meet', () => {
  let box: Sandbox

  beforeAll(async () => {
    box = await createSandbox({ compose: webApp({ version: '1' }), files: { 'upgrade.yaml': CHECKED } })
  })
  afterAll(async () => {
    await box?.remove()
  })

  const verify = async (code: number, words: readonly string[]) => {
    const ran = await expectCode(code, box, ['verify', '--json', ...words])
    return JSON.parse(ran.stdout) as VerifyView
  }
  const switched = async (words: readonly string[]) => {
    const outcome = outcomeOf(await succeed(box, [...words, '--json']))
    if (outcome.kind !== 'switched') throw new Error(`It ended ${outcome.kind}.`)
    return outcome
  }

  test('nothing can be verified before a release serves', async () => {
    const ran = await expectCode(5, box, ['verify', '--seconds', '1'])
    expect(ran.stderr).toMatch(/No proxy runs/)
  })

  test('the first switch disturbs nobody, and sends no requests', async () => {
    expect((await switched(['perform', '--auto-switch'])).probe).toBeUndefined()
    expect(historyOf(box).at(-1)).not.toHaveProperty('probe')
  })

  test('the live route answers every request, and the color that serves is named', async () => {
    const { after, before, figures, url, way } = await verify(0, ['--seconds', '2'])
    expect({ url, way }).toEqual({ url: `http://127.0.0.1:${box.port}/up`, way: 'live' })
    expect(before).toMatchObject({ color: 'blue' })
    expect(after).toEqual(before)
    expect(figures).toMatchObject({ failed: 0, open: 0 })
    expect(figures.ok).toBeGreaterThan(100)
    expect(figures.ok).toBeLessThanOrEqual(210)
  })

  test('a standby that is not there cannot be verified', async () => {
    const ran = await expectCode(5, box, ['verify', '--preview', '--seconds', '1'])
    expect(ran.stderr).toMatch(/Green does not run/)
  })

  test('the outcome of a switch carries the figures of the requests sent during it, and none failed', async () => {
    box.write('compose.yaml', webApp({ version: '2' }))
    for (const words of [['perform', '--auto-switch'], ['rollback'], ['switch', 'green']]) {
      const { probe } = await switched(words)
      expect(probe, words.join(' ')).toMatchObject({ failed: 0, reasons: [] })
      expect(probe?.sent).toBeGreaterThan(3)
      const { failed, longestGapMs, sent } = probe ?? {}
      expect(historyOf(box).at(-1)?.probe).toEqual({ sent, failed, longestGapMs })
    }
    const ran = await succeed(box, ['rollback'])
    expect(ran.stdout).toMatch(/\d+ requests during the switch, 0 failed,[\s\S]* longest\s+gap [\d.]+ m?s/)
  })

  test('the preview leads to the standby', async () => {
    const { before, figures } = await verify(0, ['--preview', '--seconds', '1'])
    expect(before.color).toBe('green')
    expect(figures).toMatchObject({ failed: 0 })
    const ran = await succeed(box, ['verify', '--preview', '--seconds', '1'])
    expect(ran.stdout).toMatch(
      /requests to .*, none failed\.\n.*Longest gap .*\n.*Green \(green-\S+\) stands by\./,
    )
  })

  test('users that are switched meanwhile are told, and nothing fails', async () => {
    const verifying = verify(0, ['--seconds', '6'])
    await succeed(box, ['switch', 'green'])
    const { after, before, figures } = await verifying
    expect([before.color, after.color]).toEqual(['blue', 'green'])
    expect(figures.failed).toBe(0)
    await succeed(box, ['rollback'])
  })

  test('a setting leaves the requests out', async () => {
    box.write('upgrade.yaml', `${CHECKED}probe: false\n`)
    expect((await switched(['switch', 'green'])).probe).toBeUndefined()
    box.write('upgrade.yaml', CHECKED)
    await succeed(box, ['rollback'])
  })

  test('requests to an app that stopped are counted as failed, with the reason', async () => {
    const { name } = await containerOf(box, `${box.app}-green`, 'web')
    await box.docker(['stop', '-t', '1', name])
    const preview = await verify(8, ['--preview', '--seconds', '1'])
    const { failed, reasons, sent } = preview.figures
    // The address of a stopped container answers nothing: each connection waits until its request has failed.
    expect(failed).toBe(sent)
    expect(sent).toBeGreaterThanOrEqual(6)
    expect(preview.figures).not.toHaveProperty('medianMs')
    expect(reasons[0]?.reason).toMatch(/status 50\d|no answer in 5000 ms/)
    const live = await containerOf(box, `${box.app}-blue`, 'web')
    await box.docker(['stop', '-t', '1', live.name])
    const ran = await expectCode(8, box, ['verify', '--seconds', '1'])
    expect(ran.stdout + ran.stderr).toMatch(/(\d+) of \1 requests to .* failed\./)
  })
})

const CHECKED = 'health: {path: /up}\n'

function outcomeOf({ stdout }: Ran): Outcome {
  const last = stdout.trimEnd().split('\n').at(-1) ?? ''
  return (JSON.parse(last) as { outcome: Outcome }).outcome
}
