import { crossingMessagesById, headsById, type ThreadHead, threadHeads } from '../../../db/queries/visitor-threads.ts'
import type { Store } from '../../../db/store.ts'
import type { Log } from '../../lib/log.ts'
import type { Visitor } from '../../services/visitors/chat-inbox.ts'
import { presentAll, stateOf } from '../../services/visitors/load-visitor-thread.ts'
import type { VisitorEvents } from '../../wire/visitor.ts'
import type { LogBatch } from '../tail.ts'
import type { WaitingRoom } from './waiting.ts'

/** One browser that follows its thread. */
export interface Follower {
  send<K extends keyof VisitorEvents>(name: K, body: VisitorEvents[K]): void
  /** Ends the connection: it could not be told everything, so it must come back and sync. */
  drop(): void
}

/** Brings changes of the record to the visitors they concern, in the order of the log. */
export interface VisitorFeed {
  /** Begins to follow; from when the promise resolves nothing that a later `syncVisitor` leaves out is missed. */
  follow(visitor: Visitor, follower: Follower): Promise<() => void>
  /** Takes the next stretch of the log. Never rejects: what cannot be told now, the next `sync` tells. */
  take(batch: LogBatch): Promise<void>
  /** Everybody on this node who follows the thread a conversation belongs to, its visitor's id, or null when nobody does. */
  threadOf(conversationId: string): { visitorId: string; followers: Iterable<Follower> } | null
  /** Up to where the log has been told. */
  readonly upTo: number
  /** Whether anybody follows; the log need not be read for nobody. */
  readonly wanted: () => boolean
}

interface Thread {
  readonly inboxId: string
  readonly visitorId: string
  readonly show: Visitor['config']['showQueue']
  readonly followers: Set<Follower>
  readonly conversationIds: Set<string>
}

/** What a stretch of the log touched: ids, each with the newest number that did. */
interface Touched {
  readonly messages: Map<string, number>
  readonly conversations: Map<string, number>
}

interface Telling {
  readonly seq: number
  readonly thread: Thread
  to(follower: Follower): void
}

/** Makes a feed; nothing is read from the database while nobody follows. */
export function createVisitorFeed(store: Store, log: Log, room: WaitingRoom): VisitorFeed {
  const threads = new Map<string, Thread>()
  const byConversation = new Map<string, Thread>()
  let upTo = 0
  let turn: Promise<void> = Promise.resolve()

  const claim = (thread: Thread, heads: readonly ThreadHead[]) => {
    for (const head of heads) {
      thread.conversationIds.add(head.id)
      byConversation.set(head.id, thread)
    }
  }

  const leave = (key: string, thread: Thread, follower: Follower) => {
    thread.followers.delete(follower)
    if (thread.followers.size > 0 || threads.get(key) !== thread) return
    threads.delete(key)
    for (const id of thread.conversationIds) {
      byConversation.delete(id)
      room.leave(id)
    }
  }

  /** Conversations begun since their visitors came: they are found by their thread. */
  const adopt = async (batch: LogBatch) => {
    const begun = batch.events.flatMap((event) =>
      event.type === 'conversation.created' && event.conversationId !== null ? [event.conversationId] : [],
    )
    for (const head of await headsById(
      store,
      begun.filter((id) => !byConversation.has(id)),
    )) {
      const thread = threads.get(keyOf(head.inboxId, head.threadKey))
      if (thread !== undefined) claim(thread, [head])
    }
  }

  /** Shows those who wait their place, from now on or no longer. */
  const seat = (thread: Thread, head: ThreadHead) => {
    if (head.status !== 'queued' && head.status !== 'offered') return room.leave(head.id)
    room.enter({
      conversationId: head.id,
      queueId: head.queueId,
      show: thread.show,
      tell: (body) => {
        for (const follower of thread.followers) follower.send('waiting', body)
      },
    })
  }

  /** A changed inbox may be closed, moved or signed with another key, a visitor logged out: their browsers prove themselves again. */
  const expel = (batch: LogBatch) => {
    const changed = new Set(
      batch.events.flatMap(({ type, subjectId, data }) =>
        type === 'inbox.changed' && subjectId !== null && data['what'] !== 'health' ? [subjectId] : [],
      ),
    )
    const ended = new Set(
      batch.events.flatMap(({ type, subjectId }) => (type === 'visitor.ended' && subjectId !== null ? [subjectId] : [])),
    )
    if (changed.size === 0 && ended.size === 0) return
    for (const thread of threads.values()) {
      if (changed.has(thread.inboxId) || ended.has(thread.visitorId)) for (const follower of thread.followers) follower.drop()
    }
  }

  const tell = async (batch: LogBatch) => {
    expel(batch)
    await adopt(batch)
    const touched = touchedBy(batch, byConversation)
    for (const telling of await tellings(store, touched, byConversation, seat)) {
      for (const follower of telling.thread.followers) telling.to(follower)
    }
  }

  return {
    follow: async (visitor, follower) => {
      const key = keyOf(visitor.inbox.id, visitor.visitorId)
      const thread = threads.get(key) ?? {
        inboxId: visitor.inbox.id,
        visitorId: visitor.visitorId,
        show: visitor.config.showQueue,
        followers: new Set(),
        conversationIds: new Set(),
      }
      // Known before its conversations are read, so that one begun meanwhile finds it.
      threads.set(key, thread)
      thread.followers.add(follower)
      const stop = () => leave(key, thread, follower)
      try {
        const heads = await threadHeads(store, { inboxId: thread.inboxId, threadKey: thread.visitorId })
        if (thread.followers.has(follower)) claim(thread, heads)
        // Told again to all windows of the thread: a new one knows nothing yet.
        if (heads[0] !== undefined && thread.followers.has(follower)) seat(thread, heads[0])
      } catch (error) {
        stop()
        throw error
      }
      return stop
    },
    take: (batch) => {
      turn = turn.then(async () => {
        try {
          if (threads.size > 0) await tell(batch)
        } catch (error) {
          log.warn({ err: error, upTo: batch.upTo }, 'visitors could not be told of a change and are sent to sync')
          for (const thread of threads.values()) for (const follower of thread.followers) follower.drop()
        }
        upTo = batch.upTo
      })
      return turn
    },
    threadOf: (conversationId) => byConversation.get(conversationId) ?? null,
    get upTo() {
      return upTo
    },
    wanted: () => threads.size > 0,
  }
}

