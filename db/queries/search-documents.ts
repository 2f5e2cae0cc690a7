import { and, asc, desc, eq, gt, gte, inArray, isNotNull, or, sql } from 'drizzle-orm'
import type { MailHead } from '../../src/wire/mail.ts'
import type { MessagePart } from '../../src/wire/messages.ts'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import type { Store, Tx } from '../store.ts'
import { byIds } from './by-ids.ts'

export type SearchDocument = Tables['searchDocuments']['$inferSelect']
/** How far the index has been filled. */
export type SearchFill = Tables['searchFill']['$inferSelect']

/** The consumer of the event log that keeps the index. */
export const searchCursor = 'search'
const fillId = 'search'

/** Documents by what they stand for, of whatever kind. */
export const documentsOf = byIds<SearchDocument>('search_documents_of', ({ db, t: { searchDocuments: d } }, ids) =>
  db.select().from(d).where(inArray(d.subjectId, ids)),
)

/** Adds a document and gives its number, higher than all before. */
export const insertDocument = statement<Omit<SearchDocument, 'id'> & Record<string, unknown>, { id: number }>(
  'insert_search_document',
  ({ db, t: { searchDocuments: d } }) =>
    db
      .insert(d)
      .values({
        kind: sql.placeholder('kind'),
        subjectId: sql.placeholder('subjectId'),
        conversationId: sql.placeholder('conversationId'),
        authorId: sql.placeholder('authorId'),
        print: sql.placeholder('print'),
        at: sql.placeholder('at'),
      })
      .returning({ id: d.id }),
)

/** Keeps the digest of a document whose text has changed. */
export const setDocumentPrint = statement<{ id: number; print: string }, never>('set_document_print', ({ db, t: { searchDocuments: d } }) =>
  db
    .update(d)
    .set({ print: sql`${sql.placeholder('print')}` })
    .where(eq(d.id, sql.placeholder('id'))),
)

export const deleteDocument = statement<{ id: number }, never>('delete_search_document', ({ db, t: { searchDocuments: d } }) =>
  db.delete(d).where(eq(d.id, sql.placeholder('id'))),
)

const highest = statement<Record<string, never>, { id: number }>('highest_search_document', ({ db, t: { searchDocuments: d } }) =>
  db.select({ id: d.id }).from(d).orderBy(desc(d.id)).limit(1),
)

/** A number above every document's. */
export async function aboveAllDocuments(on: Store | Tx): Promise<number> {
  const [row] = await highest(on, {})
  return (row?.id ?? 0) + 1
}

const firstFrom = statement<{ at: number }, { id: number }>('first_search_document_from', ({ db, t: { searchDocuments: d } }) =>
  db
    .select({ id: d.id })
    .from(d)
    .where(gte(d.at, sql.placeholder('at')))
    .orderBy(asc(d.at), asc(d.id))
    .limit(1),
)

/** The number of the earliest document of an instant or later; null when there is none. */
export async function firstDocumentFrom(on: Store | Tx, at: number): Promise<number | null> {
  const [row] = await firstFrom(on, { at })
  return row?.id ?? null
}

/** What of a message is searched. */
export interface MessageText {
  readonly id: string
  readonly conversationId: string
  readonly ordinal: number
  readonly channel: Tables['inboxes']['$inferSelect']['channel']
  readonly authorType: Tables['messages']['$inferSelect']['authorType']
  readonly authorId: string | null
  readonly parts: MessagePart[]
  readonly mail: MailHead | null
  readonly unsentAt: number | null
  readonly createdAt: number
}

const textColumns = ({ messages: m, inboxes }: Tables) => ({
  id: m.id,
  conversationId: m.conversationId,
  ordinal: m.ordinal,
  channel: inboxes.channel,
  authorType: m.authorType,
  authorId: m.authorId,
  parts: m.parts,
  mail: m.mail,
  unsentAt: m.unsentAt,
  createdAt: m.createdAt,
})

/** Texts of messages by id. */
export const messageTexts = byIds<MessageText>('search_message_texts', ({ db, t }, ids) =>
  db.select(textColumns(t)).from(t.messages).innerJoin(t.inboxes, eq(t.inboxes.id, t.messages.inboxId)).where(inArray(t.messages.id, ids)),
)

/** Texts of the messages after one, in the order of their making. */
export const messageTextsAfter = statement<{ after: string; limit: number }, MessageText>('search_message_texts_after', ({ db, t }) =>
  db
    .select(textColumns(t))
    .from(t.messages)
    .innerJoin(t.inboxes, eq(t.inboxes.id, t.messages.inboxId))
    .where(gt(t.messages.id, sql.placeholder('after')))
    .orderBy(asc(t.messages.id))
    .limit(sql.placeholder('limit')),
)

