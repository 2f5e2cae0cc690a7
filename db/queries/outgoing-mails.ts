import { and, desc, eq, isNull, sql } from 'drizzle-orm'
import type { MailHead } from '../../src/wire/mail.ts'
import type { MessagePart } from '../../src/wire/messages.ts'
import type { MessageDirection } from '../../src/wire/words.ts'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import type { Tx } from '../store.ts'

export type MailRow = Tables['mails']['$inferSelect']

/** A mail of a conversation, as an answer to it needs it. */
export interface AnswerableMail {
  readonly messageId: string
  readonly direction: MessageDirection
  readonly head: MailHead | null
  readonly parts: MessagePart[]
  readonly authorName: string | null
  readonly occurredAt: number
  readonly internetId: string | null
  readonly references: string[]
  readonly html: string | null
}

/** The newest mails of a conversation, newest first. */
export const newestMails = statement<{ conversationId: string; limit: number }, AnswerableMail>('newest_mails', ({ db, t }) =>
  db
    .select({
      messageId: t.messages.id,
      direction: t.messages.direction,
      head: t.messages.mail,
      parts: t.messages.parts,
      authorName: t.messages.authorName,
      occurredAt: t.messages.occurredAt,
      internetId: t.mails.internetId,
      references: t.mails.references,
      html: t.mails.html,
    })
    .from(t.mails)
    .innerJoin(t.messages, eq(t.messages.id, t.mails.messageId))
    .where(and(eq(t.mails.conversationId, sql.placeholder('conversationId')), isNull(t.messages.unsentAt)))
    .orderBy(desc(t.mails.messageId))
    .limit(sql.placeholder('limit')),
)

/** What is kept of one mail beside its message. */
export const mailOfMessage = statement<{ messageId: string }, MailRow>('mail_of_message', ({ db, t }) =>
  db
    .select()
    .from(t.mails)
    .where(eq(t.mails.messageId, sql.placeholder('messageId')))
    .limit(1),
)

/** Keeps what an outgoing mail has beside its message. */
export async function insertOutgoingMail(tx: Tx, row: MailRow): Promise<void> {
  await tx.db.insert(tx.t.mails).values(row)
}
