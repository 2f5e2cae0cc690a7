import { and, desc, eq, inArray, sql } from 'drizzle-orm'
import { statement } from '../statement.ts'
import type { Tx } from '../store.ts'
import type { MailRow } from './outgoing-mails.ts'

/** Whether this very mail is here, through whichever inbox. */
export const mailByContent = statement<{ contentHash: string }, { messageId: string }>('mail_by_content', ({ db, t: { mails } }) =>
  db
    .select({ messageId: mails.messageId })
    .from(mails)
    .where(sql`${mails.contentHash} = ${sql.placeholder('contentHash')}`)
    .limit(1),
)

/** Keeps what an inbound mail has beside its message. A second one of the same content breaks `mails_content_uq`. */
export const insertMail = statement<MailRow & Record<string, unknown>, never>('insert_mail', ({ db, t }) =>
  db.insert(t.mails).values({
    messageId: sql.placeholder('messageId'),
    conversationId: sql.placeholder('conversationId'),
    inboxId: sql.placeholder('inboxId'),
    internetId: sql.placeholder('internetId'),
    references: sql.placeholder('references'),
    participants: sql.placeholder('participants'),
    contentHash: sql.placeholder('contentHash'),
    html: sql.placeholder('html'),
    createdAt: sql.placeholder('createdAt'),
  }),
)

/** A stored mail that another one refers to. */
export interface ReferredMail {
  readonly messageId: string
  readonly conversationId: string
  readonly internetId: string | null
  readonly direction: 'in' | 'out' | 'note' | 'system'
}

/** Mails of an inbox under any of these Message-IDs, newest first; strangers may have used an id too. */
export async function mailsByInternetIds(tx: Tx, inboxId: string, ids: readonly string[], limit: number): Promise<ReferredMail[]> {
  if (ids.length === 0) return []
  const { mails: m, messages } = tx.t
  return tx.db
    .select({ messageId: m.messageId, conversationId: m.conversationId, internetId: m.internetId, direction: messages.direction })
    .from(m)
    .innerJoin(messages, eq(messages.id, m.messageId))
    .where(and(eq(m.inboxId, inboxId), inArray(m.internetId, [...ids])))
    .orderBy(desc(m.messageId))
    .limit(limit)
}

/** Who took part in a conversation's newest mails. */
export const participantsOfConversation = statement<{ conversationId: string; limit: number }, { participants: string[] }>(
  'mail_participants',
  ({ db, t: { mails: m } }) =>
    db
      .select({ participants: m.participants })
      .from(m)
      .where(eq(m.conversationId, sql.placeholder('conversationId')))
      .orderBy(desc(m.messageId))
      .limit(sql.placeholder('limit')),
)

/**
 * Takes the right to answer a subject by machine, unless it was answered after `since`.
 * @returns false when it was.
 */
export async function claimAutomaticAnswer(tx: Tx, inboxId: string, subject: string, since: number, now: number): Promise<boolean> {
  const { automaticAnswers: a } = tx.t
  const rows = await tx.db
    .insert(a)
    .values({ inboxId, subject, answeredAt: now })
    .onConflictDoUpdate({ target: [a.inboxId, a.subject], set: { answeredAt: now }, setWhere: sql`${a.answeredAt} <= ${since}` })
    .returning({ subject: a.subject })
  return rows.length === 1
}
