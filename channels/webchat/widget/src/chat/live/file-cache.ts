/** Files of the thread as addresses this page may show; fetched once, kept while the page lives. */
export interface FileCache {
  /** Rejects with `Failure`. */
  address(fileId: string): Promise<string>
}

const maxKept = 60

/** Makes the cache; the oldest addresses are given back to the browser beyond 60 files. */
export function createFileCache(fetchFile: (fileId: string) => Promise<Blob>): FileCache {
  const kept = new Map<string, Promise<string>>()
  return {
    address: (fileId) => {
      const known = kept.get(fileId)
      if (known !== undefined) return known
      const made = fetchFile(fileId).then((blob) => URL.createObjectURL(blob))
      kept.set(fileId, made)
      made.catch(() => kept.delete(fileId))
      const [oldest] = kept.keys()
      if (kept.size > maxKept && oldest !== undefined) {
        void kept.get(oldest)?.then(
          (address) => URL.revokeObjectURL(address),
          () => undefined,
        )
        kept.delete(oldest)
      }
      return made
    },
  }
}
