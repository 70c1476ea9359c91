import { createRoom } from '../../support/room.ts'
import { must } from '../../support/run.ts'

/**
 * A host that users come from. What comes by a wire the kernel hands on to a container; what comes from the machine itself
 * goes through a program of Docker's, which no user's request ever meets, and which takes a quarter of a processor.
 */
export interface Outside {
  /** Under which address it finds this machine. */
  address: string
  /** Put before a program's words, so that it runs there. */
  enter: string[]
  remove: () => Promise<void>
}

// Set aside for measurements between two hosts (RFC 2544): nobody's network.
const HERE = '198.18.77.1'
const THERE = '198.18.77.2'

/** Makes such a host, and a wire to it: both are gone when its process ends. Needs root. */
export async function openOutside(): Promise<Outside> {
  const room = await createRoom()
  const wire = `vt${process.pid.toString(36)}`
  const inside = room.enter('net')
  const ip = async (words: string, before: readonly string[] = []) => {
    const [program = '', ...argv] = [...before, 'ip', ...words.split(' ')]
    await must(program, argv)
  }
  try {
    await ip(`link add ${wire} type veth peer name user netns ${room.pid}`)
    await ip(`address add ${HERE}/30 dev ${wire}`)
    await ip(`link set ${wire} up`)
    await ip(`address add ${THERE}/30 dev user`, inside)
    await ip('link set user up', inside)
  } catch (error) {
    await room.destroy()
    throw error
  }
  return { address: HERE, enter: inside, remove: room.destroy }
}
