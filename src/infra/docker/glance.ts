import type { ContainerFacts } from '../../domain/facts.ts'
import type { ListedImage } from '../../domain/held-images.ts'
import { COMPOSE_LABEL } from './container-facts.ts'
import { factsOfRow, type ListedRow, listImages, listRows } from './look.ts'
import type { LookOptions } from './socket.ts'

/** One look at all containers, for commands that only look. */
export type Glance = {
  containers(projects: readonly string[]): Promise<ContainerFacts[]>
  /** All images; asked only when wanted. */
  images(): Promise<ListedImage[]>
  /** The first container of a project. */
  find(project: string): Promise<(ListedRow & { running: boolean; paused: boolean }) | undefined>
}

/** Begins to list at once, before anybody asks: `status` reads its settings meanwhile, and lists nothing twice. */
export function beginGlance(options: LookOptions & { labels: readonly string[] }): Glance {
  const listed = listRows(options, options.labels)
  listed.catch(() => {})
  return {
    containers: async (projects) =>
      (await listed).map(factsOfRow).filter((facts) => projects.includes(facts.project)),
    images: async () => await listImages(options),
    find: async (project) => {
      const row = (await listed).find(({ labels }) => labels[COMPOSE_LABEL.project] === project)
      const paused = row?.state === 'paused'
      return row && { ...row, paused, running: paused || row.state === 'running' }
    },
  }
}