function keyOf(inboxId: string, visitorId: string): string {
  return `${inboxId}\n${visitorId}`
}

function touchedBy(batch: LogBatch, followed: ReadonlyMap<string, Thread>): Touched {
  const touched: Touched = { messages: new Map(), conversations: new Map() }
  for (const { type, conversationId, subjectId, seq } of batch.events) {
    if (conversationId === null || !followed.has(conversationId)) continue
    if ((type === 'message.created' || type === 'message.changed') && subjectId !== null) touched.messages.set(subjectId, seq)
    if (type === 'conversation.created' || type === 'conversation.changed') touched.conversations.set(conversationId, seq)
  }
  return touched
}

async function tellings(
  store: Store,
  touched: Touched,
  followed: ReadonlyMap<string, Thread>,
  seat: (thread: Thread, head: ThreadHead) => void,
): Promise<Telling[]> {
  if (touched.messages.size === 0 && touched.conversations.size === 0) return []
  const rows = await crossingMessagesById(store, [...touched.messages.keys()])
  const heads = await headsById(store, [...new Set([...touched.conversations.keys(), ...rows.map((row) => row.conversationId)])])
  const told: Telling[] = []
  // A conversation may hold messages of other inboxes; only this site's own cross to its visitor.
  const own = rows.filter((row) => followed.get(row.conversationId)?.inboxId === row.inboxId)
  for (const message of await presentAll(store, own, heads)) {
    const thread = followed.get(message.conversationId)
    const seq = touched.messages.get(message.id)
    if (thread !== undefined && seq !== undefined)
      told.push({ seq, thread, to: (follower) => follower.send('message.changed', { seq, message }) })
  }
  for (const head of heads) {
    const thread = followed.get(head.id)
    const seq = touched.conversations.get(head.id)
    if (thread === undefined || seq === undefined || newestOf(thread) !== head.id) continue
    seat(thread, head)
    const state = await stateOf(store, head)
    told.push({ seq, thread, to: (follower) => follower.send('state.changed', { seq, state }) })
  }
  return told.sort((a, b) => a.seq - b.seq)
}

/** Ids are UUIDv7: the newest conversation has the greatest. */
function newestOf(thread: Thread): string | undefined {
  let newest: string | undefined
  for (const id of thread.conversationIds) if (newest === undefined || id > newest) newest = id
  return newest
}
