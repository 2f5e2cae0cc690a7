import type { Conversation, ConversationView } from '../../../src/wire/conversations.ts'

/** How the list of one's own conversations may be ordered; other views keep the hub's order. */
export type MineOrder = 'latest' | 'waiting' | 'sla'

/** Where the loaded part of a list ends: what is older is not known yet. */
export interface ListEdge {
  readonly lastMessageAt: number
  readonly id: string
}

/** Whether a conversation belongs into a view. */
export function belongs(c: Conversation, view: ConversationView, me: string): boolean {
  switch (view) {
    case 'mine':
      return c.assigneeId === me && c.status !== 'resolved'
    case 'waiting':
      return c.status === 'queued' || c.status === 'offered'
    case 'open':
      return c.status !== 'resolved'
    case 'resolved':
      return c.status === 'resolved'
  }
}

function byLatest(a: Conversation, b: Conversation): number {
  return b.lastMessageAt - a.lastMessageAt || (a.id < b.id ? 1 : -1)
}

function byWaiting(a: Conversation, b: Conversation): number {
  return a.waitingSince - b.waitingSince || (a.id < b.id ? -1 : 1)
}

function bySla(a: Conversation, b: Conversation): number {
  const due = (c: Conversation) => (c.firstResponseAt === null ? (c.slaDueAt ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY)
  return due(a) === due(b) ? byWaiting(a, b) : due(a) - due(b)
}

function needsAnswer(c: Conversation): number {
  return c.status === 'active' && c.awaiting === 'agent' ? 0 : 1
}

const mineOrders: Readonly<Record<MineOrder, (a: Conversation, b: Conversation) => number>> = {
  latest: byLatest,
  waiting: (a, b) => needsAnswer(a) - needsAnswer(b) || byWaiting(a, b),
  sla: (a, b) => needsAnswer(a) - needsAnswer(b) || bySla(a, b),
}

/**
 * What a list shows, in order. Paged views stop at `edge`, so that a hole is never shown as the end.
 * Waiting conversations stand in the order of their wait, as the queues will offer them.
 */
export function listOf(
  all: readonly Conversation[],
  wanted: { view: ConversationView; me: string; queueId?: string | undefined; edge: ListEdge | null; order: MineOrder },
): Conversation[] {
  const { view, me, queueId, edge, order } = wanted
  const inReach = (c: Conversation) =>
    edge === null || c.lastMessageAt > edge.lastMessageAt || (c.lastMessageAt === edge.lastMessageAt && c.id >= edge.id)
  const chosen = all.filter(
    (c) => belongs(c, view, me) && (queueId === undefined || c.queueId === queueId) && (view === 'mine' || inReach(c)),
  )
  return chosen.sort(view === 'mine' ? mineOrders[order] : view === 'waiting' ? byWaiting : byLatest)
}

/** Places of the longest run of `values` that only rises (patience sorting). */
function longestRise(values: readonly number[]): Set<number> {
  const ends: number[] = []
  const before: number[] = []
  values.forEach((value, at) => {
    let pile = ends.findIndex((end) => (values[end] ?? 0) >= value)
    if (pile < 0) pile = ends.length
    before[at] = ends[pile - 1] ?? -1
    ends[pile] = at
  })
  const kept = new Set<number>()
  for (let at = ends.at(-1) ?? -1; at >= 0; at = before[at] ?? -1) kept.add(at)
  return kept
}

/** How many conversations of `present` are new, or have moved up against the order in `shown`. */
export function heldBack(shown: readonly string[], present: readonly string[]): number {
  const here = new Set(present)
  const placeBefore = new Map(shown.filter((id) => here.has(id)).map((id, at) => [id, at]))
  const known = present.filter((id) => placeBefore.has(id))
  const places = known.map((id) => placeBefore.get(id) ?? 0)
  const still = longestRise(places)
  const movedUp = places.filter((place, at) => !still.has(at) && at < place).length
  return present.length - known.length + movedUp
}
