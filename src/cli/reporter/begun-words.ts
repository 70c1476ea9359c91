import type { Begun } from '../../domain/outcome.ts'
import type { ToldFailure } from './told-failure.ts'

/** A failure of what had begun outside of any step, and how it goes on. */
export function tellBegun(failure: ToldFailure, begun: Begun | undefined): ToldFailure {
  switch (begun) {
    case undefined:
      return failure
    case 'cleanup':
      return goesOn(failure, {
        half: 'Some of its containers may be stopped or removed already.',
        run: 'upgrade cleanup',
      })
    case 'eject':
      return goesOn(failure, {
        half: 'Containers of your own project may be made anew already; none of them was started.',
        run: 'upgrade eject',
      })
    case 'recovery':
      return goesOn(failure, {
        half: 'What a run that died left was being put right; some of it may be already.',
        run: 'upgrade doctor --fix',
      })
  }
}

function goesOn(failure: ToldFailure, { half, run }: { half: string; run: string }): ToldFailure {
  return {
    ...failure,
    why: [...failure.why, half],
    next: [...failure.next, { run, gives: 'goes on with it' }],
  }
}
