/** Something is missing that the set-up may not or cannot provide; the message says what to run by hand. */
export class CannotInstall extends Error {
  override readonly name = 'CannotInstall'

  constructor(because: string, byHand: readonly string[]) {
    super([because, 'Run by hand:', ...byHand.map((line) => `  ${line}`)].join('\n'))
  }
}
