/** Where the configuration volume is mounted in the proxy. */
export const CONFIG_ROOT = '/etc/verdigris'

/** The configuration that nginx is started with: a link to the current generation's. */
export const MAIN_CONF = `${CONFIG_ROOT}/nginx.conf`

/** What the main configuration includes when it serves: every app's current site. */
export const CURRENT_SITES = `${CONFIG_ROOT}/sites/*/current/site.conf`

export function sitePath(app: string): string {
  return `${CONFIG_ROOT}/sites/${app}`
}

export function generationPath(app: string, folder: string): string {
  return `${sitePath(app)}/generations/${folder}`
}

/** The page of the maintenance, and the mark that it goes on; of no generation, so that it outlives switches. */
export function maintenancePath(app: string): string {
  return `${sitePath(app)}/maintenance`
}

/**
 * A folder name that was never used before. The number alone could be one that was taken back a moment ago:
 * workers that still run from it look for their marks there, and would be led back by a new generation's files.
 */
export function newFolder(generation: number, now: Date): string {
  return `${generation}-${now.getTime().toString(36)}`
}
