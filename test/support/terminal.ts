import { spawn } from 'node:child_process'
import { PROGRAM, type Sandbox } from './sandbox.ts'

/** What a person answers, once, when the program shows something. */
export interface Answer {
  when: RegExp
  say: string
}

/** Starts a command on a terminal of its own, which `close` takes away as a window that is closed does. */
export function beginOnTerminal(box: Sandbox, args: readonly string[]): { close: () => void } {
  const child = startOnTerminal(box, args)
  child.stdout.resume()
  return { close: () => void child.kill('SIGKILL') }
}

/** Runs a command on a terminal of its own, by `script` of util-linux, with a person who answers. */
export function onTerminal(
  box: Sandbox,
  args: readonly string[],
  answer: Answer,
): Promise<{ code: number; output: string }> {
  const child = startOnTerminal(box, args)
  let output = ''
  let said = false
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text
    if (said || !answer.when.test(output)) return
    said = true
    child.stdin.write(answer.say)
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? -1, output }))
  })
}

function startOnTerminal(box: Sandbox, args: readonly string[]) {
  const command = ['"$VT_NODE"', '"$VT_PROGRAM"', ...args].join(' ')
  const env = { ...box.env, VT_NODE: process.execPath, VT_PROGRAM: PROGRAM, TERM: 'xterm' }
  return spawn('script', ['-qec', command, '/dev/null'], { cwd: box.folder, env, stdio: 'pipe' })
}
