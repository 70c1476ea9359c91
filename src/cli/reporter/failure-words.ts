import type { Failure } from '../../domain/failure.ts'
import { tellEjectFailure } from './eject-words.ts'
import { tellCommandFailure } from './failure-words-commands.ts'
import { tellContainerFailure } from './failure-words-containers.ts'
import { tellMachineFailure } from './failure-words-machine.ts'
import { tellProxyFailure } from './failure-words-proxy.ts'
import { tellWrittenFailure } from './failure-words-written.ts'
import { tellHookFailure } from './hook-words.ts'
import type { FailureContext, ToldFailure } from './told-failure.ts'

/** The words of every expected failure. */
export function tellFailure(failure: Failure, context: FailureContext): ToldFailure {
  switch (failure.code) {
    case 'wrong-usage':
    case 'unknown-color':
    case 'compose-file-missing':
    case 'compose-file-invalid':
    case 'compose-refused':
    case 'settings-invalid':
    case 'file-unusable':
    case 'template-failed':
    case 'nginx-refused':
    case 'record-too-new':
      return tellWrittenFailure(failure)
    case 'engine-unreachable':
    case 'compose-missing':
    case 'compose-too-old':
    case 'proxy-too-old':
    case 'port-taken':
    case 'networks-exhausted':
    case 'disk-full':
    case 'deployment-dir-unwritable':
    case 'folder-unsafe':
    case 'name-taken':
    case 'proxy-ports-differ':
    case 'file-failed':
    case 'file-exists':
    case 'output-lost':
      return tellMachineFailure(failure)
    case 'image-missing':
    case 'build-failed':
    case 'job-failed':
    case 'shared-unhealthy':
    case 'start-failed':
    case 'container-exited':
    case 'container-restarting':
    case 'never-healthy':
    case 'became-unhealthy':
    case 'smoke-failed':
      return tellContainerFailure(failure, context)
    case 'eject-differs':
    case 'eject-unpublished':
    case 'eject-crowded':
    case 'eject-unanswered':
      return tellEjectFailure(failure)
    case 'hook-failed':
      return tellHookFailure(failure)
    case 'locked':
    case 'lock-lost':
    case 'frozen':
    case 'freeze-of-another':
    case 'already-active':
    case 'not-running':
    case 'standby-unhealthy':
    case 'active-untouchable':
    case 'nothing-deployed':
    case 'no-previous-release':
    case 'snapshot-missing':
    case 'snapshot-broken':
    case 'images-gone':
    case 'needs-confirmation':
    case 'declined':
      return tellCommandFailure(failure, context)
    case 'proxy-absent':
    case 'proxy-silent':
    case 'maintenance-unknown':
    case 'reload-without-effect':
    case 'command-failed':
    case 'timed-out':
    case 'interrupted':
      return tellProxyFailure(failure, context)
  }
}
