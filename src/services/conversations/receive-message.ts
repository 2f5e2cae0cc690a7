import { inArray } from 'drizzle-orm'
import type { Inbound } from '../../../channels/contract.ts'
import { isUniqueViolation } from '../../../db/portable.ts'
import { lockSender, setPointBlocked } from '../../../db/queries/contacts.ts'
import {
  appendToThread,
  type ConversationRow,
  conversationById,
  type InboundTarget,
  newestOfThread,
} from '../../../db/queries/conversations.ts'
import { messageByBubble } from '../../../db/queries/message-aliases.ts'
import { insertMessage } from '../../../db/queries/messages.ts'
import type { Tx } from '../../../db/store.ts'
import { onCustomerContact } from '../../core/lifecycle/customer-contact.ts'
import { newId } from '../../lib/ids.ts'
import type { Actor } from '../../wire/words.ts'
import { profileFreshMs } from '../contacts/fetch-profile.ts'
import { resolveContact } from '../contacts/resolve-contact.ts'
import type { OpenInbox, ServiceContext } from '../context.ts'
import { storeInboundParts } from '../files/store-inbound-parts.ts'
import { wakeHeld } from '../outbox/hold-item.ts'
import { admitNewcomer } from '../queues/admit-newcomer.ts'
import { agentHasRoom } from '../routing/agent-room.ts'
import { followClocks } from '../sla/follow-clocks.ts'
import { noteMember } from '../threads/note-members.ts'
import { blankMessage } from './append-message.ts'
import { type EarlyNews, earlyNewsOf, rememberEdit } from './early-news.ts'
import { showEdit } from './edit-message.ts'
import { moveConversation } from './move-conversation.ts'
import { previewOf } from './preview.ts'
import { startConversation } from './start-conversation.ts'

export type InboundMessage = Extract<Inbound, { type: 'message' }>

/** Told by the message's own id that it is here already. */
export class RepeatedMessage extends Error {
  override readonly name = 'RepeatedMessage'
}

/** It was taken back before it came. */
export class WithdrawnMessage extends Error {
  override readonly name = 'WithdrawnMessage'
}

/** Where a message went. */
export interface ReceivedMessage {
  readonly id: string
  readonly conversationId: string
}

/**
 * Puts a customer's message into the thread's conversation: the live one, the resolved one within the
 * inbox's window (reopened), or a new one. Contact, conversation, message and events are one transaction.
 * @throws RepeatedMessage when a message of this external id is stored, WithdrawnMessage when it was taken back already;
 *   roll back to the savepoint.
 */
