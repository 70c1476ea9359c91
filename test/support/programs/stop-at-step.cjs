// Loaded before a program (node --require): it stops itself, as SIGSTOP does, once it has journaled STOP_AT_STEP.
const files = require('node:fs')

const { readFileSync, renameSync } = files
let hasStopped = false

files.renameSync = (from, to) => {
  renameSync(from, to)
  if (hasStopped || !to.endsWith('/journal.json')) return
  hasStopped = JSON.parse(readFileSync(to, 'utf8')).step === process.env.STOP_AT_STEP
  if (hasStopped) process.kill(process.pid, 'SIGSTOP')
}
