import { setMaxListeners } from 'node:events'
import { Expected } from '../../domain/failure.ts'

/**
 * Whether this run was asked to stop. Adapters read `signal` anew at every call: once the run heeded an
 * interruption, the way back works under a fresh signal that only another interruption aborts.
 */
export type Interruption = {
  readonly signal: AbortSignal
  /** A person or the system asked to stop; main calls it with the name of the signal it got. */
  interrupt(signalName: string): void
  /** From here on only another interruption counts. */
  heed(): void
}

export function createInterruption(): Interruption {
  let controller = createController()
  return {
    get signal() {
      return controller.signal
    },
    interrupt: (signalName) => controller.abort(new Expected({ code: 'interrupted', signal: signalName })),
    heed: () => {
      if (controller.signal.aborted) controller = createController()
    },
  }
}

/** As many calls listen as an app has containers: Node would warn of the eleventh. */
function createController(): AbortController {
  const controller = new AbortController()
  setMaxListeners(0, controller.signal)
  return controller
}

/** What to throw for an aborted signal. */
export function interruptedBy(signal: AbortSignal): Expected {
  if (signal.reason instanceof Expected) return signal.reason
  return new Expected({ code: 'interrupted', signal: 'abort' }, signal.reason)
}

/** Resolves with the promise, or throws `timed-out` or `interrupted` if that comes first. */
export async function within<T>(
  promise: Promise<T>,
  limit: { what: string; timeoutMs: number; signal?: AbortSignal | undefined },
): Promise<T> {
  const { what, timeoutMs, signal } = limit
  if (signal?.aborted) throw interruptedBy(signal)
  let cleanUp = () => {}
  const ended = new Promise<never>((_, reject) => {
    const timer = setTimeout(
      () => reject(new Expected({ code: 'timed-out', what, afterMs: timeoutMs })),
      timeoutMs,
    )
    const onAbort = () => signal && reject(interruptedBy(signal))
    signal?.addEventListener('abort', onAbort, { once: true })
    cleanUp = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', onAbort)
    }
  })
  try {
    return await Promise.race([promise, ended])
  } finally {
    cleanUp()
  }
}
