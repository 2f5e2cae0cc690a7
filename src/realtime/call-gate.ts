import { AppError } from '../lib/errors.ts'
import type { Clock } from '../ports/clock.ts'

/** Calls a console may make in one window, and at once. */
const windowMs = 10_000
const maxPerWindow = 300
const maxUnderWay = 16
/** A socket that goes on calling beyond this, acknowledgements included, is cut. */
const maxBeforeCut = 3_000

/** Counts one socket's calls. */
export interface CallGate {
  /**
   * Lets a call in.
   * @param counted acknowledgements are not counted against the limit, only against the cut.
   * @throws AppError 'rate_limited' with `details.retryAfterMs`.
   */
  enter(counted: boolean): void
  leave(): void
  /** Whether the socket is to be cut. */
  readonly flooded: boolean
}

/** Makes a gate for a new socket. */
export function createCallGate(clock: Clock): CallGate {
  let endsMs = 0
  let calls = 0
  let counted = 0
  let underWay = 0
  return {
    enter: (counts) => {
      const now = clock.monotonicMs()
      if (now >= endsMs) {
        endsMs = now + windowMs
        calls = 0
        counted = 0
      }
      calls += 1
      if (counts) counted += 1
      if (counted > maxPerWindow || underWay >= maxUnderWay) {
        throw new AppError('rate_limited', 'That was too much at once; wait a moment.', { retryAfterMs: Math.max(1_000, endsMs - now) })
      }
      underWay += 1
    },
    leave: () => {
      underWay -= 1
    },
    get flooded() {
      return calls > maxBeforeCut
    },
  }
}
