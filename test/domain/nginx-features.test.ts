import { expect, test } from 'vitest'
import { PLAIN_DELIVERY } from '../../src/domain/delivery.ts'
import { lackingFeatures, neededFeatures } from '../../src/domain/nginx-features.ts'

const ALL = ['idle-kept', 'names-resolved', 'http2', 'grpc'] as const
const route = { listen: 80, host: undefined, path: '/', service: 'web', port: 3000 }

test.each([
  ['1.31.0', []],
  ['1.27.4', []],
  ['1.27.3', ['idle-kept']],
  ['1.26.3', ['idle-kept', 'names-resolved']],
  ['1.18.0', ['idle-kept', 'names-resolved', 'http2']],
  ['1.9.15', ['idle-kept', 'names-resolved', 'http2', 'grpc']],
])('nginx %s lacks %j', (version, features) => {
  expect(lackingFeatures(version, ALL).map(({ feature }) => feature)).toEqual(features)
})

test('what nobody uses is not missed', () => {
  const delivery = { ...PLAIN_DELIVERY, http2: false }
  expect(neededFeatures({ delivery, routes: [route] })).toEqual(['idle-kept', 'names-resolved'])
  const routes = [route, { ...route, path: '/shop.Orders', protocol: 'grpc' as const }]
  expect(neededFeatures({ delivery: PLAIN_DELIVERY, routes })).toEqual(ALL)
})
