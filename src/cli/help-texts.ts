/** The sequence of a first use, for the main help. */
export const FIRST_USE = `The first time, in the folder of your compose file:

  upgrade doctor          is everything there?
  upgrade plan            what would happen? nothing does
  upgrade perform         brings up blue and checks it, while users see nothing
  upgrade switch blue     switches users to it

From then on:

  upgrade perform --auto-switch    the new release, in the color that is free
  upgrade rollback                 back to what was there before, at once
`

/** The end of the main help: environment and exit codes. */
export const MAIN_HELP_END = `Environment (options win over it, and it wins over upgrade.yaml):
  DEPLOYMENT_DIR          where records are kept (deployments)
  ROLLBACK_LIMIT          how many releases can be gone back to (5)
  HEALTH_CHECK_TIMEOUT    seconds a release may take to become healthy (60)
  HEALTH_CHECK_INTERVAL   seconds between its confirmations (2)
  AUTO_SWITCH             true: perform switches users without asking (false)
  AUTO_CLEANUP            true: perform stops the old release then (false)
  PROXY_IMAGE             the image of the proxy (nginx:stable-alpine)
  PREVIEW_PORT            a port that leads to the standby color
  MANAGEMENT_PORT         a port on which nginx tells what it serves
  NO_COLOR                no colors on the terminal

Exit codes:
  0  done
  1  a mistake of this program
  2  wrong usage
  3  configuration, snapshot or compose file refused
  4  another upgrade is running, or the app is frozen
  5  aborted: users saw nothing
  6  rolled back: users are on the old release
  7  stuck: needs a person, and says what to do
  8  doctor, verify, status --exit-code: something is to be done`

/** Stands below the help of perform. */
export const PERFORM_HELP = `
Without --auto-switch it asks on a terminal; elsewhere it ends with the new
release ready, its preview address and the command that switches.

Examples:
  upgrade perform --auto-switch --auto-cleanup
  upgrade perform --timeout 120
  FEATURE_NEW_SCHEMA=false upgrade perform`

/** Stands below the help of rollback. */
export const ROLLBACK_HELP = `
At once while the release before still runs; else it is first started again from
its own snapshot, with its images and its environment. Of the first release it
goes back to your own containers as they were. Shared services are left alone.

Examples:
  upgrade rollback
  upgrade rollback --to blue-20260129-101530`

/** Stands below the help of cleanup. */
export const CLEANUP_HELP = `
The color that serves users is never cleaned up. Snapshots stay, so that
"upgrade rollback" still works.`

/** Stands below the help of lock. */
export const LOCK_HELP = `
Without a command it shows who holds the lock. A frozen app is not upgraded,
switched, rolled back or cleaned up by anyone, and whoever tries is told why.

Examples:
  upgrade lock acquire -m "freeze until Monday"
  upgrade lock release`

/** Stands below the help of maintenance. */
export const MAINTENANCE_HELP = `
Users get 503, Retry-After and a page (proxy.maintenance_page in upgrade.yaml)
from their next request on. It stays on through upgrades, switches, rollbacks
and restarts, until it is turned off; previews lead to the standby meanwhile.`

/** Stands below the help of doctor. */
export const DOCTOR_HELP = `
--fix mends, under the lock: rights of files in the deployments folder, what a
dead run left, a proxy that is stopped, gone or silent, its files, connections
to the networks of colors, and records, which then say what nginx answers.
Users stay on what they are on. What is left alone is named, with the command.
Exits with 8 when something is to be done.`

/** Stands below the help of verify. */
export const VERIFY_HELP = `
About 100 GET requests a second go through the proxy to the first route: to the
path of its health check, or to /. 4 connections are kept, 2 are made anew each
time, and no request is sent twice. Good is what the check says; without one,
any answer below 500. Exits with 8 when a request failed.

Examples:
  upgrade verify --seconds 60
  upgrade verify --preview`

/** Stands below the help of logs. */
export const LOGS_HELP = `
Examples:
  upgrade logs -f
  upgrade logs green web --tail 20`

/** Stands below the help of init. */
export const INIT_HELP = `
With --adopt it tells what the first "upgrade perform" does to an app that runs
under plain "docker compose up": which containers, which ports, the gap, the way
out. It does nothing to them, and keeps an upgrade.yaml that is there.`

/** Stands below the help of eject. */
export const EJECT_HELP = `
Your own containers are made of your compose file, which must say what users
have. They take the ports over, with a gap for users as long as they take to
start; then the proxy and both colors are removed. Where they do not answer,
users are put back. Databases are not touched; records and snapshots are kept.`
