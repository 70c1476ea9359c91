import { spawn } from 'node:child_process'
import { once } from 'node:events'

type Namespace = 'net' | 'mnt' | 'pid'

/** Namespaces of a test's own. */
export interface Room {
  /** The process that holds them open. */
  pid: number
  /** Put before a program's words, so that it runs in some of them. */
  enter: (...names: Namespace[]) => string[]
  /** Ends all that runs in them. */
  destroy: () => Promise<void>
}

/** Namespaces, held open by a process that ends with this one; all that runs in them ends with it. Needs root. */
export async function createRoom(): Promise<Room> {
  const unshare = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc']
  // bash reaps what the engine leaves to process 1; `cat` ends when this test does, however it does.
  const first = ['bash', '-c', 'ip link set lo up && echo ready && cat; true']
  const room = spawn('unshare', [...unshare, ...first], { stdio: ['pipe', 'pipe', 'inherit'] })
  const ended = once(room, 'exit')
  await Promise.race([
    once(room.stdout, 'data'),
    ended.then(() => Promise.reject(new Error('unshare failed'))),
  ])
  const files = { net: 'net', mnt: 'mnt', pid: 'pid_for_children' }
  const options = { net: 'net', mnt: 'mount', pid: 'pid' }
  return {
    pid: room.pid ?? 0,
    enter: (...names: Namespace[]) => [
      'nsenter',
      ...names.map((name) => `--${options[name]}=/proc/${room.pid}/ns/${files[name]}`),
    ],
    destroy: async () => {
      room.kill('SIGKILL')
      await ended
    },
  }
}
