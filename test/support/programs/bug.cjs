// Preloaded into the program (NODE_OPTIONS=--require): a mistake of its own at a step that BUG_AT names.
const childProcess = require('node:child_process')
const files = require('node:fs')
const { spawn } = childProcess
const { renameSync } = files

childProcess.spawn = (program, args, options) => {
  if (process.env.BUG_AT === 'start' && args?.includes('up')) throw new TypeError('made for a test: start')
  return spawn(program, args, options)
}
files.renameSync = (from, to) => {
  if (process.env.BUG_AT === 'record' && to.endsWith('/active'))
    throw new TypeError('made for a test: record')
  return renameSync(from, to)
}
