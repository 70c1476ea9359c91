/** A file or a symbolic link on its way into a container, its path relative to the folder it is put in. */
export type PutFile = { path: string; text: string; mode?: number } | { path: string; link: string }

/** A tar archive of files and the folders they need. */
export async function packFiles(files: readonly PutFile[]): Promise<Buffer> {
  const { pack } = (await import('tar-stream')).default
  const archive = pack()
  const made = new Set<string>()
  for (const file of files) {
    for (const folder of foldersOf(file.path)) {
      if (!made.has(folder)) archive.entry({ name: folder, type: 'directory', mode: 0o755 })
      made.add(folder)
    }
    if ('link' in file) archive.entry({ name: file.path, type: 'symlink', linkname: file.link })
    else archive.entry({ name: file.path, mode: file.mode ?? 0o644 }, file.text)
  }
  archive.finalize()
  return await collect(archive)
}

/** The files of a tar archive by their path in it; folders and links are left out. */
export async function unpackFiles(archive: NodeJS.ReadableStream): Promise<Map<string, string>> {
  const { extract } = (await import('tar-stream')).default
  const files = new Map<string, string>()
  const unpacking = archive.pipe(extract())
  archive.on('error', (error) => unpacking.destroy(error))
  for await (const entry of unpacking) {
    const bytes = await collect(entry)
    if (entry.header.type === 'file') files.set(entry.header.name, bytes.toString('utf8'))
  }
  return files
}

/** All that a stream holds. */
export async function collect(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(Buffer.from(chunk as Buffer))
  return Buffer.concat(chunks)
}

function foldersOf(path: string): string[] {
  const parts = path.split('/').slice(0, -1)
  return parts.map((_, index) => `${parts.slice(0, index + 1).join('/')}/`)
}
