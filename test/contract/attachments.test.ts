import { expect, test } from 'vitest'
import type { Attachment } from '../../src/domain/adoption.ts'
import { Expected } from '../../src/domain/failure.ts'
import { createAttachments } from '../../src/infra/compose/attachments.ts'
import type { Engine } from '../../src/infra/docker/engine.ts'

/**
 * As engines after Docker 28 treat a running container of which somebody else has the port: it stays off a network that
 * it cannot be published on, and a restart starts it without. Source: moby, daemon/container_operations.go.
 */
function engineWithTakenPort({ tries }: { tries: number }) {
  const on = new Set<string>()
  let left = tries
  const restarts: string[] = []
  const inspect = async (Id: string) => ({
    Id,
    Name: '/shop-web-1',
    HostConfig: { PortBindings: { '3000/tcp': [{ HostPort: '8080' }] } },
    State: { Running: true },
    NetworkSettings: {
      Networks: Object.fromEntries([...on].map((name) => [name, {}])),
      Ports: on.size > 0 ? { '3000/tcp': [{ HostPort: '8080' }] } : {},
    },
  })
  const attach = async ({ network }: Attachment) => {
    if (left-- > 0) throw taken
    on.add(network)
  }
  const restart = async (container: string) => void restarts.push(container)
  return { engine: { inspect, attach, restart } as unknown as Engine, on, restarts }
}

const taken = new Expected({
  code: 'command-failed',
  command: 'connect web to front',
  exitCode: undefined,
  output: 'failed to bind host port 0.0.0.0:8080/tcp: address already in use',
})

const attachment = (network: string): Attachment => ({
  container: 'web',
  network,
  aliases: ['web'],
  links: [],
  ipv4: undefined,
  ipv6: undefined,
})

test.each([
  ['becomes free after a while', 5],
  ['becomes free between two of its networks', 1],
])('a container gets all its networks back where its port %s', async (_, tries) => {
  const { engine, on, restarts } = engineWithTakenPort({ tries })
  await createAttachments(engine).attach([attachment('back'), attachment('front')])
  expect([...on].sort()).toEqual(['back', 'front'])
  expect(restarts).toEqual([])
})
