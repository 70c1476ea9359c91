import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quoted } from '../../src/infra/nginx/agent.ts'

const SHELLS = [['sh'], ['busybox', 'sh'], ['bash', '--posix']].filter(([program = '', ...words]) => {
  try {
    execFileSync(program, [...words, '-c', ':'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
})

// No argument of a program can hold a NUL (execve(2)): Node refuses it for an exec, and nothing that is rendered has one.
const sign = fc.constantFrom(
  "'",
  "''",
  "\\'",
  '"',
  '\n',
  '\r',
  '\t',
  ' ',
  '$',
  '$(',
  '`',
  '\\',
  '!',
  '*',
  '~',
  '-',
  '--',
  '#',
  '\u{1f600}',
  'ü',
)
const piece = fc.oneof(sign, fc.string({ unit: 'binary' }), fc.string())
const word = fc.array(piece, { maxLength: 8 }).map((pieces) => pieces.join('').replaceAll('\0', ''))

test.each(SHELLS)('words come out of %s as they went in', (program, ...words) => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 40 }), (argv) => {
      const input = `printf '%s\\0' begin ${argv.map(quoted).join(' ')}\n`
      const [, ...read] = execFileSync(program ?? '', words, { input, encoding: 'utf8' })
        .split('\0')
        .slice(0, -1)
      expect(read).toEqual(argv)
    }),
    {
      numRuns: 60,
      examples: [[['']], [['-n', '--', '']], [["'"]], [['\\', '\n', '$HOME', '`id`', "'; exit 1; '"]]],
    },
  )
})
