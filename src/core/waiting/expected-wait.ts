import type { AnnounceSettings } from '../../wire/queues.ts'

/** What is known of a queue's pace. Instants are epoch milliseconds. */
export interface Pace {
  /** When items of the queue (and ring) were last answered, in any order. */
  readonly answeredAt: readonly number[]
  /** Over how long `answeredAt` tells all. */
  readonly windowMs: number
}

/** Where somebody stands and how long it may take. */
export interface WaitEstimate {
  /** 1 = next. */
  readonly position: number
  /** Items waiting in all. */
  readonly size: number
  /** The middle of it; null where nothing was answered lately. */
  readonly expectedMs: number | null
  /** Of ten like it, eight wait between these. */
  readonly spreadMs: { readonly from: number; readonly to: number } | null
  /** What may be said of it without false precision. */
  readonly class: WaitClass
}

/** How a wait is told: soon (under a minute), or rounded up to one of these, or longer, or not known. */
export const waitClasses = ['soon', 'm2', 'm5', 'm10', 'm20', 'm30', 'm60', 'long', 'unknown'] as const
export type WaitClass = (typeof waitClasses)[number]

const classLimitsMs: readonly (readonly [WaitClass, number])[] = [
  ['soon', 60_000],
  ['m2', 120_000],
  ['m5', 300_000],
  ['m10', 600_000],
  ['m20', 1_200_000],
  ['m30', 1_800_000],
  ['m60', 3_600_000],
]

/** The 90 % quantile of the standard normal distribution; the spread leaves a tenth out on either side. */
const z90 = 1.2816

/**
 * The one place where a wait is foretold. The turns before somebody come as they lately did, at a steady rate λ and independent of
 * each other, so that the wait for the n-th is a gamma distribution of shape n; its quantiles by Wilson and Hilferty's cube root.
 * @param ahead items before it in its queue.
 */
export function estimateWait(ahead: number, size: number, pace: Pace, now: number): WaitEstimate {
  const recent = pace.answeredAt.filter((at) => at <= now && at > now - pace.windowMs).length
  const position = ahead + 1
  if (recent === 0) return { position, size, expectedMs: null, spreadMs: null, class: 'unknown' }
  const msPerAnswer = pace.windowMs / recent
  const quantile = (z: number): number => Math.round(position * cube(1 - 1 / (9 * position) + z / (3 * Math.sqrt(position))) * msPerAnswer)
  const expectedMs = quantile(0)
  const spreadMs = { from: Math.max(0, quantile(-z90)), to: quantile(z90) }
  return { position, size, expectedMs, spreadMs, class: classOf(expectedMs) }
}

function cube(x: number): number {
  return Math.max(0, x) ** 3
}

function classOf(expectedMs: number): WaitClass {
  return classLimitsMs.find(([, limitMs]) => expectedMs <= limitMs)?.[0] ?? 'long'
}

/** What a customer was last told, and when. */
export interface Told {
  readonly at: number
  readonly position: number
  readonly class: WaitClass
}

/**
 * Whether it is worth telling: at first, and then at most every so often, when the position has improved or the wait has changed its
 * class. A position that has become worse is not told, for somebody more urgent came.
 */
export function worthTelling(settings: AnnounceSettings, last: Told | null, estimate: WaitEstimate, now: number): boolean {
  if (!settings.position && !settings.expectedWait) return false
  if (last === null) return true
  if (now - last.at < settings.everyMs) return false
  return (settings.position && estimate.position < last.position) || (settings.expectedWait && estimate.class !== last.class)
}
