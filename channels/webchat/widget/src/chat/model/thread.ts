import type { VisitorMessage, VisitorPlace, VisitorState } from '../../../../../../src/wire/visitor.ts'

/** What the browser knows of its thread; replaced, never changed in place. */
export interface Thread {
  readonly messages: readonly VisitorMessage[]
  readonly state: VisitorState
  /** Everything of the log up to this number is in here; null before the first answer. */
  readonly seq: number | null
  readonly stateSeq: number
  /** For each message the number of the log its form here is at least as new as. */
  readonly versions: ReadonlyMap<string, number>
  /** Earlier messages can be loaded. */
  readonly older: boolean
}

/** An answer of `sync`. */
export interface SyncAnswer {
  readonly state: VisitorState
  readonly messages: readonly VisitorMessage[]
  readonly fresh: boolean
  readonly older: boolean
  readonly seq: number
}

/** Before anything is known. */
export const emptyThread: Thread = {
  messages: [],
  state: { conversationId: null, status: 'none', agentName: null, readCount: 0, seenCount: 0 },
  seq: null,
  stateSeq: 0,
  versions: new Map(),
  older: false,
}

/** Takes what was missed, or starts afresh where the answer says so. */
export function applySync(thread: Thread, answer: SyncAnswer): Thread {
  const base = answer.fresh ? { ...thread, messages: [], versions: new Map(), older: answer.older } : thread
  const merged = mergeMessages(base, answer.messages, answer.seq)
  return advance(applyState(merged, answer.state, answer.seq), answer.seq)
}

/** Takes an earlier page. */
export function applyHistory(thread: Thread, page: Pick<SyncAnswer, 'messages' | 'older' | 'seq'>): Thread {
  return { ...mergeMessages(thread, page.messages, page.seq), older: page.older }
}

/** Takes messages whose form is as new as `seq`; an older form never replaces a newer one. */
export function mergeMessages(thread: Thread, messages: readonly VisitorMessage[], seq: number): Thread {
  const byId = new Map(thread.messages.map((message) => [message.id, message]))
  const versions = new Map(thread.versions)
  for (const message of messages) {
    if ((versions.get(message.id) ?? -1) > seq) continue
    versions.set(message.id, seq)
    byId.set(message.id, message)
  }
  return { ...thread, messages: [...byId.values()].sort(byPlace), versions }
}

/** Takes the state unless a newer one is here. */
export function applyState(thread: Thread, state: VisitorState, seq: number): Thread {
  return seq < thread.stateSeq ? thread : { ...thread, state, stateSeq: seq }
}

/** Notes that everything up to `seq` has been told. */
export function advance(thread: Thread, seq: number): Thread {
  return thread.seq !== null && seq <= thread.seq ? thread : { ...thread, seq }
}

/** Conversation ids are UUIDv7: one visitor's conversations sort by time. */
function byPlace(a: VisitorMessage, b: VisitorMessage): number {
  if (a.conversationId !== b.conversationId) return a.conversationId < b.conversationId ? -1 : 1
  return a.ordinal - b.ordinal
}

/** Our messages the visitor has not seen; earlier conversations count as seen. */
export function unseen(thread: Thread, seen: VisitorPlace | null): readonly VisitorMessage[] {
  const { conversationId, seenCount } = thread.state
  const upTo = seen !== null && seen.conversationId === conversationId ? Math.max(seen.ordinal, seenCount) : seenCount
  return thread.messages.filter((m) => m.direction === 'out' && m.conversationId === conversationId && m.ordinal > upTo && !m.unsent)
}

/** The place of our newest message, which a receipt names; null while there is none. */
export function newestFromUs(thread: Thread): VisitorPlace | null {
  const last = thread.messages.findLast((message) => message.direction === 'out')
  return last === undefined ? null : { conversationId: last.conversationId, ordinal: last.ordinal }
}

/** Where the page of earlier messages ends. */
export function oldestPlace(thread: Thread): VisitorPlace | null {
  const first = thread.messages[0]
  return first === undefined ? null : { conversationId: first.conversationId, ordinal: first.ordinal }
}

/** Whether an agent has read one of the visitor's messages. */
export function isSeenByUs(thread: Thread, message: VisitorMessage): boolean {
  const { conversationId, readCount } = thread.state
  return message.status === 'read' || (message.conversationId === conversationId && message.ordinal <= readCount)
}
