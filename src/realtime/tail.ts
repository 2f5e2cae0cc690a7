import { setImmediate as nextTurn } from 'node:timers/promises'
import { eventsAfter, type LogEvent, newestSeq } from '../../db/queries/log.ts'
import type { Store } from '../../db/store.ts'
import { newId } from '../lib/ids.ts'
import type { Log } from '../lib/log.ts'
import type { Broadcast } from '../ports/broadcast.ts'
import type { Cancel, Clock } from '../ports/clock.ts'

/** A stretch of the log: all events after the previous stretch, up to and including `upTo`. Empty for those who wanted none. */
export interface LogBatch {
  readonly events: readonly LogEvent[]
  readonly upTo: number
}

/** Takes the next stretch. A promise it returns is waited for before the next one comes. Must not throw or reject. */
export type LogListener = (batch: LogBatch) => void | Promise<void>

/** The one reader of the event log on a node: hands each stretch to all who listen, in the order of the log. */
export interface LogTail {
  /** Up to where stretches have been handed out and taken. */
  readonly seq: number
  /**
   * The first stretch a listener gets is empty and tells where the log stands.
   * @param wanted asked before each read: while nobody wants events they are not read, and `upTo` alone moves on. Always, when left out.
   */
  subscribe(listener: LogListener, wanted?: () => boolean): Cancel
  /** Resolves when everything committed before the call has been handed out and taken. Never rejects. */
  advance(): Promise<void>
  /** Begins at the log's present end and follows commits here, hints of other nodes, and a clock. */
  start(): Promise<void>
  /** Ends it and waits for the stretch under way. */
  stop(): Promise<void>
}

/** What a tail works on. */
export interface TailDeps {
  readonly store: Store
  readonly clock: Clock
  readonly broadcast: Broadcast
  readonly log: Log
}

/** Broadcast topic that says "look at the log again"; payload `{ node }`. */
export const logTopic = 'log'
/** How often the log is looked at when no hint comes, milliseconds. */
export const pollMs = 500
/** Events of one stretch at most. */
const maxBatch = 500

interface Listener {
  readonly take: LogListener
  readonly wanted: () => boolean
}

/** Makes a tail; nothing is read before `start`. */
export function createLogTail({ store, clock, broadcast, log }: TailDeps): LogTail {
  const node = newId()
  const listeners = new Set<Listener>()
  const stops: Cancel[] = []
  let seq = 0
  let started = false
  let running: Promise<void> | null = null
  let again = false
  let cancelPoll: Cancel = () => undefined
  let hinting = false

  const hand = async (events: readonly LogEvent[], upTo: number): Promise<void> => {
    await Promise.all([...listeners].map(async ({ take, wanted }) => take({ events: wanted() ? events : [], upTo })))
    seq = upTo
  }

  const readOn = async (): Promise<void> => {
    const newest = await newestSeq(store)
    while (started && seq < newest) {
      if (![...listeners].some((listener) => listener.wanted())) return hand([], newest)
      const events = await eventsAfter(store, { after: seq, upTo: newest, limit: maxBatch })
      await hand(events, events.length < maxBatch ? newest : (events[events.length - 1]?.seq ?? newest))
      // Reading SQLite never waits for anything; a long stretch must not keep others from their turn.
      if (seq < newest) await nextTurn()
    }
  }

  const run = async (): Promise<void> => {
    do {
      again = false
      try {
        await readOn()
      } catch (err) {
        // The next look, at the latest the poll's, begins where this one stopped.
        log.warn({ err, seq }, 'The event log could not be read.')
        return
      }
    } while (again && started)
  }

  const advance = (): Promise<void> => {
    if (!started) return Promise.resolve()
    again = true
    running ??= run().finally(() => (running = null))
    return running
  }

  const poll = (): void => {
    cancelPoll = clock.after(pollMs, () => {
      void advance()
      poll()
    })
  }

  // One hint at a time: what is committed while it travels is covered by the next.
  let hintAgain = false
  const hint = (): void => {
    if (hinting) {
      hintAgain = true
      return
    }
    hinting = true
    broadcast
      .publish(logTopic, { node })
      .catch((err: unknown) => log.debug({ err }, 'Other nodes were not told of new events; their clocks will.'))
      .finally(() => {
        hinting = false
        if (!hintAgain || !started) return
        hintAgain = false
        hint()
      })
  }

  return {
    get seq() {
      return seq
    },
    subscribe: (take, wanted = () => true) => {
      const listener: Listener = { take, wanted }
      listeners.add(listener)
      if (started) void take({ events: [], upTo: seq })
      return () => void listeners.delete(listener)
    },
    advance,
    start: async () => {
      await hand([], await newestSeq(store))
      started = true
      stops.push(
        store.onCommit(() => {
          void advance()
          hint()
        }),
        await broadcast.subscribe(logTopic, (payload) => {
          if (!isFrom(payload, node)) void advance()
        }),
        broadcast.onGap(() => void advance()),
        () => cancelPoll(),
      )
      poll()
      await advance()
    },
    stop: async () => {
      started = false
      for (const stop of stops.splice(0)) stop()
      await running
    },
  }
}

function isFrom(payload: unknown, node: string): boolean {
  return typeof payload === 'object' && payload !== null && 'node' in payload && payload.node === node
}
