import { eq } from 'drizzle-orm'
import type { Inbound } from '../../../channels/contract.ts'
import type { Tx } from '../../../db/store.ts'
import type { InboxHealth } from '../../wire/inboxes.ts'
import type { OpenInbox, ServiceContext } from '../context.ts'

/** Takes what the provider says about the account itself into the inbox's health. */
export async function noteAccountNews(
  tx: Tx,
  ctx: ServiceContext,
  inbox: OpenInbox,
  item: Extract<Inbound, { type: 'account' }>,
): Promise<void> {
  await setInboxHealth(tx, inbox.id, item.health, item.detail, ctx.clock.now())
}

/** Writes an inbox's health where it changes; `since` is the change. */
export async function setInboxHealth(
  tx: Tx,
  inboxId: string,
  state: InboxHealth['state'],
  detail: string | null,
  now: number,
): Promise<void> {
  const [row] = await tx.db.select({ health: tx.t.inboxes.health }).from(tx.t.inboxes).where(eq(tx.t.inboxes.id, inboxId))
  if (row === undefined || (row.health.state === state && row.health.detail === detail)) return
  await tx.db
    .update(tx.t.inboxes)
    .set({ health: { state, detail, since: now }, updatedAt: now })
    .where(eq(tx.t.inboxes.id, inboxId))
  tx.append({
    type: 'inbox.changed',
    at: now,
    actorType: 'system',
    actorId: 'health',
    conversationId: null,
    subjectId: inboxId,
    data: { what: 'health', state },
  })
}
