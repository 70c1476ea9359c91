import type { ListedImage } from '../../domain/held-images.ts'

/** A row of the engine's list; an image without a name has `<none>:<none>` there, or null. */
export function listedImage(row: { Id: string; RepoTags?: string[] | null | undefined }): ListedImage {
  return { id: row.Id, tags: (row.RepoTags ?? []).filter((tag) => tag !== '<none>:<none>') }
}
