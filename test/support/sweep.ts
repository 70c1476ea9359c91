import { run } from './run.ts'

/** Removes all that docker keeps of an app: its base, color and proxy projects, and the images made for it. */
export async function removeProjects(app: string, others: readonly string[] = []): Promise<void> {
  const projects = [app, `${app}-blue`, `${app}-green`, `${app}-proxy`, ...others]
  const labels = [
    ...projects.map((project) => `com.docker.compose.project=${project}`),
    `verdigris.app=${app}`,
  ]
  const [containers, networks, volumes, images] = await Promise.all([
    labelled(['ps', '-a', '--format', '{{.ID}}\t{{.Labels}}'], labels),
    labelled(['network', 'ls', '--format', '{{.ID}}\t{{.Labels}}'], labels),
    labelled(['volume', 'ls', '--format', '{{.Name}}\t{{.Labels}}'], labels),
    imagesOf(app, labels),
  ])
  await removeAll(containers, ['rm', '-f', '-v'])
  await Promise.all([
    removeAll(networks, ['network', 'rm']),
    removeAll(volumes, ['volume', 'rm', '-f']),
    removeAll(images, ['rmi', '-f']),
  ])
}

// One list for all labels: docker takes filters of one kind together, and each command costs a start of docker.
async function labelled(command: readonly string[], labels: readonly string[]): Promise<string[]> {
  const { stdout } = await run('docker', command)
  return stdout.split('\n').flatMap((line) => {
    const [name = '', has = ''] = line.split('\t')
    return labels.some((label) => `,${has},`.includes(`,${label},`)) ? [name] : []
  })
}

async function imagesOf(app: string, labels: readonly string[]): Promise<string[]> {
  const [named, ...built] = await Promise.all([
    run('docker', ['images', '--format', '{{.Repository}}:{{.Tag}}']),
    ...labels.map((label) => run('docker', ['images', '-q', '--filter', `label=${label}`])),
  ])
  return [
    ...named.stdout.split('\n').filter((image) => image.startsWith(`verdigris.local/${app}/`)),
    ...built.flatMap(({ stdout }) => stdout.split('\n').filter(Boolean)),
  ]
}

async function removeAll(names: readonly string[], command: readonly string[]): Promise<void> {
  if (names.length > 0) await run('docker', [...command, ...new Set(names)])
}
