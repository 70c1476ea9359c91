/**
 * Splits what the engine sends for a container without a terminal: eight bytes of header (stream, three zeros,
 * length), then the text. Source: the engine API's description of attach. Text of a terminal has no headers.
 */
export function demux(bytes: Buffer): { stdout: string; stderr: string; all: string } {
  const parts: { stream: number; text: Buffer }[] = []
  let at = 0
  while (at + 8 <= bytes.length) {
    const end = at + 8 + bytes.readUInt32BE(at + 4)
    parts.push({ stream: bytes.readUInt8(at), text: bytes.subarray(at + 8, end) })
    at = end
  }
  // Joined before decoding: a character may be cut between two writes.
  const join = (wanted: (stream: number) => boolean) =>
    Buffer.concat(parts.filter(({ stream }) => wanted(stream)).map(({ text }) => text)).toString('utf8')
  return { stdout: join((s) => s !== 2), stderr: join((s) => s === 2), all: join(() => true) }
}
