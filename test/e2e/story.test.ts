import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { webApp } from '../support/apps.ts'
import { createSandbox, type Sandbox } from '../support/sandbox.ts'
import { startTraffic, type Traffic, type TrafficReport, untilAnswered } from '../support/traffic.ts'

const RUN_MAX_MS = 150_000
const IN_FLIGHT = 16
// Answers between two moves, by which one knows who served then.
const ENOUGH = 11

describe('the story: deploy, deploy a broken one, deploy a good one, roll back', () => {
  let box: Sandbox
  let traffic: Traffic[]
  const marks: Record<string, number> = {}

  beforeAll(async () => {
    box = await createSandbox({ compose: webApp({ version: '1' }) })
  })
  afterAll(async () => {
    await Promise.all((traffic ?? []).map((each) => each.stop()))
    await box?.remove()
  })

  const mark = (name: string) => {
    marks[name] = traffic[0]?.nowMs() ?? 0
  }
  const enoughAnswered = () => Promise.all(traffic.map((each) => untilAnswered(each, IN_FLIGHT + ENOUGH)))

  test('the first release is deployed into blue', async () => {
    const ran = await box.upgrade(['perform', '--auto-switch'])
    expect(ran.stderr + ran.stdout).toContain('blue')
    expect(ran.code).toBe(0)
    expect((await box.get('/')).body).toBe('hello from 1\n')
    expect(box.read('deployments/active')).toBe('blue\n')
    traffic = [
      startTraffic({
        port: box.port,
        connections: IN_FLIGHT,
        mode: 'keep-alive',
        postShare: 0.5,
        maxMs: RUN_MAX_MS,
      }),
      startTraffic({ port: box.port, connections: 4, mode: 'short', maxMs: RUN_MAX_MS }),
    ]
  })

  test('a release that exits is refused before anyone sees it', async () => {
    box.write('compose.yaml', webApp({ version: '2', environment: { BROKEN: 'exit' } }))
    const ran = await box.upgrade(['perform', '--auto-switch'])
    expect(ran.code).toBe(5)
    expect(ran.stderr).toContain('cannot start, as BROKEN=exit asks')
    expect(ran.stderr).toContain('blue still serves')
    const left = await box.docker([
      'ps',
      '-aq',
      '--filter',
      `label=com.docker.compose.project=${box.app}-green`,
    ])
    expect(left.trim()).toBe('')
  })

  test('a good release gets the users', async () => {
    box.write('compose.yaml', webApp({ version: '2' }))
    await enoughAnswered()
    mark('switching')
    const ran = await box.upgrade(['perform', '--auto-switch'])
    mark('switched')
    await enoughAnswered()
    expect(ran.stderr).not.toContain('✖')
    expect(ran.code).toBe(0)
    expect((await box.get('/')).body).toBe('hello from 2\n')
  })

  test('a run with nothing changed says so and does nothing', async () => {
    const ran = await box.upgrade(['perform', '--auto-switch'])
    expect(ran.code).toBe(0)
    expect(ran.stdout + ran.stderr).toMatch(/nothing to do/i)
    expect(box.read('deployments/active')).toBe('green\n')
  })

  test('a rollback puts the users back on the color that is still warm', async () => {
    mark('returning')
    const ran = await box.upgrade(['rollback'])
    mark('returned')
    await enoughAnswered()
    expect(ran.stderr).not.toContain('✖')
    expect(ran.code).toBe(0)
    expect((await box.get('/')).body).toBe('hello from 1\n')
    expect(box.read('deployments/active')).toBe('blue\n')
  })

  test('cleanup drains and stops the color that users left', async () => {
    const ran = await box.upgrade(['cleanup', 'green'])
    expect(ran.code).toBe(0)
    const running = await box.docker([
      'ps',
      '-q',
      '--filter',
      `label=com.docker.compose.project=${box.app}-green`,
    ])
    expect(running.trim()).toBe('')
  })

  test('not one request failed, and none was answered by a color that users had left', async () => {
    const reports = await Promise.all(traffic.map((each) => each.stop()))
    for (const report of reports) {
      expect(report.failures).toEqual([])
      expect(report.failed).toBe(0)
      expect(report.sent).toBeGreaterThan(200)
      expectOnly(report, { release: '1', fromMs: 0, toMs: marks.switching })
      expectOnly(report, { release: '2', fromMs: marks.switched, toMs: marks.returning })
      expectOnly(report, { release: '1', fromMs: marks.returned, toMs: report.durationMs })
    }
  })
})

/** Requests that began in a stretch of time were all answered by one release. */
function expectOnly(
  report: TrafficReport,
  {
    release,
    fromMs = 0,
    toMs = 0,
  }: { release: string; fromMs: number | undefined; toMs: number | undefined },
): void {
  const answers = report.answers.filter(({ startedMs, atMs }) => startedMs >= fromMs && atMs <= toMs)
  expect(answers.length).toBeGreaterThanOrEqual(ENOUGH)
  expect(new Set(answers.map((answer) => answer.release))).toEqual(new Set([release]))
}
