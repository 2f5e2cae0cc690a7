import { eq, sql } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import type { Tx } from '../store.ts'

export type FileRow = Tables['files']['$inferSelect']

export const fileById = statement<{ id: string }, FileRow>('file_by_id', ({ db, t }) =>
  db
    .select()
    .from(t.files)
    .where(eq(t.files.id, sql.placeholder('id')))
    .limit(1),
)

/** The file behind the address that providers are given. */
export const fileByPublicToken = statement<{ token: string }, FileRow>('file_by_public_token', ({ db, t }) =>
  db
    .select()
    .from(t.files)
    .where(eq(t.files.publicToken, sql.placeholder('token')))
    .limit(1),
)

export async function insertFile(tx: Tx, row: Tables['files']['$inferInsert']): Promise<void> {
  await tx.db.insert(tx.t.files).values(row)
}
