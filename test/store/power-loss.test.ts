import { expect, test } from 'vitest'
import { removeFolderOn, writeFileOn, writeFolderOn } from '../../src/infra/store/write-atomic.ts'
import { afterPowerCut, type Files, recordingDisk } from './power-loss.ts'

const FILE = '/d/history.json'
const FOLDER = '/d/blue-20260129-101530'
const SNAPSHOT = new Map([
  ['.env', 'A=1\n'],
  ['metadata.json', '{"format":1}\n'],
])
const WHOLE: Files = { [`${FOLDER}/.env`]: 'A=1\n', [`${FOLDER}/metadata.json`]: '{"format":1}\n' }

/** What a reader finds under a path, of files that are no temporary ones. */
function seen(files: Files, path: string): string {
  const found = Object.entries(files).filter(([name]) => name === path || name.startsWith(`${path}/`))
  return JSON.stringify(found.filter(([name]) => name !== FOLDER).sort())
}

/** What a reader can find after a power cut behind each beginning of what was asked of the disk. */
async function everyCut(
  before: Files,
  write: (disk: ReturnType<typeof recordingDisk>['disk']) => Promise<void>,
  path: string,
) {
  const { disk, operations } = recordingDisk()
  await write(disk)
  const cuts = operations.map((_, index) => afterPowerCut(before, operations.slice(0, index)))
  return {
    operations: operations.map(({ did }) => did),
    during: new Set(cuts.flat().map((files) => seen(files, path))),
    after: new Set(afterPowerCut(before, operations).map((files) => seen(files, path))),
  }
}

test('a file is the old one or the new one, whenever the power goes, and the new one once it is written', async () => {
  const before = { [FILE]: 'old' }
  const { after, during, operations } = await everyCut(
    before,
    (disk) => writeFileOn(disk, FILE, 'the new one'),
    FILE,
  )
  expect(operations).toEqual(['make', 'write', 'sync', 'rename', 'sync'])
  const [old, made] = [seen(before, FILE), seen({ [FILE]: 'the new one' }, FILE)]
  expect(during).toEqual(new Set([old, made]))
  expect(after).toEqual(new Set([made]))
})

test('a snapshot is there with all its files or not at all', async () => {
  const { after, during } = await everyCut({}, (disk) => writeFolderOn(disk, FOLDER, SNAPSHOT), FOLDER)
  expect(during).toEqual(new Set([seen({}, FOLDER), seen(WHOLE, FOLDER)]))
  expect(after).toEqual(new Set([seen(WHOLE, FOLDER)]))
})

test('a snapshot that is removed is whole or gone', async () => {
  const { after, during } = await everyCut(WHOLE, (disk) => removeFolderOn(disk, FOLDER), FOLDER)
  expect(during).toEqual(new Set([seen(WHOLE, FOLDER), seen({}, FOLDER)]))
  expect(after).toEqual(new Set([seen({}, FOLDER)]))
})

test('the replay finds what a missing sync would break', async () => {
  const rename = { did: 'rename', path: '/d/.tmp', to: FILE } as const
  const write = { did: 'write', path: '/d/.tmp', text: 'the new one' } as const
  const make = { did: 'make', path: '/d/.tmp' } as const
  const unsynced = afterPowerCut({ [FILE]: 'old' }, [make, write, rename])
  expect(unsynced.map((files) => files[FILE])).toContain('the n')
  const folderUnsynced = afterPowerCut({ [FILE]: 'old' }, [
    make,
    write,
    { did: 'sync', path: '/d/.tmp' },
    rename,
  ])
  expect(folderUnsynced.map((files) => files[FILE])).toContain('old')
})
