import type { Cancel, Clock } from '../ports/clock.ts'

/** The longest delay that `setTimeout` takes without firing at once. */
const maxTimeoutMs = 2 ** 31 - 1

/** The machine's clock. Its timers are monotonic and keep the process alive until they fire or are cancelled. */
export function createSystemClock(): Clock {
  return { now: () => Date.now(), monotonicMs: () => performance.now(), after: startTimer }
}

function startTimer(delayMs: number, fn: () => void): Cancel {
  let timer: NodeJS.Timeout
  const arm = (leftMs: number): void => {
    const stepMs = Math.min(leftMs, maxTimeoutMs)
    timer = setTimeout(() => (leftMs > stepMs ? arm(leftMs - stepMs) : fn()), stepMs)
  }
  arm(Math.max(0, delayMs))
  return () => clearTimeout(timer)
}
