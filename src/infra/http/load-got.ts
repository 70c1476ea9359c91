import type { Got } from 'got'
import { deferModule } from '../defer-module.ts'

/**
 * got, without the HTTP/2 client that it loads at import and no check uses: that one makes a TLS socket, for which
 * Node reads all root certificates, 0.1 to 0.3 s (got 14.6.6, http2-wrapper 2.2.1).
 */
export async function loadGot(): Promise<Got> {
  deferModule({ name: 'http2-wrapper', from: 'got' })
  return (await import('got')).default
}