export async function receiveMessage(
  tx: Tx,
  ctx: ServiceContext,
  inbox: OpenInbox,
  item: InboundMessage,
  deliveryId: string,
): Promise<ReceivedMessage> {
  const now = ctx.clock.now()
  const { parts, fileIds } = await storeInboundParts(tx, ctx, inbox, item)
  const target = await conversationFor(tx, ctx, inbox, item, now)
  // Under the thread's lock, which those who bring such news take as well.
  const news = await earlyNewsOf(tx, inbox.id, item.externalId)
  if (news?.unsent === true) throw new WithdrawnMessage()
  const messageId = newId()
  try {
    await insertMessage(tx, {
      ...blankMessage(),
      id: messageId,
      conversationId: target.id,
      inboxId: inbox.id,
      ordinal: target.messageCount,
      direction: 'in',
      authorType: 'contact',
      authorId: target.contactId,
      authorName: item.authorName ?? null,
      memberId: await memberIdOf(tx, ctx, inbox, item),
      parts,
      mail: item.mail?.head ?? null,
      externalId: item.externalId,
      clientId: clientIdOf(item),
      providerIds: item.providerIds === undefined ? null : [...item.providerIds],
      deliveryId,
      quotedMessageId: await quotedId(tx, inbox.id, item.quotedExternalId),
      occurredAt: item.occurredAt,
      createdAt: now,
    })
  } catch (error) {
    if (isUniqueViolation(error, ['inbox_id', 'external_id'])) throw new RepeatedMessage()
    throw error
  }
  if (fileIds.length > 0) await bindFiles(tx, fileIds, target.id, messageId)
  for (const kind of item.consents ?? []) {
    await tx.db
      .insert(tx.t.consents)
      .values({ id: newId(), contactId: target.contactId, kind, granted: true, source: inbox.channelId, createdAt: now })
  }
  tx.append({
    type: 'message.created',
    at: now,
    actorType: 'contact',
    actorId: target.contactId,
    conversationId: target.id,
    subjectId: messageId,
    data: { direction: 'in', ordinal: target.messageCount },
  })
  if (news?.edit != null) await showEarlyEdit(tx, ctx, inbox, { id: messageId, target, item, news })
  if (target.blockedAt !== null) await noteReachable(tx, target, item.occurredAt, now)
  if (item.replyToken !== undefined && inbox.session.meter !== undefined && (await wakeHeld(tx, target.id, now))) {
    const conversationId = target.id
    tx.afterCommit(() => void ctx.jobs.add('outbox.send', { conversationId }, { key: conversationId }).catch(() => undefined))
  }
  await reactToMessage(tx, target, now)
  await owesAnswer(tx, target, item, now)
  if (target.messageCount === 1) await admit(tx, ctx, target, now)
  return { id: messageId, conversationId: target.id }
}

/** Shows the version that came before the message, unless the message is newer than that. */
async function showEarlyEdit(
  tx: Tx,
  ctx: ServiceContext,
  inbox: OpenInbox,
  { id, target, item, news }: { id: string; target: InboundTarget; item: InboundMessage; news: EarlyNews },
): Promise<void> {
  const { edit, deliveryIds } = news
  await rememberEdit(tx, inbox.id, item.externalId, { edit: null, deliveryIds }, ctx.clock.now())
  if (edit === null || edit.occurredAt < item.occurredAt) return
  await showEdit(tx, ctx, inbox, { id, conversationId: target.id, ordinal: target.messageCount, authorId: target.contactId }, edit)
}

/** Whoever writes can be answered, although their leaving was the last we heard. */
async function noteReachable(tx: Tx, target: InboundTarget, heardAt: number, now: number): Promise<void> {
  if (!(await setPointBlocked(tx, target.contactPointId, null, heardAt))) return
  const { contactId } = target
  tx.append({
    type: 'contact.changed',
    at: now,
    actorType: 'contact',
    actorId: contactId,
    conversationId: null,
    subjectId: contactId,
    data: { what: 'reachability' },
  })
}

async function conversationFor(tx: Tx, ctx: ServiceContext, inbox: OpenInbox, item: InboundMessage, now: number): Promise<InboundTarget> {
  const thread = {
    inboxId: inbox.id,
    threadKey: item.threadKey,
    at: item.occurredAt,
    now,
    preview: previewOf('in', item.parts),
    replyToken: item.replyToken?.token ?? null,
    replyTokenExpiresAt: item.replyToken?.expiresAt ?? null,
  }
  const [live] = await appendToThread(tx, thread)
  if (live !== undefined) return live
  await lockSender(tx, inbox.id, item.threadKey)
  const [raced] = tx.dialect === 'postgres' ? await appendToThread(tx, thread) : []
  if (raced !== undefined) return raced
  const [newest] = await newestOfThread(tx, { inboxId: inbox.id, threadKey: item.threadKey })
  const outcome = onCustomerContact(newest ?? null, inbox.reopenWindowMs, now)
  if (newest !== undefined && outcome === 'reopen') {
    const actor: Actor = { type: 'contact', id: newest.contactId }
    await moveConversation(tx, newest, { event: { type: 'reopen', by: 'customer' }, actor, now })
  } else {
    const sign = { at: item.occurredAt, locale: item.locale ?? null }
    const { contactId, point, created } = await resolveContact(tx, item.party, sign, now, item.others)
    await startConversation(tx, inbox, {
      contactId,
      pointId: point.id,
      threadKey: item.threadKey,
      previousId: newest?.id ?? null,
      lastAgentId: newest?.assigneeId ?? null,
      text: textOf(item),
      subject: item.mail?.head.subject ?? null,
      now,
    })
    if (inbox.session.fetchProfile !== undefined && (created || (point.profileFetchedAt ?? 0) < now - profileFreshMs)) {
      tx.afterCommit(
        () =>
          void ctx.jobs
            .add('contact.profile', { inboxId: inbox.id, pointId: point.id, threadKey: item.threadKey }, { key: point.id })
            .catch(() => undefined),
      )
    }
  }
  const [started] = await appendToThread(tx, thread)
  if (started === undefined) throw new Error('the conversation just started cannot be found by its thread')
  return started
}

