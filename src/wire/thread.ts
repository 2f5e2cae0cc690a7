import type { Message } from './messages.ts'
import type { MessagePage } from './pages.ts'

/** A stretch of a conversation without gaps, up to its newest message. */
export interface Thread {
  /** Ascending by ordinal. */
  readonly messages: readonly Message[]
  /** Log number each message is known as of, by its id. */
  readonly seqs: Readonly<Record<string, number>>
  /** There are older ones than the first. */
  readonly hasOlder: boolean
}

/** The thread of a page that was loaded without `after`: the newest messages. */
export function threadOf(page: MessagePage): Thread {
  return { messages: page.items, seqs: Object.fromEntries(page.items.map((m) => [m.id, page.seq])), hasOlder: page.hasMore }
}

/**
 * The thread with another page of it. The newest page replaces a thread that it does not touch, since what
 * lies between is not known; an older page that does not touch it is left out.
 */
export function applyMessagePage(thread: Thread | undefined, page: MessagePage, asked: 'newest' | 'older' | 'newer'): Thread {
  const first = thread?.messages[0]
  const last = thread?.messages[thread.messages.length - 1]
  if (thread === undefined || first === undefined || last === undefined) return threadOf(page)
  const lowest = page.items[0]
  const highest = page.items[page.items.length - 1]
  if (lowest === undefined || highest === undefined) return asked === 'older' ? { ...thread, hasOlder: false } : thread
  if (lowest.ordinal > last.ordinal + 1) return asked === 'newest' ? threadOf(page) : thread
  if (highest.ordinal < first.ordinal - 1) return thread
  const merged = page.items.reduce((sum, message) => applyMessage(sum, message, page.seq), { ...thread, hasOlder: false })
  return { ...merged, hasOlder: asked !== 'newer' && lowest.ordinal <= first.ordinal ? page.hasMore : thread.hasOlder }
}

/** The thread with a message as of a log number; the newer one wins, one older than the first is left out while older ones are not loaded. */
export function applyMessage(thread: Thread, message: Message, seq: number): Thread {
  const known = thread.seqs[message.id]
  if (known !== undefined && known > seq) return thread
  const { messages } = thread
  const first = messages[0]
  if (known === undefined && thread.hasOlder && first !== undefined && message.ordinal < first.ordinal - 1) return thread
  const seqs = { ...thread.seqs, [message.id]: seq }
  // Nearly always the newest message, or a change near the end.
  let at = messages.length
  while (at > 0 && (messages[at - 1]?.ordinal ?? 0) >= message.ordinal) at -= 1
  const replaced = messages[at]?.ordinal === message.ordinal ? 1 : 0
  return { ...thread, seqs, messages: [...messages.slice(0, at), message, ...messages.slice(at + replaced)] }
}

/** The thread with an author under their present name; whoever has no id (a member of a group) keeps theirs. */
export function renameAuthor(thread: Thread, authorId: string, name: string): Thread {
  const formerly = (m: Message) => m.author.id === authorId && m.author.name !== name
  if (!thread.messages.some(formerly)) return thread
  return { ...thread, messages: thread.messages.map((m) => (formerly(m) ? { ...m, author: { ...m.author, name } } : m)) }
}
