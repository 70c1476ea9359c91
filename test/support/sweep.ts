import { run } from './run.ts'

/** Removes all that docker keeps of an app: its base, color and proxy projects, and the images made for it. */
export async function removeProjects(app: string, others: readonly string[] = []): Promise<void> {
  const projects = [app, `${app}-blue`, `${app}-green`, `${app}-proxy`, ...others]
  const labels = [
    ...projects.map((project) => `com.docker.compose.project=${project}`),
    `verdigris.app=${app}`,
  ]
  await removeAll(await list(['ps', '-aq'], labels), ['rm', '-f', '-v'])
  await Promise.all([
    removeAll(await list(['network', 'ls', '-q'], labels), ['network', 'rm']),
    removeAll(await list(['volume', 'ls', '-q'], labels), ['volume', 'rm', '-f']),
    removeAll([...(await imagesOf(app)), ...(await list(['images', '-q'], labels))], ['rmi', '-f']),
  ])
}

async function list(command: readonly string[], labels: readonly string[]): Promise<string[]> {
  const found = await Promise.all(
    labels.map((label) => run('docker', [...command, '--filter', `label=${label}`])),
  )
  return found.flatMap(({ stdout }) => stdout.split('\n').filter(Boolean))
}

async function imagesOf(app: string): Promise<string[]> {
  const { stdout } = await run('docker', ['images', '--format', '{{.Repository}}:{{.Tag}}'])
  return stdout.split('\n').filter((image) => image.startsWith(`verdigris.local/${app}/`))
}

async function removeAll(names: readonly string[], command: readonly string[]): Promise<void> {
  if (names.length > 0) await run('docker', [...command, ...new Set(names)])
}
