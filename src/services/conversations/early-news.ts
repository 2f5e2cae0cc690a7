import { eq, inArray, sql } from 'drizzle-orm'
import type { InboundPart } from '../../../channels/contract.ts'
import { insertDelivery } from '../../../db/queries/deliveries.ts'
import { statement } from '../../../db/statement.ts'
import type { Tx } from '../../../db/store.ts'
import { newId } from '../../lib/ids.ts'

/** The newest version of a message. */
export interface Edit {
  /** The provider's time of it, epoch ms. */
  readonly occurredAt: number
  readonly parts: readonly InboundPart[]
}

/** What is known of a message beside the message itself; kept in the ledger, under the message's id. */
export interface EarlyNews {
  /** It was taken back. */
  readonly unsent: boolean
  readonly edit: Edit | null
  /** Ledger rows that hold versions of it. */
  readonly deliveryIds: readonly string[]
}

const unsentMark = (externalId: string) => `unsent:${externalId}`
const editMark = (externalId: string) => `edited:${externalId}`

const marks = statement<{ inboxId: string; unsent: string; edited: string }, { id: string; externalId: string; raw: string }>(
  'message_marks',
  ({ db, t: { deliveries: d } }) =>
    db
      .select({ id: d.id, externalId: d.externalId, raw: d.raw })
      .from(d)
      .where(
        sql`${d.inboxId} = ${sql.placeholder('inboxId')} and ${d.externalId} in (${sql.placeholder('unsent')}, ${sql.placeholder('edited')})`,
      ),
)

/** What came about a message before the message, or null: it is looked up for each one, and there is hardly ever anything. */
export async function earlyNewsOf(tx: Tx, inboxId: string, externalId: string): Promise<EarlyNews | null> {
  const rows = await marks(tx, { inboxId, unsent: unsentMark(externalId), edited: editMark(externalId) })
  if (rows.length === 0) return null
  const edited = rows.find((row) => row.externalId === editMark(externalId))
  const kept = edited === undefined ? {} : (JSON.parse(edited.raw) as { edit?: Edit | null; deliveryIds?: string[] })
  return {
    unsent: rows.some((row) => row.externalId === unsentMark(externalId)),
    edit: kept.edit ?? null,
    deliveryIds: kept.deliveryIds ?? [],
  }
}

/** Remembers that a message was taken back, so that it is not shown when it comes. Idempotent. */
export async function rememberUnsent(tx: Tx, inboxId: string, externalId: string, now: number): Promise<void> {
  await putMark(tx, inboxId, unsentMark(externalId), {}, now)
}

/**
 * Remembers where the versions of a message are, and the newest one while the message has not come.
 * @param edit null once the message itself shows it.
 */
export async function rememberEdit(
  tx: Tx,
  inboxId: string,
  externalId: string,
  news: { readonly edit: Edit | null; readonly deliveryIds: readonly string[] },
  now: number,
): Promise<void> {
  await putMark(tx, inboxId, editMark(externalId), news, now)
}

/** Takes all versions of a message out of the ledger. */
export async function forgetEdits(tx: Tx, inboxId: string, externalId: string, { deliveryIds }: EarlyNews, now: number): Promise<void> {
  await emptyDeliveries(tx, deliveryIds)
  if (deliveryIds.length > 0) await putMark(tx, inboxId, editMark(externalId), {}, now)
}

/** Takes the words out of ledger rows, and out of the bodies they came in; the rows stay, so that repeats are known. */
export async function emptyDeliveries(tx: Tx, ids: readonly string[]): Promise<void> {
  if (ids.length === 0) return
  const { deliveries, deliveryBodies } = tx.t
  const emptied = await tx.db
    .update(deliveries)
    .set({ raw: '{}' })
    .where(inArray(deliveries.id, [...ids]))
    .returning({ bodyId: deliveries.bodyId })
  for (const { bodyId } of emptied) if (bodyId !== null) await tx.db.delete(deliveryBodies).where(eq(deliveryBodies.id, bodyId))
}

async function putMark(tx: Tx, inboxId: string, externalId: string, content: object, now: number): Promise<void> {
  const raw = JSON.stringify(content)
  const row = { id: newId(), inboxId, externalId, status: 'processed', raw, encoding: 'utf8', bodyId: null, error: null } as const
  const inserted = await insertDelivery(tx, { ...row, attempts: 1, repeats: 0, receivedAt: now, processedAt: now })
  if (inserted.length > 0) return
  const { deliveries: d } = tx.t
  await tx.db.update(d).set({ raw }).where(sql`${d.inboxId} = ${inboxId} and ${d.externalId} = ${externalId}`)
}
