/**
 * Loads, while something slow is waited for, what is needed right after it: modules of Node itself, 10 ms each, and the
 * templates' language.
 */
export function loadAhead(): void {
  // What was asked for just now goes out first.
  setImmediate(() => {
    process.getBuiltinModule('node:crypto')
    // Whoever asks whether a port is free has it loaded.
    process.getBuiltinModule('node:cluster')
    void import('ejs')
  })
}
