import { Expected } from '../../domain/failure.ts'
import type { ProxyContainer, ProxyDriver } from './driver.ts'
import { CONFIG_ROOT } from './layout.ts'
import { PROXY_LABEL } from './proxy-ports.ts'

/** `keepalive_min_timeout`, without which a reload breaks keep-alive clients; nginx.org/en/CHANGES. */
const NEEDED = '1.27.4'

/**
 * The version of nginx in an image, pulled if need be; `proxy-too-old`. A proxy that was made from the image
 * bears the answer on a label.
 */
export async function checkVersion(
  driver: ProxyDriver,
  image: string,
  container: ProxyContainer | undefined,
): Promise<string> {
  const known = container?.labels[PROXY_LABEL.image] === image && container.labels[PROXY_LABEL.version]
  const version = known || (await askVersion(driver, image))
  if (isOlder(version, NEEDED)) {
    throw new Expected({ code: 'proxy-too-old', image, found: version, needed: NEEDED })
  }
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

function isOlder(version: string, than: string): boolean {
  return version.localeCompare(than, 'en', { numeric: true }) < 0
}
