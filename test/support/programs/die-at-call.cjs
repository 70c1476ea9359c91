// Loaded before a program (node --require): it dies, as by SIGKILL, before its DIE_AT-th call that changes a file.
const files = require('node:fs')
const { syncBuiltinESMExports } = require('node:module')

const CHANGES = ['mkdir', 'open', 'rename', 'rm', 'rmdir', 'utimes', 'writeFile']
let calls = 0

for (const holder of [files, files.promises]) {
  for (const name of CHANGES) {
    const call = holder[name]
    holder[name] = (...words) => {
      calls += 1
      if (calls === Number(process.env.DIE_AT)) process.kill(process.pid, 'SIGKILL')
      return call.apply(holder, words)
    }
  }
}
syncBuiltinESMExports()
