import { Expected } from '../../domain/failure.ts'
import { lackingFeatures, type NginxFeature } from '../../domain/nginx-features.ts'
import type { ProxyContainer, ProxyDriver } from './driver.ts'
import { CONFIG_ROOT } from './layout.ts'
import { PROXY_LABEL } from './proxy-ports.ts'

/**
 * The version of nginx in an image, pulled if need be; `proxy-too-old`. A proxy that was made from the image
 * bears the answer on a label.
 */
export async function checkVersion(options: {
  driver: ProxyDriver
  image: string
  needed: readonly NginxFeature[]
  container: ProxyContainer | undefined
}): Promise<string> {
  const { container, driver, image, needed } = options
  const known = container?.labels[PROXY_LABEL.image] === image && container.labels[PROXY_LABEL.version]
  const version = known || (await askVersion(driver, image))
  const lacks = lackingFeatures(version, needed)
  if (lacks.length > 0) throw new Expected({ code: 'proxy-too-old', image, found: version, lacks })
  return version
}

async function askVersion(driver: ProxyDriver, image: string): Promise<string> {
  await driver.ensureImage(image)
  const { output, exitCode } = await driver.tryOut({
    image,
    argv: ['nginx', '-v'],
    directory: CONFIG_ROOT,
    files: [],
  })
  const version = /nginx version: \S+?\/(?<version>\d+\.\d+\.\d+)/.exec(output)?.groups?.version
  if (version) return version
  throw new Expected({ code: 'command-failed', command: `nginx -v in ${image}`, exitCode, output })
}
