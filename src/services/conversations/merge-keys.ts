import type { ConversationKey, KeyPlace, KeySource } from '../../../db/queries/list-conversations.ts'
import type { Store } from '../../../db/store.ts'

/** What to read of several lists in one order. */
export interface PageOrder {
  readonly after: KeyPlace
  /** Most keys to return. */
  readonly limit: number
  /** Most keys to look at. */
  readonly scanLimit: number
  readonly compare: (a: KeyPlace, b: KeyPlace) => number
  readonly wanted: (key: ConversationKey) => boolean
}

/** The keys found, and where to go on; null at the end. */
export interface KeyPage {
  readonly keys: ConversationKey[]
  readonly next: KeyPlace | null
}

interface Stream {
  readonly source: KeySource
  buffer: ConversationKey[]
  position: number
  /** Where the next read begins. */
  from: KeyPlace
  ended: boolean
}

/**
 * Merges lists that are each in order, without repeats, and keeps what is wanted. Each list is read in small
 * pieces as the merge needs it.
 */
export async function readPage(store: Store, sources: readonly KeySource[], order: PageOrder): Promise<KeyPage> {
  const streams = sources.map((source): Stream => ({ source, buffer: [], position: 0, from: order.after, ended: false }))
  const first = Math.ceil((order.limit + 1) / Math.max(1, streams.length)) + 8
  await Promise.all(streams.map((stream) => refill(store, stream, first)))
  const keys: ConversationKey[] = []
  let last: KeyPlace = order.after
  for (let scanned = 0; scanned < order.scanLimit; scanned++) {
    const key = await takeBest(store, streams, order)
    if (key === null) return { keys, next: null }
    const repeated = last.id === key.id
    if (repeated || !order.wanted(key)) {
      last = { at: key.at, id: key.id }
      continue
    }
    if (keys.length === order.limit) return { keys, next: last }
    last = { at: key.at, id: key.id }
    keys.push(key)
  }
  return { keys, next: last }
}

async function takeBest(store: Store, streams: readonly Stream[], order: PageOrder): Promise<ConversationKey | null> {
  let best: { stream: Stream; key: ConversationKey } | null = null
  for (const stream of streams) {
    if (stream.position >= stream.buffer.length && !stream.ended) await refill(store, stream, order.limit * 4)
    const key = stream.buffer[stream.position]
    if (key !== undefined && (best === null || order.compare(key, best.key) < 0)) best = { stream, key }
  }
  if (best === null) return null
  best.stream.position += 1
  return best.key
}

async function refill(store: Store, stream: Stream, limit: number): Promise<void> {
  stream.buffer = await stream.source(store, stream.from, limit)
  stream.position = 0
  stream.ended = stream.buffer.length < limit
  const last = stream.buffer[stream.buffer.length - 1]
  if (last !== undefined) stream.from = { at: last.at, id: last.id }
}
