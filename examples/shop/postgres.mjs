import { connect } from 'node:net'

/**
 * A connection to PostgreSQL that speaks as much of its protocol as a small shop needs: the password in clear, simple
 * queries one after the other, rows of text. Source: https://www.postgresql.org/docs/current/protocol.html.
 */
export async function openDatabase({ host, password }) {
  const socket = connect(5432, host)
  let rest = Buffer.alloc(0)
  let asked
  const answer = () =>
    new Promise((resolve, reject) => {
      asked = { rows: [], error: undefined, resolve, reject }
    })
  const heed = {
    // Authentication: 3 asks for the password, 0 has it.
    R: (body) => body.readInt32BE(0) === 3 && socket.write(message('p', `${password}\0`)),
    D: (body) => asked.rows.push(readRow(body)),
    E: (body) => {
      asked.error = new Error(/\0M([^\0]*)/.exec(`\0${body}`)?.[1] ?? 'PostgreSQL gave no reason')
    },
    Z: () => (asked.error ? asked.reject(asked.error) : asked.resolve(asked.rows)),
  }
  socket.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk])
    for (;;) {
      const length = rest.length < 5 ? Number.POSITIVE_INFINITY : 1 + rest.readInt32BE(1)
      if (rest.length < length) return
      heed[String.fromCharCode(rest[0])]?.(rest.subarray(5, length))
      rest = rest.subarray(length)
    }
  })
  socket.on('error', (error) => asked.reject(error))
  socket.on('close', () => asked.reject(asked.error ?? new Error('PostgreSQL closed the connection')))

  let last = answer()
  const version = Buffer.from([0, 3, 0, 0])
  socket.write(message('', Buffer.concat([version, Buffer.from('user\0postgres\0\0')])))
  await last
  return {
    /** The rows of a query, each an array of texts. */
    query: (text) => {
      const next = last.then(() => {
        const answered = answer()
        socket.write(message('Q', `${text}\0`))
        return answered
      })
      last = next.catch(() => {})
      return next
    },
    close: () => socket.end(message('X', '')),
  }
}

function message(type, content) {
  const body = Buffer.from(content)
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length + 4)
  return Buffer.concat([Buffer.from(type), length, body])
}

function readRow(body) {
  const row = []
  for (let at = 2; row.length < body.readInt16BE(0); ) {
    const length = body.readInt32BE(at)
    at += 4
    row.push(length < 0 ? null : body.toString('utf8', at, at + length))
    at += Math.max(0, length)
  }
  return row
}
