import { CannotInstall } from './cannot-install.ts'
import { ensureEngine } from './engine.ts'

const say = (line: string) => console.log(line)
try {
  await ensureEngine(say)
} catch (error) {
  if (!(error instanceof CannotInstall)) throw error
  console.error(error.message)
  process.exitCode = 3
}
