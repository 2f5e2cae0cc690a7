import type { Inbound } from '../../../channels/contract.ts'
import { lockSender, pointByAddress, setPointBlocked } from '../../../db/queries/contacts.ts'
import { newestOfThread } from '../../../db/queries/conversations.ts'
import type { Tx } from '../../../db/store.ts'
import type { OpenInbox, ServiceContext } from '../context.ts'
import { appendLine } from '../conversations/append-message.ts'
import { resolveContact } from './resolve-contact.ts'

/**
 * Notes that a customer's address takes our messages (follow, opt-in) or no longer does (unfollow, opt-out).
 * A new follower becomes a contact without a conversation; whoever leaves unknown stays unknown.
 */
export async function applyReachability(
  tx: Tx,
  ctx: ServiceContext,
  inbox: OpenInbox,
  item: Extract<Inbound, { type: 'reachability' }>,
): Promise<void> {
  const now = ctx.clock.now()
  await lockSender(tx, inbox.id, item.threadKey)
  const [known] = await pointByAddress(tx, { kind: item.party.kind, address: item.party.address })
  if (known === undefined && !item.reachable) return
  // What comes late is no news: they may have come back since.
  if (known !== undefined && !(await setPointBlocked(tx, known.id, item.reachable ? null : now, item.occurredAt))) return
  const contactId = known?.contactId ?? (await welcome(tx, ctx, inbox, item, now))
  const actor = { type: 'contact', id: contactId } as const
  tx.append({
    type: 'contact.changed',
    at: now,
    actorType: actor.type,
    actorId: actor.id,
    conversationId: null,
    subjectId: contactId,
    data: { what: 'reachability' },
  })
  const [newest] = await newestOfThread(tx, { inboxId: inbox.id, threadKey: item.threadKey })
  if (newest === undefined || newest.status === 'resolved') return
  await appendLine(tx, newest, actor, now, item.reachable ? 'contact.reachable' : 'contact.unreachable')
}

async function welcome(
  tx: Tx,
  ctx: ServiceContext,
  inbox: OpenInbox,
  item: Extract<Inbound, { type: 'reachability' }>,
  now: number,
): Promise<string> {
  const { contactId, point } = await resolveContact(tx, item.party, { at: item.occurredAt, locale: null }, now)
  tx.afterCommit(
    () =>
      void ctx.jobs
        .add('contact.profile', { inboxId: inbox.id, pointId: point.id, threadKey: item.threadKey }, { key: point.id })
        .catch(() => undefined),
  )
  return contactId
}
