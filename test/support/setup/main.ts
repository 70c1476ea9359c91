import { CannotInstall } from './cannot-install.ts'
import { ensureEngine } from './engine.ts'
import { ensureImages } from './images.ts'
import { ensurePrograms } from './programs.ts'

const say = (line: string) => console.log(line)
try {
  await ensureEngine(say)
  await ensurePrograms(say)
  const images = await ensureImages(say, ['postgres'])
  say(`Ready: ${Object.values(images).join(', ')}`)
} catch (error) {
  if (!(error instanceof CannotInstall)) throw error
  console.error(error.message)
  process.exitCode = 3
}
