import { parse, stringify } from 'yaml'
import { type WebAppOptions, webApp } from '../../support/apps.ts'
import type { Ran } from '../../support/run.ts'
import { createSandbox, type Sandbox, type SandboxOptions } from '../../support/sandbox.ts'
import { freePort } from '../../support/until.ts'
import type { Bench } from '../clock.ts'

/** An app that is looked at as seldom as those of users are: a look each second takes a tenth of two cores. */
export function seldomLookedAt(app: WebAppOptions): string {
  return webApp({ checkEvery: '10s', ...app })
}

/** Makes a sandbox whose names tell that it is the benchmark's. */
export function openSandbox(options: SandboxOptions): Promise<Sandbox> {
  return createSandbox({ name: 'vt-bench-', ...options })
}

/** Holds a sandbox while `work` runs, and removes all of it whatever happens. */
export async function withSandbox<T>(
  options: SandboxOptions,
  work: (box: Sandbox) => Promise<T>,
): Promise<T> {
  const box = await openSandbox(options)
  try {
    return await work(box)
  } finally {
    await box.remove()
  }
}

/** A sandbox whose app `upgrade` can deploy with the images that are here. */
export async function deployable(
  { images }: Bench,
  app: WebAppOptions,
): Promise<SandboxOptions & { compose: string }> {
  // Left to themselves, two proxies that are set up at the same moment choose the same ports.
  const [management, preview] = [await freePort(), await freePort()]
  const ports = { MANAGEMENT_PORT: String(management), PREVIEW_PORT: String(preview) }
  return { compose: webApp(app), env: { PROXY_IMAGE: images.proxy, ...ports } }
}

/** Deploys releases 1 and 2 of an app, one after the other: users are on green then, and blue still runs. */
export async function deployPair(
  { clock }: Bench,
  { box, compose }: { box: Sandbox; compose: (app: WebAppOptions) => string },
): Promise<void> {
  await upgrade(box, ['perform', '--auto-switch'])
  clock.check()
  box.write('compose.yaml', compose({ version: '2' }))
  await upgrade(box, ['perform', '--auto-switch'])
}

/** Runs the built program; throws where it does not succeed. */
export async function upgrade(box: Sandbox, args: readonly string[]): Promise<Ran> {
  const ran = await box.upgrade(args)
  if (ran.code === 0) return ran
  throw new Error(`upgrade ${args.join(' ')} ended with code ${ran.code}:\n${ran.stdout}${ran.stderr}`)
}

/** The color that users are not on. */
export function standby(box: Sandbox): 'blue' | 'green' {
  return box.read('deployments/active').trim() === 'blue' ? 'green' : 'blue'
}

/** The color of a release in a deployed pair. */
export function colorOf(release: string): 'blue' | 'green' {
  return release === '1' ? 'blue' : 'green'
}

/** The same app as a project beside another one: whoever starts it by hand takes its ports out, too. */
export function withoutPorts(compose: string): string {
  const model = parse(compose) as { services: Record<string, { ports?: unknown }> }
  for (const service of Object.values(model.services)) delete service.ports
  return stringify(model)
}
