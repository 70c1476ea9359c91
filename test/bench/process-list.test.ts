import { expect, test } from 'vitest'
import { parseTop } from './process-list.ts'

test('a process list holds the memory of each process, and its command with its spaces', () => {
  const listed =
    'PID     RSS     COMMAND\n 812   7340    nginx: master process nginx -g daemon off;\n 877 4120 nginx: worker\n'
  expect(parseTop(listed)).toEqual([
    { residentKiB: 7340, command: 'nginx: master process nginx -g daemon off;' },
    { residentKiB: 4120, command: 'nginx: worker' },
  ])
})

test('what is no process is an error that shows it', () =>
  expect(() => parseTop('PID RSS COMMAND\nno such thing')).toThrow('no such thing'))
