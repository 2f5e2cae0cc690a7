import {
  agentNames,
  messagesBefore,
  messagesChanged,
  newestSeq,
  type ThreadHead,
  type ThreadMessageRow,
  threadHeads,
} from '../../../db/queries/visitor-threads.ts'
import type { Store } from '../../../db/store.ts'
import { isForVisitor, presentVisitorMessage, presentVisitorState } from '../../present/visitor-thread.ts'
import type { VisitorMessage, VisitorPlace, VisitorState } from '../../wire/visitor.ts'
import type { ServiceContext } from '../context.ts'
import type { Visitor } from './chat-inbox.ts'

const dayMs = 86_400_000

/** More changes than this since the browser was here: it takes the newest page instead. */
const maxTouched = 400

/** What a browser needs to be in step with the record. */
export interface VisitorSync {
  readonly state: VisitorState
  readonly messages: VisitorMessage[]
  /** The messages replace whatever the browser had. */
  readonly fresh: boolean
  readonly older: boolean
  /** Everything up to this number of the log is in the answer. */
  readonly seq: number
}

/**
 * What a visitor's browser missed after `since`, or the newest page when it brings nothing or was away too long.
 * The same answer twice does no harm: each message carries its whole present state.
 */
export async function syncVisitor(ctx: ServiceContext, visitor: Visitor, since: number | null, limit: number): Promise<VisitorSync> {
  // Read before the data, so that no change falls between: what comes meanwhile is told again by its event.
  const seq = await newestSeqOf(ctx.store)
  const heads = await threadHeads(ctx.store, { inboxId: visitor.inbox.id, threadKey: visitor.visitorId })
  const state = await stateOf(ctx.store, heads[0] ?? null)
  if (since !== null && since <= seq) {
    const changed = await messagesChanged(
      ctx.store,
      heads.map((head) => head.id),
      since,
      maxTouched,
    )
    if (changed !== null) {
      const messages = await presentAll(
        ctx.store,
        changed.filter((row) => row.createdAt >= oldestShown(ctx, visitor)),
        heads,
      )
      return { state, messages, fresh: false, older: false, seq }
    }
  }
  const page = await pageBefore(ctx, visitor, heads, null, limit)
  return { state, ...page, fresh: true, seq }
}

/** The page before a place of the visitor's own thread; empty for a place in anybody else's. */
export async function loadVisitorHistory(
  ctx: ServiceContext,
  visitor: Visitor,
  before: VisitorPlace,
  limit: number,
): Promise<Pick<VisitorSync, 'messages' | 'older' | 'seq'>> {
  const seq = await newestSeqOf(ctx.store)
  const heads = await threadHeads(ctx.store, { inboxId: visitor.inbox.id, threadKey: visitor.visitorId })
  const from = heads.findIndex((head) => head.id === before.conversationId)
  if (from < 0) return { messages: [], older: false, seq }
  return { ...(await pageBefore(ctx, visitor, heads.slice(from), before.ordinal, limit)), seq }
}

/** The state shown to the visitor whose newest conversation this is. */
export async function stateOf(store: Store, head: ThreadHead | null): Promise<VisitorState> {
  if (head === null || head.assigneeId === null) return presentVisitorState(head, null)
  const names = await agentNames(store, [head.assigneeId])
  return presentVisitorState(head, names.get(head.assigneeId) ?? null)
}

/** Rows as their visitors see them, in the order of the thread; those not for visitors are left out. */
export async function presentAll(store: Store, rows: readonly ThreadMessageRow[], heads: readonly ThreadHead[]): Promise<VisitorMessage[]> {
  const shown = rows.filter(isForVisitor)
  const authors = shown.flatMap((row) =>
    row.direction === 'out' && row.authorType === 'agent' && row.authorId !== null ? [row.authorId] : [],
  )
  const names = await agentNames(store, [...new Set(authors)])
  const readCounts = new Map(heads.map((head) => [head.id, head.readCount]))
  return shown
    .map((row) => presentVisitorMessage(row, names.get(row.authorId ?? '') ?? row.authorName, readCounts.get(row.conversationId) ?? 0))
    .sort(byPlace)
}

/** Conversation ids are UUIDv7, so they sort by time. */
function byPlace(a: VisitorMessage, b: VisitorMessage): number {
  if (a.conversationId !== b.conversationId) return a.conversationId < b.conversationId ? -1 : 1
  return a.ordinal - b.ordinal
}

async function pageBefore(ctx: ServiceContext, visitor: Visitor, heads: readonly ThreadHead[], before: number | null, limit: number) {
  const rows: ThreadMessageRow[] = []
  const from = oldestShown(ctx, visitor)
  let ordinal = before ?? Number.MAX_SAFE_INTEGER
  for (const head of heads) {
    while (rows.length <= limit) {
      const batch = await messagesBefore(ctx.store, {
        conversationId: head.id,
        inboxId: visitor.inbox.id,
        before: ordinal,
        from,
        limit: limit + 1,
      })
      rows.push(...batch.filter(isForVisitor))
      ordinal = batch.at(-1)?.ordinal ?? 0
      if (batch.length <= limit) break
    }
    if (rows.length > limit) break
    ordinal = Number.MAX_SAFE_INTEGER
  }
  return { messages: await presentAll(ctx.store, rows.slice(0, limit), heads), older: rows.length > limit }
}

function oldestShown(ctx: ServiceContext, visitor: Visitor): number {
  return ctx.clock.now() - visitor.config.retentionDays * dayMs
}

async function newestSeqOf(store: Store): Promise<number> {
  const [row] = await newestSeq(store, {})
  return row?.seq ?? 0
}
