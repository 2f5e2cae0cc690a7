import { eventsAfter, type LogEvent, newestSeq } from '../../../db/queries/log.ts'
import {
  beginFill,
  contactIdsAfter,
  conversationsOfContact,
  messageTextsAfter,
  moveFill,
  moveSearchCursor,
  readFill,
  readSearchCursor,
  type SearchFill,
  setSearchCursor,
} from '../../../db/queries/search-documents.ts'
import type { Store, Tx } from '../../../db/store.ts'
import { draftsOf, type Subjects } from './search-drafts.ts'
import { planWrites } from './write-documents.ts'

/** Messages, contacts or events taken in one transaction: a few milliseconds of the store's time. */
const sliceSize = 100
/** Conversations of an erased contact that are looked at; a contact with more is a system's own. */
const maxErased = 2_000

/**
 * Brings the index one step nearer to the database, in one short transaction: first with what was there before the index, the
 * oldest first, then with the event log from where it stood when that began. Nodes that step at once do the work once.
 * @returns whether there may be more to do.
 */
export async function indexNext(store: Store): Promise<boolean> {
  const fill = await readFill(store)
  if (fill === null) {
    const fromSeq = await newestSeq(store)
    await store.tx((tx) => beginFill(tx, fromSeq))
    return true
  }
  return fill.stage === 'done' ? followLog(store) : fillFrom(store, fill)
}

/** Steps until nothing is left to do. */
export async function indexAll(store: Store): Promise<void> {
  while (await indexNext(store));
}

/** Whether the index has something to do. Only reads. */
export async function isBehind(store: Store): Promise<boolean> {
  if ((await readFill(store))?.stage !== 'done') return true
  return (await newestSeq(store)) > ((await readSearchCursor(store)) ?? 0)
}

async function fillFrom(store: Store, fill: SearchFill): Promise<boolean> {
  const { subjects, last } = fill.stage === 'contacts' ? await nextContacts(store, fill.afterId) : await nextMessages(store, fill.afterId)
  const place =
    last === null
      ? { stage: fill.stage === 'contacts' ? ('messages' as const) : ('done' as const), afterId: '' }
      : { stage: fill.stage, afterId: last }
  await write(store, subjects, async (tx) => {
    if (!(await moveFill(tx, fill, place))) return false
    if (place.stage === 'done') await setSearchCursor(tx, fill.fromSeq)
    return true
  })
  return true
}

async function nextContacts(store: Store, after: string): Promise<{ subjects: Subjects; last: string | null }> {
  const rows = await contactIdsAfter(store, { after, limit: sliceSize })
  return { subjects: { ...none, contacts: new Set(rows.map(({ id }) => id)) }, last: rows.at(-1)?.id ?? null }
}

/** A conversation's own words stand beside its first message. */
async function nextMessages(store: Store, after: string): Promise<{ subjects: Subjects; last: string | null }> {
  const rows = await messageTextsAfter(store, { after, limit: sliceSize })
  const begun = rows.filter(({ ordinal }) => ordinal === 1)
  return {
    subjects: { ...none, messages: new Set(rows.map(({ id }) => id)), conversations: new Set(begun.map((row) => row.conversationId)) },
    last: rows.at(-1)?.id ?? null,
  }
}

const none: Subjects = { messages: new Set(), conversations: new Set(), contacts: new Set() }

async function followLog(store: Store): Promise<boolean> {
  const from = await readSearchCursor(store)
  const newest = await newestSeq(store)
  if (from === null || newest <= from) return false
  const events = await eventsAfter(store, { after: from, upTo: newest, limit: sliceSize })
  const to = events.length < sliceSize ? newest : (events.at(-1)?.seq ?? newest)
  await write(store, await subjectsOf(store, events), (tx) => moveSearchCursor(tx, from, to))
  return to < newest
}

/** Reads before it writes; whoever moves the place on first is the one whose writes count. */
async function write(store: Store, subjects: Subjects, move: (tx: Tx) => Promise<boolean>): Promise<void> {
  const writes = await planWrites(store, subjects, await draftsOf(store, subjects))
  await store.tx(async (tx) => {
    if (!(await move(tx))) return
    for (const one of writes) await one(tx)
  })
}

/** What a stretch of the log says has changed. */
async function subjectsOf(store: Store, events: readonly LogEvent[]): Promise<Subjects> {
  const messages = new Set<string>()
  const conversations = new Set<string>()
  const contacts = new Set<string>()
  for (const { type, subjectId, conversationId, data } of events) {
    if (type === 'message.created' || type === 'message.changed') {
      if (subjectId !== null) messages.add(subjectId)
      if (data['what'] === 'unsent' && conversationId !== null) conversations.add(conversationId)
    } else if (type === 'conversation.created' || type === 'conversation.changed') {
      if (conversationId !== null) conversations.add(conversationId)
    } else if ((type === 'contact.created' || type === 'contact.changed') && subjectId !== null) {
      contacts.add(subjectId)
      if (data['what'] !== 'erased') continue
      for (const { id } of await conversationsOfContact(store, { contactId: subjectId, limit: maxErased })) conversations.add(id)
    }
  }
  return { messages, conversations, contacts }
}
