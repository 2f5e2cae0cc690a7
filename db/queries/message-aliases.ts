import { and, eq, sql } from 'drizzle-orm'
import { statement } from '../statement.ts'
import type { Tx } from '../store.ts'
import { type MessageRow, messageByExternalId } from './messages.ts'

const aliased = statement<{ inboxId: string; externalId: string }, MessageRow>(
  'message_by_alias',
  ({ db, t: { messageAliases: a, messages: m } }) =>
    db
      .select()
      .from(m)
      .where(
        sql`${m.id} = (select ${a.messageId} from ${a} where ${a.inboxId} = ${sql.placeholder('inboxId')} and ${a.externalId} = ${sql.placeholder('externalId')})`,
      )
      .limit(1),
)

/** The message of which a provider's bubble is a part, whichever of its bubbles that is. */
export async function messageByBubble(
  tx: Tx,
  bubble: { readonly inboxId: string; readonly externalId: string },
): Promise<MessageRow | undefined> {
  const [whole] = await messageByExternalId(tx, bubble)
  if (whole !== undefined) return whole
  const [part] = await aliased(tx, bubble)
  return part
}

/** Remembers the ids of a message's further bubbles, instead of those of an earlier send of it. */
export async function replaceAliases(tx: Tx, inboxId: string, messageId: string, externalIds: readonly string[]): Promise<void> {
  const { messageAliases: a } = tx.t
  await tx.db.delete(a).where(and(eq(a.messageId, messageId), eq(a.inboxId, inboxId)))
  if (externalIds.length === 0) return
  const rows = externalIds.map((externalId) => ({ inboxId, externalId, messageId }))
  await tx.db.insert(a).values(rows).onConflictDoNothing()
}
