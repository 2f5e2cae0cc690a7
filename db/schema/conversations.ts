import { sql } from 'drizzle-orm'
import type { MailHead } from '../../src/wire/mail.ts'
import type { MessagePart, SendError } from '../../src/wire/messages.ts'
import type { OfferWhy } from '../../src/wire/offers.ts'
import type { SkillNeed } from '../../src/wire/queues.ts'
import type { ActorType, ChannelId, ConversationStatus, MessageDirection, OfferStatus, OutboxStatus } from '../../src/wire/words.ts'
import type { Kit } from '../kit.ts'
import type { channelTables } from './channels.ts'
import type { contactTables } from './contacts.ts'

/** Conversations, what is said in them, who is offered them, and what leaves through the outbox. */
export const conversationTables = (
  k: Kit,
  { contacts, contactPoints }: ReturnType<typeof contactTables>,
  { inboxes }: ReturnType<typeof channelTables>,
) => {
  const conversations = k.table(
    'conversations',
    {
      id: k.id(),
      inboxId: k
        .text('inbox_id')
        .notNull()
        .references(() => inboxes.id),
      channel: k.text('channel').$type<ChannelId>().notNull(),
      contactId: k
        .text('contact_id')
        .notNull()
        .references(() => contacts.id),
      contactPointId: k
        .text('contact_point_id')
        .notNull()
        .references(() => contactPoints.id),
      /** What the channel threads by: the LINE user, group or room, the visitor, the mail thread. */
      threadKey: k.text('thread_key').notNull(),
      status: k.text('status').$type<ConversationStatus>().notNull(),
      /** Everything but `resolved`; lists page over it. */
      open: k.bool('open').notNull(),
      awaiting: k.text('awaiting').$type<'agent' | 'customer'>().notNull(),
      queueId: k.text('queue_id').notNull(),
      assigneeId: k.text('assignee_id'),
      /** Agent with the live offer, while `offered`. */
      offeredTo: k.text('offered_to'),
      /** 0 (lowest) to 9. */
      priority: k.int('priority').notNull(),
      language: k.text('language'),
      requiredSkills: k.json<SkillNeed[]>('required_skills').notNull(),
      preferredAgentId: k.text('preferred_agent_id'),
      preferredUntil: k.instant('preferred_until'),
      /** The preferred agent's own item (a hand-over to them), not merely theirs if they are free. */
      personal: k.bool('personal').notNull(),
      /** Agents who declined or let it expire, each until an instant. */
      avoid: k.json<{ agentId: string; until: number }[]>('avoid').notNull(),
      subject: k.text('subject'),
      /** The customer's first unanswered contact: the age in every queue, never reset. */
      waitingSince: k.instant('waiting_since').notNull(),
      /** Entered its present queue. */
      queuedAt: k.instant('queued_at').notNull(),
      /** How many of the queue's steps for those who wait have been taken in this stay, and when the next is due. */
      waitingSteps: k.int('waiting_steps').notNull().default(0),
      waitingStepAt: k.instant('waiting_step_at'),
      /** The open conversation that has this one's place in line: the same customer and need, reached there now. */
      placeHeldBy: k.text('place_held_by'),
      /** Holds no slot: it waits for the customer beyond the channel's idle time. */
      parkedAt: k.instant('parked_at'),
      snoozedUntil: k.instant('snoozed_until'),
      wrapUpUntil: k.instant('wrap_up_until'),
      wrapUpExtendedAt: k.instant('wrap_up_extended_at'),
      /** When the present assignee took it. */
      assignedAt: k.instant('assigned_at'),
      firstCustomerAt: k.instant('first_customer_at'),
      firstResponseAt: k.instant('first_response_at'),
      slaDueAt: k.instant('sla_due_at'),
      slaBreachedAt: k.instant('sla_breached_at'),
      resolvedAt: k.instant('resolved_at'),
      disposition: k.text('disposition'),
      wrapUpNote: k.text('wrap_up_note'),
      tags: k.json<string[]>('tags').notNull(),
      previousId: k.text('previous_id'),
      /** Newest unused permission to answer free of charge that the provider handed out; taken by one send. */
      replyToken: k.text('reply_token'),
      replyTokenExpiresAt: k.instant('reply_token_expires_at'),
      /** Ordinal of its newest message; messages are numbered 1… without gaps. */
      messageCount: k.int('message_count').notNull(),
      /** Ordinal up to which the assignee (or a colleague) has read. */
      readCount: k.int('read_count').notNull(),
      /** Ordinal up to which the customer has read, where the channel tells. */
      customerReadCount: k.int('customer_read_count').notNull(),
      lastMessageAt: k.instant('last_message_at').notNull(),
      /** Direction, kind and at most 140 characters of the newest message, for lists. */
      preview: k.json<{ direction: MessageDirection; kind: string; text: string } | null>('preview'),
      createdAt: k.instant('created_at').notNull(),
      updatedAt: k.instant('updated_at').notNull(),
    },
    (t) => [
      // One piece of work at a time per customer thread; the race of ten first messages ends here.
      k.unique('conversations_live_uq').on(t.inboxId, t.threadKey).where(sql`${t.status} <> 'resolved'`),
      k.index('conversations_thread_ix').on(t.inboxId, t.threadKey, t.id),
      k.index('conversations_contact_ix').on(t.contactId, t.id),
      k.index('conversations_open_ix').on(t.open, t.lastMessageAt, t.id),
      k.index('conversations_waiting_step_ix').on(t.waitingStepAt).where(sql`${t.waitingStepAt} is not null`),
      k.index('conversations_queue_ix').on(t.queueId, t.open, t.lastMessageAt, t.id),
      k.index('conversations_assignee_ix').on(t.assigneeId, t.open, t.lastMessageAt, t.id).where(sql`${t.assigneeId} is not null`),
      k.index('conversations_waiting_ix').on(t.queueId, t.waitingSince, t.id).where(sql`${t.status} in ('queued','offered')`),
      k
        .index('conversations_unanswered_ix')
        .on(t.assigneeId, t.waitingSince)
        .where(sql`${t.status} = 'active' and ${t.awaiting} = 'agent'`),
      k.index('conversations_snoozed_ix').on(t.snoozedUntil).where(sql`${t.snoozedUntil} is not null`),
      k.index('conversations_wrap_up_ix').on(t.wrapUpUntil).where(sql`${t.wrapUpUntil} is not null`),
      k
        .index('conversations_idle_ix')
        .on(t.channel, t.lastMessageAt)
        .where(sql`${t.status} = 'active' and ${t.awaiting} = 'customer' and ${t.parkedAt} is null`),
      k.index('conversations_sla_ix').on(t.slaDueAt).where(sql`${t.slaDueAt} is not null and ${t.slaBreachedAt} is null`),
    ],
  )

  const messages = k.table(
    'messages',
    {
      id: k.id(),
      conversationId: k
        .text('conversation_id')
        .notNull()
        .references(() => conversations.id),
      inboxId: k.text('inbox_id').notNull(),
      /** Place in the conversation: 1, 2, 3 … without gaps. */
      ordinal: k.int('ordinal').notNull(),
      direction: k.text('direction').$type<MessageDirection>().notNull(),
      authorType: k.text('author_type').$type<ActorType>().notNull(),
      authorId: k.text('author_id'),
      /** Shown beside the message where the author is no contact of ours (a member of a group). */
      authorName: k.text('author_name'),
      /** The member of a group who wrote, where the provider tells. */
      memberId: k.text('member_id'),
      parts: k.json<MessagePart[]>('parts').notNull(),
      /** Provider's id of an inbound message, or of the first bubble of an outgoing one. */
      externalId: k.text('external_id'),
      /** Made by the sender (agent's console or visitor's browser): the same id is the same message. */
      clientId: k.text('client_id'),
      /** Provider ids of all bubbles, quote tokens and the like. */
      providerIds: k.json<{ kind: string; value: string }[]>('provider_ids'),
      quotedMessageId: k.text('quoted_message_id'),
      /** Head of a mail; null for the rest. */
      mail: k.json<MailHead>('mail'),
      /** The ledger's row it came in. */
      deliveryId: k.text('delivery_id'),
      /** Delivery state of an outgoing message; null for the rest. */
      delivery: k.text('delivery').$type<OutboxStatus>(),
      deliveryError: k.json<SendError>('delivery_error'),
      editedAt: k.instant('edited_at'),
      unsentAt: k.instant('unsent_at'),
      /** The provider's time of the event. */
      occurredAt: k.instant('occurred_at').notNull(),
      createdAt: k.instant('created_at').notNull(),
    },
    (t) => [
      k.unique('messages_ordinal_uq').on(t.conversationId, t.ordinal),
      k.unique('messages_external_uq').on(t.inboxId, t.externalId).where(sql`${t.externalId} is not null`),
      k.unique('messages_client_uq').on(t.conversationId, t.clientId).where(sql`${t.clientId} is not null`),
    ],
  )

  const offers = k.table(
    'offers',
    {
      id: k.id(),
      conversationId: k
        .text('conversation_id')
        .notNull()
        .references(() => conversations.id),
      agentId: k.text('agent_id').notNull(),
      queueId: k.text('queue_id').notNull(),
      status: k.text('status').$type<OfferStatus>().notNull(),
      createdAt: k.instant('created_at').notNull(),
      expiresAt: k.instant('expires_at').notNull(),
      endedAt: k.instant('ended_at'),
      /** Reason given for a decline, or the cause of a withdrawal. */
      reason: k.text('reason'),
      why: k.json<OfferWhy>('why').notNull(),
    },
    (t) => [
      k.unique('offers_live_uq').on(t.conversationId).where(sql`${t.status} = 'pending'`),
      k.index('offers_agent_ix').on(t.agentId, t.status),
      k.index('offers_due_ix').on(t.expiresAt).where(sql`${t.status} = 'pending'`),
    ],
  )

  const outbox = k.table(
    'outbox',
    {
      id: k.id(),
      messageId: k
        .text('message_id')
        .notNull()
        .references(() => messages.id),
      conversationId: k.text('conversation_id').notNull(),
      inboxId: k.text('inbox_id').notNull(),
      status: k.text('status').$type<OutboxStatus>().notNull(),
      attempts: k.int('attempts').notNull(),
      /** When it is due; null once it needs nothing more of us. */
      nextAttemptAt: k.instant('next_attempt_at'),
      /** While a worker holds it, until when; a lease run out means the outcome is not known. */
      leaseUntil: k.instant('lease_until'),
      leaseToken: k.text('lease_token'),
      /** Sent to providers that recognise repeats; the same for all attempts. */
      retryKey: k.text('retry_key').notNull(),
      /** Which way the last attempt went, in the channel's own word (reply, push, socket …). */
      route: k.text('route'),
      /** Why it waits although it could be sent: for a colleague's approval, or until the customer writes. */
      hold: k.text('hold').$type<'approval' | 'customer'>(),
      /** Who has allowed what it costs. */
      approvedBy: k.text('approved_by'),
      error: k.json<SendError>('error'),
      createdAt: k.instant('created_at').notNull(),
      updatedAt: k.instant('updated_at').notNull(),
    },
    (t) => [
      k.unique('outbox_message_uq').on(t.messageId),
      k.index('outbox_due_ix').on(t.nextAttemptAt).where(sql`${t.nextAttemptAt} is not null`),
      k.index('outbox_order_ix').on(t.conversationId, t.id),
    ],
  )

  const files = k.table(
    'files',
    {
      id: k.id(),
      conversationId: k.text('conversation_id'),
      inboxId: k.text('inbox_id'),
      /** The inbound message that carries it. */
      messageId: k.text('message_id'),
      /** Key in the blob store; null until the bytes are here. */
      blobKey: k.text('blob_key'),
      name: k.text('name').notNull(),
      mime: k.text('mime').notNull(),
      bytes: k.int('bytes').notNull(),
      sha256: k.text('sha256'),
      state: k.text('state').$type<'pending' | 'ready' | 'failed' | 'gone'>().notNull(),
      /** Where the bytes come from while they are not here yet, in the channel's own form. */
      source: k.json<Record<string, unknown>>('source'),
      attempts: k.int('attempts').notNull(),
      nextAttemptAt: k.instant('next_attempt_at'),
      /** Unguessable part of the link given to providers that fetch media by URL. */
      publicToken: k.text('public_token'),
      /** Key of a small JPEG of a large picture; null until one is needed. */
      previewKey: k.text('preview_key'),
      uploaderType: k.text('uploader_type').$type<ActorType>().notNull(),
      uploaderId: k.text('uploader_id'),
      createdAt: k.instant('created_at').notNull(),
    },
    (t) => [
      k.index('files_conversation_ix').on(t.conversationId),
      k.unique('files_public_uq').on(t.publicToken),
      k.index('files_due_ix').on(t.nextAttemptAt).where(sql`${t.nextAttemptAt} is not null`),
    ],
  )

  return { conversations, messages, offers, outbox, files }
}
