import { and, asc, eq, isNull, lte } from 'drizzle-orm'
import type { Store, Tx } from '../store.ts'

/** Files uploaded at or before an instant that no message has named, oldest first. */
export async function unsentFiles(store: Store, uploadedBy: number, limit: number): Promise<string[]> {
  const { files } = store.t
  const rows = await store.db
    .select({ id: files.id })
    .from(files)
    .where(and(isNull(files.conversationId), eq(files.state, 'ready'), lte(files.createdAt, uploadedBy)))
    .orderBy(asc(files.createdAt))
    .limit(limit)
  return rows.map((row) => row.id)
}

/** Takes a file off the record unless a message has named it meanwhile; the key of its bytes when it was taken off. */
export async function deleteUnsentFile(tx: Tx, id: string): Promise<string | null> {
  const { files } = tx.t
  const [gone] = await tx.db
    .delete(files)
    .where(and(eq(files.id, id), isNull(files.conversationId)))
    .returning({ blobKey: files.blobKey })
  return gone?.blobKey ?? null
}
