import type { Cancel, Clock } from '../ports/clock.ts'

/** Calls `act` at an interval until cancelled; the first time after one interval. */
export function every(clock: Clock, intervalMs: number, act: () => void): Cancel {
  let cancel: Cancel = () => undefined
  const next = (): void => {
    cancel = clock.after(intervalMs, () => {
      next()
      act()
    })
  }
  next()
  return () => cancel()
}
