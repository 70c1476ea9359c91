// Loaded before a program (node --require): it dies, as by SIGKILL, before its DIE_AT-th call that changes a file in the
// folder that its first argument names.
const files = require('node:fs')
const { syncBuiltinESMExports } = require('node:module')

const CHANGES = ['mkdir', 'open', 'rename', 'rm', 'rmdir', 'utimes', 'writeFile']
const folder = process.argv[2]
let calls = 0

for (const name of CHANGES.flatMap((change) => [change, `${change}Sync`])) {
  for (const holder of [files, files.promises]) {
    const call = holder[name]
    if (call === undefined) continue
    holder[name] = (...words) => {
      if (String(words[0]).startsWith(folder)) calls += 1
      if (calls === Number(process.env.DIE_AT)) process.kill(process.pid, 'SIGKILL')
      return call.apply(holder, words)
    }
  }
}
syncBuiltinESMExports()
