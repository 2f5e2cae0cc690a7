import { headOfLine, takenSince } from '../../../db/queries/visitors.ts'
import type { Store } from '../../../db/store.ts'
import type { Clock } from '../../ports/clock.ts'
import type { VisitorWaiting } from '../../wire/visitor.ts'

/** Places beyond this are not counted. */
const maxCounted = 200
/** The stretch of time whose pace foretells the wait, and how many must have been taken in it for a word about it. */
const paceWindowMs = 30 * 60_000
const paceAtLeast = 3
/** How long a pace is good for, milliseconds. */
const paceKeptMs = 30_000

/** The lines that visitors stand in. */
export interface Lines {
  /** The place of each conversation that waits in a queue, as far as they are counted. */
  placesIn(queueId: string): Promise<ReadonlyMap<string, VisitorWaiting>>
}

/** Reads lines from the record: one short query for a queue, however many wait in it. */
export function createLines(store: Store, clock: Clock): Lines {
  const paces = new Map<string, { readonly until: number; readonly everyMs: number | null }>()

  const paceOf = async (queueId: string): Promise<number | null> => {
    const now = clock.now()
    const known = paces.get(queueId)
    if (known !== undefined && known.until > now) return known.everyMs
    const taken = (await takenSince(store, { queueId, since: now - paceWindowMs })).length
    const everyMs = taken < paceAtLeast ? null : paceWindowMs / taken
    paces.set(queueId, { until: now + paceKeptMs, everyMs })
    return everyMs
  }
  return {
    placesIn: async (queueId) => {
      const [line, everyMs] = await Promise.all([headOfLine(store, { queueId, limit: maxCounted }), paceOf(queueId)])
      return new Map(
        line.map(({ id }, index) => [id, { position: index + 1, expectedMs: everyMs === null ? null : Math.round(everyMs * (index + 1)) }]),
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
