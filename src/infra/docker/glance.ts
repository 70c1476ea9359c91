import type { ContainerFacts } from '../../domain/facts.ts'
import { COMPOSE_LABEL } from './container-facts.ts'
import { factsOfRow, type ListedRow, type LookOptions, listRows } from './look.ts'

/** One look at all containers, for commands that only look. */
export type Glance = {
  containers(projects: readonly string[]): Promise<ContainerFacts[]>
  /** The first container of a project. */
  find(project: string): Promise<(ListedRow & { running: boolean }) | undefined>
}

/** Begins to list at once, before anybody asks: `status` reads its settings meanwhile, and lists nothing twice. */
export function beginGlance(options: LookOptions & { labels: readonly string[] }): Glance {
  const listed = listRows(options, options.labels)
  listed.catch(() => {})
  return {
    containers: async (projects) =>
      (await listed).map(factsOfRow).filter((facts) => projects.includes(facts.project)),
    find: async (project) => {
      const row = (await listed).find(({ labels }) => labels[COMPOSE_LABEL.project] === project)
      return row && { ...row, running: row.state === 'running' }
    },
  }
}
