import type { RoutingAgent, WorkItem } from '../routing/snapshot.ts'
import { exponential, logNormal, type Random, weighted } from './random.ts'

/** Somebody who comes on the day. Instants are epoch milliseconds. */
export interface Arrival {
  readonly at: number
  readonly item: WorkItem
  /** Gives up after waiting so long. */
  readonly patienceMs: number
  /** Talk and wrap-up once accepted. */
  readonly handleMs: number
}

/** An agent's time on duty. */
export interface Shift {
  readonly agent: RoutingAgent
  readonly from: number
  readonly to: number
}

/** A day to be lived through: recorded or generated. */
export interface DayPlan {
  readonly from: number
  readonly arrivals: readonly Arrival[]
  readonly shifts: readonly Shift[]
  /** From the offer to its acceptance. */
  readonly answerMs: number
}

/** A kind of contact that comes over the day. */
export interface Stream {
  readonly weight: number
  readonly queueId: string
  readonly channel: WorkItem['channel']
  readonly priority: number
  readonly required: WorkItem['required']
  readonly handleMs: number
  readonly patienceMs: number
}

/** What a generated day is like. */
export interface DaySpec {
  readonly from: number
  /** Contacts in each hour of the day. */
  readonly perHour: readonly number[]
  readonly streams: readonly Stream[]
  readonly shifts: readonly Shift[]
  readonly answerMs: number
}

const hourMs = 3_600_000
/** Standard deviation of handling times over their mean. */
const handleSpread = 0.6

/** Makes a day up: contacts come at random at the hour's rate, each of a stream by weight. The same chance, the same day. */
export function generateDay(spec: DaySpec, random: Random): DayPlan {
  const arrivals: Arrival[] = []
  for (const [hour, count] of spec.perHour.entries()) {
    const start = spec.from + hour * hourMs
    if (count <= 0) continue
    for (let at = start + exponential(random, hourMs / count); at < start + hourMs; at += exponential(random, hourMs / count)) {
      const stream = weighted(random, spec.streams)
      if (stream !== undefined) arrivals.push(arrivalOf(stream, Math.floor(at), arrivals.length, random))
    }
  }
  return { from: spec.from, arrivals, shifts: spec.shifts, answerMs: spec.answerMs }
}

function arrivalOf(stream: Stream, at: number, n: number, random: Random): Arrival {
  return {
    at,
    patienceMs: Math.ceil(exponential(random, stream.patienceMs)),
    handleMs: Math.ceil(logNormal(random, stream.handleMs, handleSpread)),
    item: {
      id: `arrival-${String(n).padStart(7, '0')}`,
      queueId: stream.queueId,
      channel: stream.channel,
      priority: stream.priority,
      createdAt: at,
      queuedAt: at,
      deadlineAt: null,
      required: stream.required,
      language: null,
      preferredAgent: null,
      personalAgent: null,
      avoid: [],
      offeredTo: [],
    },
  }
}
