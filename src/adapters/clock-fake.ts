import type { Cancel, Clock } from '../ports/clock.ts'

/** A clock that stands still until it is told to move. */
export interface FakeClock extends Clock {
  /**
   * Moves time forward and runs each timer due on the way, at its own instant, in order of due time
   * and then of making. After each timer all promise reactions and one turn of the event loop run
   * before time moves on, so a timer set by such a reaction fires in its turn too.
   * @param ms ≥ 0; 0 runs what is due now.
   */
  advance(ms: number): Promise<void>
  /** Moves to an instant that is not in the past, as `advance` does. */
  advanceTo(instant: number): Promise<void>
  /** Sets the wall clock without running a timer or touching `monotonicMs`, as an operator setting the machine's time does. */
  jump(ms: number): void
  /** How many timers wait. */
  readonly pending: number
}

interface Timer {
  readonly dueMs: number
  readonly order: number
  readonly fn: () => void
}

/**
 * Makes a clock for tests and for the seed, whose data must not change from day to day.
 * @param startAt epoch milliseconds; 2026-01-05T01:00:00Z (a Monday, 09:00 in Taipei) when left out.
 */
export function createFakeClock(startAt: number = Date.UTC(2026, 0, 5, 1)): FakeClock {
  let elapsedMs = 0
  let wallOffset = startAt
  let made = 0
  const timers = new Set<Timer>()

  const after = (delayMs: number, fn: () => void): Cancel => {
    const timer = { dueMs: elapsedMs + Math.max(0, delayMs), order: made++, fn }
    timers.add(timer)
    return () => void timers.delete(timer)
  }

  const advance = async (ms: number): Promise<void> => {
    const targetMs = elapsedMs + Math.max(0, ms)
    await turn()
    for (let timer = earliest(timers, targetMs); timer; timer = earliest(timers, targetMs)) {
      timers.delete(timer)
      elapsedMs = Math.max(elapsedMs, timer.dueMs)
      timer.fn()
      await turn()
    }
    elapsedMs = Math.max(elapsedMs, targetMs)
  }

  const now = (): number => wallOffset + elapsedMs
  return {
    now,
    monotonicMs: () => elapsedMs,
    after,
    advance,
    advanceTo: (instant) => advance(instant - now()),
    jump: (ms) => {
      wallOffset += ms
    },
    get pending() {
      return timers.size
    },
  }
}

function earliest(timers: ReadonlySet<Timer>, untilMs: number): Timer | undefined {
  let best: Timer | undefined
  for (const timer of timers) {
    if (timer.dueMs > untilMs) continue
    if (!best || timer.dueMs < best.dueMs || (timer.dueMs === best.dueMs && timer.order < best.order)) best = timer
  }
  return best
}

/** Lets all promise reactions and one turn of the event loop pass. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
