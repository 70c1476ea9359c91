import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { START } from '../../src/infra/nginx/scripts.ts'
import { imageFromSetup } from '../support/apps.ts'
import { uniqueName } from '../support/own-part.ts'
import { must } from '../support/run.ts'
import { until } from '../support/until.ts'

const COMMAND = ['-c', START, 'verdigris', 'sleep', '1000']
const CONTAINER = ['run', '-i', '--rm', '--network', 'none', '--entrypoint', 'sh']
const NAME = uniqueName('vt-agent-')

// Debian's sh is dash. Here it gets a /run of its own, as a container has.
const SHELLS: [string, () => string[]][] = [
  [
    "this machine's sh",
    () => ['unshare', '--mount', 'sh', '-c', 'mount -t tmpfs none /run && exec sh "$@"', 'sh'],
  ],
  [
    "busybox's sh in the image",
    () => ['docker', ...CONTAINER, '--name', NAME, imageFromSetup('PROXY_IMAGE')],
  ],
]

describe.each(SHELLS)('%s', (_, command) => {
  let shell: ChildProcessWithoutNullStreams
  let told: string[]
  beforeAll(() => {
    told = []
    const [program = '', ...words] = [...command(), ...COMMAND]
    shell = spawn(program, words)
    createInterface({ input: shell.stderr }).on('line', (line) => told.push(line))
  })
  afterAll(async () => {
    const ended = once(shell, 'exit')
    // What runs in nginx's place; the agent ends with its input.
    if (shell.spawnfile === 'docker') await must('docker', ['kill', NAME])
    else shell.kill('SIGKILL')
    shell.stdin.end()
    await ended
  })

  /** Writes to the agent, and waits until it has done all of it. */
  const saying = async (words: string) => {
    shell.stdin.write(`${words}.\nverdigris ff ready end\n`)
    await until(() => told.includes('verdigris ff ready'), { everyMs: 20 })
    return told.splice(0).slice(0, -1)
  }

  test('does what it is told, a line each', async () => {
    const lines = ['echo said; exit 7', 'printf "%s\\n\\n" "a\\b" >&2', '', 'cat; true'].map(
      (script, index) => lineOf(`a${index}`, packed(script)),
    )
    expect(await saying(lines.join(''))).toEqual([
      `verdigris a0 7 ${base64('said')}`,
      `verdigris a1 0 ${base64('a\\b')}`,
      'verdigris a2 0 ',
      'verdigris a3 0 ',
    ])
  })

  test('takes a line for itself that follows a backslash', async () => {
    expect(await saying(`left\\\n${lineOf('e0', packed('echo said'))}`)).toEqual([
      `verdigris e0 0 ${base64('said')}`,
    ])
  })

  test('does nothing twice', async () => {
    expect(await saying(lineOf('b0', packed('echo once')).repeat(2))).toEqual([
      `verdigris b0 0 ${base64('once')}`,
    ])
  })

  const whole = lineOf('c0', packed('echo said'))
  const [, ends = ''] = whole.split(' H4sI')
  test.each([
    ['an empty line', '\n'],
    ['blanks', '  \t \n'],
    ['a line without its mark', 'c0 H4sI end\n'],
    ['a line without its end', whole.replace(' end\n', '\n')],
    ['a line that goes on after its end', whole.replace(' end\n', ' end end\n')],
    ['a line of which but the end of it is missing', whole.slice(0, -1)],
    ['an id with a path in it', whole.replace('c0', '../c0')],
    ['an id with a blank', whole.replace('c0', 'c 0')],
    ['an id with a star', whole.replace('c0', '*')],
    ['an id longer than a name may be', whole.replace('c0', 'c'.repeat(300))],
    ['nothing to do', 'verdigris c0  end\n'],
    ['what is not packed', lineOf('c0', Buffer.from('echo said\n').toString('base64'))],
    ['what is cut', lineOf('c0', packed(`echo said\n# ${'x'.repeat(99)}`).slice(0, -12))],
    [
      'what two wrote at once',
      `verdigris c0 H4sI${ends.slice(0, 9)}.\nverdigris c1 H4sI${ends.slice(0, 9)}${ends}`,
    ],
  ])('does not run %s, and goes on', async (_, words) => {
    expect(await saying(words)).toEqual([])
    const id = randomBytes(8).toString('hex')
    expect(await saying(lineOf(id, packed('echo next')))).toEqual([`verdigris ${id} 0 ${base64('next')}`])
  })

  test('does not run what a killed program left at any byte of its line', async () => {
    const cuts = Array.from({ length: whole.length }, (_, length) => `.\n${whole.slice(0, length)}`)
    expect(await saying(cuts.join(''))).toEqual([])
  })
})

function lineOf(id: string, word: string): string {
  return `verdigris ${id} ${word} end\n`
}

function packed(script: string): string {
  return gzipSync(script).toString('base64')
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}
