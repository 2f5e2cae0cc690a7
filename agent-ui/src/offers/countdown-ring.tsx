import type { Countdown } from './countdown.ts'
import css from './offers.module.css'

const radius = 19
const around = 2 * Math.PI * radius

/** The seconds left, in a ring that empties. The number says the same as the ring. */
export function CountdownRing({ countdown }: { countdown: Countdown }) {
  return (
    <span className={css.ring} data-last={countdown.seconds <= 5 || undefined} role="timer" aria-live="off">
      <svg width="46" height="46" viewBox="0 0 46 46" aria-hidden="true">
        <circle cx="23" cy="23" r={radius} className={css.track} />
        <circle
          cx="23"
          cy="23"
          r={radius}
          className={css.left}
          strokeDasharray={around}
          strokeDashoffset={around * (1 - countdown.share)}
          transform="rotate(-90 23 23)"
        />
      </svg>
      <span className="figures">{countdown.seconds}</span>
    </span>
  )
}
