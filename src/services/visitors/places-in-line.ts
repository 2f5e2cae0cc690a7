import { headOfLine } from '../../../db/queries/visitors.ts'
import { answeredSince } from '../../../db/queries/waiting.ts'
import type { Store } from '../../../db/store.ts'
import { estimateWait, type Pace } from '../../core/waiting/expected-wait.ts'
import type { Clock } from '../../ports/clock.ts'
import type { VisitorWaiting } from '../../wire/visitor.ts'

/** Places beyond this are not counted. */
const maxCounted = 200
/** How far back a queue's pace is looked at, how much of it, and how long it is good for; milliseconds and answers. */
const paceWindowMs = 1_800_000
const answersAtMost = 500
const paceKeptMs = 30_000

/** The lines that visitors stand in. */
export interface Lines {
  /** The place of each conversation that waits in a queue, as far as they are counted. */
  placesIn(queueId: string): Promise<ReadonlyMap<string, VisitorWaiting>>
}

/** Reads lines from the record: one short query for a queue, however many wait in it. */
export function createLines(store: Store, clock: Clock): Lines {
  const paces = new Map<string, { readonly until: number; readonly pace: Pace }>()

  const paceOf = async (queueId: string): Promise<Pace> => {
    const now = clock.now()
    const known = paces.get(queueId)
    if (known !== undefined && known.until > now) return known.pace
    const answeredAt = await answeredSince(store, queueId, now - paceWindowMs, answersAtMost)
    const pace = { answeredAt, windowMs: paceWindowMs }
    paces.set(queueId, { until: now + paceKeptMs, pace })
    return pace
  }
  return {
    placesIn: async (queueId) => {
      const [line, pace] = await Promise.all([headOfLine(store, { queueId, limit: maxCounted }), paceOf(queueId)])
      const now = clock.now()
      return new Map(
        line.map(({ id }, ahead) => {
          const { position, expectedMs } = estimateWait(ahead, line.length, pace, now)
          return [id, { position, expectedMs }]
        }),
      )
    },
  }
}

/** As much of a place as an inbox shows. */
export function shownOf(waiting: VisitorWaiting, show: 'off' | 'position' | 'wait' | 'both'): VisitorWaiting | null {
  if (show === 'off') return null
  return {
    position: show === 'wait' ? null : waiting.position,
    // Whole minutes: more would change with every look and promise what nobody knows.
    expectedMs: show === 'position' || waiting.expectedMs === null ? null : Math.ceil(waiting.expectedMs / 60_000) * 60_000,
  }
}
