/** Who a line belongs to. */
export type LegRole = 'customer' | 'agent' | 'other'

/** Something that happened in a call, as a provider tells it: perhaps late, twice, out of order, or never. */
export type CallFact =
  | { readonly type: 'joined' | 'left'; readonly legId: string; readonly role: LegRole; readonly at: number }
  | { readonly type: 'held' | 'resumed'; readonly legId: string; readonly role: LegRole; readonly at: number }

/** How a call's time divides, milliseconds. `ivr + wait + talk + hold + alone` is all of it. */
export interface CallTimes {
  /** From the beginning until the customer stood in the queue: greeting and menu. */
  readonly ivrMs: number
  /** In the queue until somebody first joined the customer. */
  readonly waitMs: number
  /** With an agent or another party, nobody on hold. */
  readonly talkMs: number
  /** The customer listens to music though somebody has the call. */
  readonly holdMs: number
  /** Without anybody after the first talk: an agent's line was lost, or a transfer is under way. */
  readonly aloneMs: number
  readonly totalMs: number
}

/** The bounds of a call, epoch ms. */
export interface CallSpan {
  readonly beganAt: number
  /** When the customer was put into the queue; null when that was never. */
  readonly queuedAt: number | null
  /** The end, or the present instant of a call that goes on. */
  readonly endedAt: number
}

interface Standing {
  readonly present: ReadonlySet<string>
  readonly held: boolean
  readonly met: boolean
}

type Bucket = Exclude<keyof CallTimes, 'totalMs'>

/**
 * Divides a call's time by what is known of it. Facts count by the time they happened, not by when they came; one that
 * is told twice counts once, and what lies outside of the call is moved to its edge. Where the end of something was
 * never told, the call's own end ends it.
 */
export function callTimes(span: CallSpan, facts: readonly CallFact[]): CallTimes {
  const endedAt = Math.max(span.beganAt, span.endedAt)
  const inside = (at: number): number => Math.min(endedAt, Math.max(span.beganAt, at))
  const queuedAt = span.queuedAt === null ? null : inside(span.queuedAt)
  const times = { ivrMs: 0, waitMs: 0, talkMs: 0, holdMs: 0, aloneMs: 0 }
  let standing: Standing = { present: new Set(), held: false, met: false }
  let from = span.beganAt
  const passUntil = (to: number): void => {
    // Entering the queue is the one change that is no fact of a line.
    const turn = queuedAt !== null && queuedAt > from && queuedAt < to ? queuedAt : null
    if (turn !== null) times[bucketOf(standing, false)] += turn - from
    times[bucketOf(standing, queuedAt !== null && (turn ?? from) >= queuedAt)] += to - (turn ?? from)
    from = to
  }
  for (const fact of inOrder(facts)) {
    passUntil(inside(fact.at))
    standing = after(standing, fact)
  }
  passUntil(endedAt)
  return { ...times, totalMs: endedAt - span.beganAt }
}

/** By time; at one instant what begins comes before what ends, and the rest by line, so that the order of arrival does not matter. */
function inOrder(facts: readonly CallFact[]): CallFact[] {
  const rank = { joined: 0, held: 1, resumed: 2, left: 3 } as const
  return facts.toSorted((a, b) => a.at - b.at || rank[a.type] - rank[b.type] || (a.legId < b.legId ? -1 : a.legId > b.legId ? 1 : 0))
}

function after({ present, held, met }: Standing, fact: CallFact): Standing {
  if (fact.role === 'customer') {
    return { present, met, held: fact.type === 'held' || (held && fact.type !== 'resumed') }
  }
  if (fact.type === 'joined') return { present: new Set([...present, fact.legId]), held, met: true }
  if (fact.type !== 'left') return { present, held, met }
  return { present: new Set([...present].filter((legId) => legId !== fact.legId)), held, met }
}

function bucketOf({ present, held, met }: Standing, queued: boolean): Bucket {
  if (present.size > 0) return held ? 'holdMs' : 'talkMs'
  if (met) return 'aloneMs'
  return queued ? 'waitMs' : 'ivrMs'
}
