import { describe, expect, test } from 'vitest'
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
    expect(await find(testAppImage('1'))).toMatchObject({ id: id.trim() })
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
