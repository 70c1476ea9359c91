/** What becomes of the output of this run. */
type StandardOutput = {
  /** Why something of what stdout was given was lost, once all has arrived or has not; undefined: nothing was. */
  lost(): Promise<string | undefined>
}

/**
 * Whoever read the output is gone, or its disk is full: the run goes on, users do not depend on who watches. A reader who
 * is gone, or whose terminal is, wants no more and misses nothing.
 */
export function outliveOutput(): StandardOutput {
  const { stderr, stdout } = process
  let lost: string | undefined
  stderr.on('error', () => {})
  stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code !== 'EPIPE' && !stdout.isTTY) lost = message
  })
  return {
    lost: async () => {
      await Promise.all([stdout, stderr].map(arrived))
      return lost
    },
  }
}

function arrived(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => void stream.write('', () => resolve()))
}