/** What the message changes beside being there: a snooze ends, wrap-up turns back into work, a parked item asks for its slot. */
async function reactToMessage(tx: Tx, target: InboundTarget, now: number): Promise<void> {
  const quiet =
    target.status === 'bot' ||
    target.status === 'queued' ||
    target.status === 'offered' ||
    (target.status === 'active' && target.parkedAt === null)
  if (quiet) return
  const [row] = await conversationById(tx, { id: target.id })
  if (row === undefined) return
  // The age was set when the message was numbered, from the turn it was then.
  const changes: Partial<ConversationRow> = { waitingSince: row.waitingSince }
  const roomAtAssignee = row.parkedAt !== null && row.assigneeId !== null && (await agentHasRoom(tx, row.assigneeId, row.channel, now))
  await moveConversation(tx, row, {
    event: { type: 'customer_message', roomAtAssignee },
    actor: { type: 'contact', id: row.contactId },
    now,
    changes,
  })
}

async function admit(tx: Tx, ctx: ServiceContext, target: InboundTarget, now: number): Promise<void> {
  const [row] = await conversationById(tx, { id: target.id })
  if (row?.status === 'queued') await admitNewcomer(tx, ctx, row, now)
}

/** An answer is owed from the oldest message that has none; what begins a conversation has started its clocks already. */
async function owesAnswer(tx: Tx, target: InboundTarget, item: InboundMessage, now: number): Promise<void> {
  if (target.messageCount === 1 || (target.waitingSince !== now && target.parkedAt === null)) return
  const [row] = await conversationById(tx, { id: target.id })
  if (row !== undefined) await followClocks(tx, row, { type: 'customer_message' }, now, textOf(item))
}

/** What was said in words. */
function textOf({ parts }: InboundMessage): string {
  return parts
    .map((part) => (part.type === 'text' ? part.text : ''))
    .join('\n')
    .trim()
}

async function bindFiles(tx: Tx, fileIds: readonly string[], conversationId: string, messageId: string): Promise<void> {
  await tx.db
    .update(tx.t.files)
    .set({ conversationId, messageId })
    .where(inArray(tx.t.files.id, [...fileIds]))
}

async function quotedId(tx: Tx, inboxId: string, externalId: string | undefined): Promise<string | null> {
  if (externalId === undefined) return null
  const quoted = await messageByBubble(tx, { inboxId, externalId })
  return quoted?.id ?? null
}

async function memberIdOf(tx: Tx, ctx: ServiceContext, inbox: OpenInbox, item: InboundMessage): Promise<string | null> {
  if (item.memberId === undefined) return null
  const { threadKey, occurredAt: at } = item
  return (await noteMember(tx, ctx, inbox, { threadKey, externalId: item.memberId, at, present: true })).id
}

/** A visitor's own id of the message, where the channel's author is our own widget. */
function clientIdOf(item: InboundMessage): string | null {
  return item.providerIds?.find((id) => id.kind === 'client')?.value ?? null
}
