import { describe, expect, test } from 'vitest'
import { imageFacts } from '../../src/infra/docker/image-facts.ts'
import { beginImageList, familiarName } from '../../src/infra/docker/image-list.ts'
import { must } from '../support/run.ts'
import { testAppImage } from '../support/setup/images.ts'

describe('one list of all images', () => {
  const signal = () => new AbortController().signal
  const inspected: string[] = []
  const find = beginImageList({ env: process.env, signal }, async (reference) => {
    inspected.push(reference)
    return undefined
  })

  test('knows what the engine knows of one, and asks for none by itself', async () => {
    const id = await must('docker', ['image', 'inspect', '--format', '{{.Id}}', testAppImage('1')])
    // No registry has it; what tells so differs between image stores.
    expect(await find(testAppImage('1'))).toMatchObject({ id: id.trim(), origin: 'here' })
    expect(await find('verdigris.local/vt-no-such:1')).toBeUndefined()
    expect(inspected).toEqual([])
  })

  test('leaves ids, and engines that are not local, to a question for each', async () => {
    await find('sha256:0123456789ab')
    const remote = { env: { ...process.env, DOCKER_HOST: 'tcp://127.0.0.1:9' }, signal }
    const elsewhere = beginImageList(remote, async (reference) => {
      inspected.push(reference)
      return undefined
    })
    await elsewhere('postgres')
    expect(inspected).toEqual(['sha256:0123456789ab', 'postgres'])
  })

  test.each([
    ['postgres', 'postgres:latest'],
    ['library/postgres:16', 'postgres:16'],
    ['docker.io/library/postgres:16', 'postgres:16'],
    ['docker.io/ada/shop', 'ada/shop:latest'],
    ['localhost:5000/shop', 'localhost:5000/shop:latest'],
    ['shop:1@sha256:ab', 'shop@sha256:ab'],
  ])('the engine lists %s as %s', (reference, name) => {
    expect(familiarName(reference)).toBe(name)
  })
})

describe('where an image came from', () => {
  const Id = 'sha256:1'
  const RepoTags = ['ada/shop:1']
  const [ofClassic, ofContainerd] = [['ada/shop@sha256:2'], ['ada/shop@sha256:1']]
  const annotations = { 'io.containerd.image.name': 'docker.io/ada/shop:1' }
  const Pull = [{ Repository: 'registry.example/ada/shop' }]

  test.each([
    ['the classic store has a digest of what a registry has', { RepoDigests: ofClassic }, 'registry'],
    ['and none of what was made here', { RepoDigests: null }, 'here'],
    ['containerd has one in any case', { RepoDigests: ofContainerd, Descriptor: {} }, 'untold'],
    ['with a note of what was made here', { RepoDigests: ofContainerd, Descriptor: { annotations } }, 'here'],
    ['Docker 29 says what it built', { RepoDigests: ofContainerd, Identity: { Build: [{}] } }, 'here'],
    ['and what it pulled', { RepoDigests: ofContainerd, Identity: { Pull } }, 'registry'],
    ['or pushed', { RepoDigests: ofContainerd, Descriptor: { annotations }, Identity: { Pull } }, 'registry'],
  ])('%s', (_, described, origin) => {
    expect(imageFacts({ Id, RepoTags, ...described })).toMatchObject({ origin })
  })

  test('of its names only those count that a registry has', () => {
    const { digests } = imageFacts({ Id, RepoTags, RepoDigests: ofContainerd, Identity: { Pull } })
    expect(digests).toEqual(['registry.example/ada/shop@sha256:1'])
  })
})
