import { sql } from 'drizzle-orm'
import type { Kit } from '../kit.ts'
import type { conversationTables } from './conversations.ts'

/** What mail needs beside its message: threading, doubles, HTML, and who was answered automatically. */
export const mailTables = (k: Kit, { messages }: ReturnType<typeof conversationTables>) => {
  /** One row for each message that is a mail, either way. */
  const mails = k.table(
    'mails',
    {
      messageId: k
        .text('message_id')
        .primaryKey()
        .references(() => messages.id),
      conversationId: k.text('conversation_id').notNull(),
      inboxId: k.text('inbox_id').notNull(),
      /** Message-ID with its angle brackets. Not unique: strangers choose theirs. */
      internetId: k.text('internet_id'),
      /** Ids it answers, oldest first. */
      references: k.json<string[]>('references_chain').notNull(),
      /** Lower case: author, Reply-To, To and Cc, without our own. */
      participants: k.json<string[]>('participants').notNull(),
      /** Of inbound mail: what makes it this very mail; a copy through another inbox or folder has the same. */
      contentHash: k.text('content_hash'),
      html: k.text('html'),
      createdAt: k.instant('created_at').notNull(),
    },
    (t) => [
      k.unique('mails_content_uq').on(t.contentHash).where(sql`${t.contentHash} is not null`),
      k.index('mails_internet_ix').on(t.inboxId, t.internetId).where(sql`${t.internetId} is not null`),
      k.index('mails_conversation_ix').on(t.conversationId, t.messageId),
    ],
  )

  /** When a thread or a sender was answered by a machine last. */
  const automaticAnswers = k.table(
    'automatic_answers',
    {
      inboxId: k.text('inbox_id').notNull(),
      /** `thread:<conversation id>` or `address:<mail address>`. */
      subject: k.text('subject').notNull(),
      answeredAt: k.instant('answered_at').notNull(),
    },
    (t) => [k.primaryKey({ name: 'automatic_answers_pk', columns: [t.inboxId, t.subject] })],
  )

  return { mails, automaticAnswers }
}
