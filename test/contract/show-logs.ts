import { createCompose } from '../../src/infra/compose/compose-cli.ts'

// A program for the tests of Compose: shows a project's logs on its own output.
const [, , project = '', ...services] = process.argv
const compose = createCompose({
  app: project,
  projectDir: '/',
  composeFiles: [],
  env: process.env,
  signal: () => new AbortController().signal,
})
await compose.showLogs({ project, services, follow: false, tail: 2 })
