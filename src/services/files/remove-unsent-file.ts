import { deleteUnsentFile, unsentFiles } from '../../../db/queries/unsent-files.ts'
import type { Store } from '../../../db/store.ts'
import type { ServiceContext } from '../context.ts'

/** How long an upload waits for the message that names it, milliseconds. */
export const unsentFileMs = 24 * 3_600_000

/** Uploads that no message has named in a day. */
export function dueUnsentFiles(store: Store, now: number, limit: number): Promise<string[]> {
  return unsentFiles(store, now - unsentFileMs, limit)
}

/** Removes an upload that was never sent, its bytes after its row: what is left of a crash between the two is bytes without a name. */
export async function removeUnsentFile(ctx: ServiceContext, id: string): Promise<void> {
  const blobKey = await ctx.store.tx((tx) => deleteUnsentFile(tx, id))
  if (blobKey !== null) await ctx.blobs.delete(blobKey)
}
