import type { ComposePort } from './compose-model.ts'

/**
 * A published port as a person would write it: "127.0.0.1:8080:3000/udp". Its place in the resolved list says nothing
 * of where it was written: Compose makes several of a range, and lists those of `extends` and other files first.
 */
export function writtenPort({ host_ip, protocol, published, target }: ComposePort): string {
  const address = host_ip === undefined || host_ip === '' ? '' : `${bracketed(host_ip)}:`
  const outside = published === undefined || published === '' ? '' : `${published}:`
  return `${address}${outside}${target}${protocol === undefined || protocol === 'tcp' ? '' : `/${protocol}`}`
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address
}
