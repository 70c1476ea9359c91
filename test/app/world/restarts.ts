import { type Color, colorProject } from '../../../src/domain/color.ts'
import type { ComposeModel } from '../../../src/domain/compose-model.ts'
import type { ContainerFacts } from '../../../src/domain/facts.ts'
import { runsAlways } from '../../../src/domain/restart-policy.ts'
import { ENDS_AT_ONCE } from './shop.ts'
import { APP, type World } from './world.ts'

/** What runs of a project starts with the engine, where its model has it. */
export function comeUpWithEngine(world: World, project: string, model: ComposeModel): void {
  const running = world.containers.filter((each) => each.project === project && each.state === 'running')
  const meant = running.filter((each) => isMeant(each, model)).map(({ id }) => id)
  world.always = [...new Set([...world.always, ...meant])]
}

/** What is about to be stopped will not start with the engine. */
export function stayDown(world: World, project: string, services?: readonly string[]): void {
  const kept = world.containers.filter(
    (each) => each.project === project && (services?.includes(each.service) ?? true),
  )
  world.always = world.always.filter((id) => !kept.some((each) => each.id === id))
}

/** What a crash of the engine would change: containers that are stopped come up, or those that users are on do not. */
export function wrongAfterCrash(world: World, active: Color | undefined): string[] {
  const { always, compose, containers, images, snapshots } = world
  const up = containers.filter(({ state, image, id }) => {
    return state === 'exited' && images[image] !== ENDS_AT_ONCE && always.includes(id)
  })
  const down = containers.filter((each) => {
    const model = each.project === APP ? compose : snapshots[each.release ?? '']?.model
    const serves = each.project === (active === undefined ? APP : colorProject(APP, active))
    return serves && each.state === 'running' && isMeant(each, model) && !always.includes(each.id)
  })
  return [
    ...up.map(({ name }) => `${name} is stopped, and would come up with the engine`),
    ...down.map(({ name }) => `${name} would not come up with the engine`),
  ]
}

function isMeant({ service }: ContainerFacts, model: ComposeModel | undefined): boolean {
  return runsAlways(model?.services[service] ?? {})
}
