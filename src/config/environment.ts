import type { Environment } from './compose-files.ts'
import { asDuration, asSwitch, asText, asWhole, type Layer, readTexts, type TextSetting } from './layer.ts'
import { FOLDER, IMAGE, PAUSE, PORT, ROLLBACK_LIMIT, TIMEOUT } from './rules.ts'

const ENVIRONMENT: Readonly<Record<string, TextSetting>> = {
  DEPLOYMENT_DIR: asText('deployments', FOLDER),
  ROLLBACK_LIMIT: asWhole('rollback_limit', ROLLBACK_LIMIT),
  HEALTH_CHECK_TIMEOUT: asDuration('health.timeout', TIMEOUT),
  HEALTH_CHECK_INTERVAL: asDuration('health.interval', PAUSE),
  AUTO_SWITCH: asSwitch('auto_switch'),
  AUTO_CLEANUP: asSwitch('auto_cleanup'),
  PROXY_IMAGE: asText('proxy.image', IMAGE),
  PREVIEW_PORT: asWhole('proxy.preview_port', PORT),
  MANAGEMENT_PORT: asWhole('proxy.management_port', PORT),
}

/** What the environment sets. */
export function readEnvironment(environment: Environment): Layer {
  return readTexts({
    texts: environment,
    table: ENVIRONMENT,
    originOf: (name) => ({ from: 'environment', name }),
  })
}