/** What of a conversation is searched beside its messages. */
export interface ConversationText
  extends Pick<Tables['conversations']['$inferSelect'], 'id' | 'channel' | 'subject' | 'wrapUpNote' | 'createdAt'> {}

/** Subjects and wrap-up notes of conversations by id; those with neither are left out. */
export const conversationTexts = byIds<ConversationText>('search_conversation_texts', ({ db, t: { conversations: c } }, ids) =>
  db
    .select({ id: c.id, channel: c.channel, subject: c.subject, wrapUpNote: c.wrapUpNote, createdAt: c.createdAt })
    .from(c)
    .where(and(inArray(c.id, ids), or(isNotNull(c.subject), isNotNull(c.wrapUpNote)))),
)

/** Conversations of a contact, the newest first. */
export const conversationsOfContact = statement<{ contactId: string; limit: number }, { id: string }>(
  'search_conversations_of_contact',
  ({ db, t: { conversations: c } }) =>
    db
      .select({ id: c.id })
      .from(c)
      .where(eq(c.contactId, sql.placeholder('contactId')))
      .orderBy(desc(c.id))
      .limit(sql.placeholder('limit')),
)

/** A note about a contact, as far as it is searched. */
export interface NoteText {
  readonly contactId: string
  readonly text: string
}

/** Notes about contacts, the newest first. */
export const noteTexts = byIds<NoteText>('search_note_texts', ({ db, t: { contactNotes: n } }, ids) =>
  db.select({ contactId: n.contactId, text: n.text }).from(n).where(inArray(n.contactId, ids)).orderBy(desc(n.id)),
)

/** Ids of the contacts after one. */
export const contactIdsAfter = statement<{ after: string; limit: number }, { id: string }>(
  'search_contacts_after',
  ({ db, t: { contacts: c } }) =>
    db
      .select({ id: c.id })
      .from(c)
      .where(gt(c.id, sql.placeholder('after')))
      .orderBy(asc(c.id))
      .limit(sql.placeholder('limit')),
)

/** How far the index has been filled; null before it was begun. */
export async function readFill(on: Store | Tx): Promise<SearchFill | null> {
  const [row] = await fillRow(on, { id: fillId })
  return row ?? null
}

const fillRow = statement<{ id: string }, SearchFill>('search_fill', ({ db, t: { searchFill: f } }) =>
  db
    .select()
    .from(f)
    .where(eq(f.id, sql.placeholder('id'))),
)

/** Begins filling; false when another node has. */
export async function beginFill(tx: Tx, fromSeq: number): Promise<boolean> {
  const rows = await tx.db
    .insert(tx.t.searchFill)
    .values({ id: fillId, stage: 'contacts', afterId: '', fromSeq })
    .onConflictDoNothing()
    .returning({ id: tx.t.searchFill.id })
  return rows.length === 1
}

/** Moves the filling on from where it was; false when another node has moved it. */
export async function moveFill(tx: Tx, from: SearchFill, to: Pick<SearchFill, 'stage' | 'afterId'>): Promise<boolean> {
  const { searchFill: f } = tx.t
  const rows = await tx.db
    .update(f)
    .set(to)
    .where(and(eq(f.id, from.id), eq(f.stage, from.stage), eq(f.afterId, from.afterId)))
    .returning({ id: f.id })
  return rows.length === 1
}

const cursorRow = statement<{ name: string }, { seq: number }>('read_cursor', ({ db, t: { cursors } }) =>
  db
    .select({ seq: cursors.seq })
    .from(cursors)
    .where(eq(cursors.name, sql.placeholder('name'))),
)

/** Up to where the log has been followed; null before the first time. */
export async function readSearchCursor(on: Store | Tx): Promise<number | null> {
  const [row] = await cursorRow(on, { name: searchCursor })
  return row?.seq ?? null
}

/** Sets the place in the log for the first time. */
export async function setSearchCursor(tx: Tx, seq: number): Promise<void> {
  await tx.db.insert(tx.t.cursors).values({ name: searchCursor, seq }).onConflictDoNothing()
}

/** Moves the place in the log on; false when another node has. */
export async function moveSearchCursor(tx: Tx, from: number, to: number): Promise<boolean> {
  const { cursors } = tx.t
  const rows = await tx.db
    .update(cursors)
    .set({ seq: to })
    .where(and(eq(cursors.name, searchCursor), eq(cursors.seq, from)))
    .returning({ seq: cursors.seq })
  return rows.length === 1
}
