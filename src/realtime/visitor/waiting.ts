import type { Cancel, Clock } from '../../ports/clock.ts'
import { type Lines, shownOf } from '../../services/visitors/places-in-line.ts'
import type { VisitorEvents, VisitorWaiting } from '../../wire/visitor.ts'
import { every } from '../every.ts'

/** How often places are looked up while somebody waits, milliseconds. */
const lookEveryMs = 3_000

/** Somebody who waits, and how to tell them. */
export interface Waiter {
  readonly conversationId: string
  readonly queueId: string
  readonly show: 'off' | 'position' | 'wait' | 'both'
  tell(body: VisitorEvents['waiting']): void
}

/** Tells waiting visitors of this node their place in line, whenever it changes. */
export interface WaitingRoom {
  /** Somebody waits, or came again while waiting: they are told at the next look. */
  enter(waiter: Waiter): void
  /** They wait no longer. */
  leave(conversationId: string): void
  stop(): void
}

interface Seat {
  readonly waiter: Waiter
  /** What was told last; empty before the first word. */
  told: string
  /** Somebody may not have heard it. */
  again: boolean
}

/** Opens the room; nothing is read while nobody waits in it. */
export function openWaitingRoom(clock: Clock, lines: Lines, failed: (error: unknown) => void): WaitingRoom {
  const waiters = new Map<string, Seat>()
  let looking = false

  const look = async () => {
    const queueIds = new Set([...waiters.values()].map(({ waiter }) => waiter.queueId))
    for (const queueId of queueIds) {
      const places = await lines.placesIn(queueId)
      for (const entry of waiters.values()) {
        if (entry.waiter.queueId === queueId) tell(entry, places.get(entry.waiter.conversationId))
      }
    }
  }
  const stop: Cancel = every(clock, lookEveryMs, () => {
    if (waiters.size === 0 || looking) return
    looking = true
    look()
      .catch(failed)
      .finally(() => {
        looking = false
      })
  })
  return {
    enter: (waiter) => {
      if (waiter.show === 'off') return
      const told = waiters.get(waiter.conversationId)?.told ?? ''
      waiters.set(waiter.conversationId, { waiter, told, again: true })
    },
    leave: (conversationId) => {
      const entry = waiters.get(conversationId)
      if (entry === undefined) return
      waiters.delete(conversationId)
      if (entry.told !== '') entry.waiter.tell({ conversationId, waiting: null })
    },
    stop,
  }
}

/** Somebody beyond what is counted is told nothing rather than something wrong. */
function tell(entry: Seat, place: VisitorWaiting | undefined): void {
  const { conversationId, show } = entry.waiter
  const waiting = place === undefined ? null : shownOf(place, show)
  const words = JSON.stringify(waiting)
  if ((words === entry.told && !entry.again) || (waiting === null && entry.told === '')) return
  entry.again = false
  entry.told = words
  entry.waiter.tell({ conversationId, waiting })
}
