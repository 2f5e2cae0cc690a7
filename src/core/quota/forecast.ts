import type { InboxQuota } from '../../wire/inboxes.ts'

/** How far a month's plan is used up: `warn` from 80 %, `low` from the account's own share, `exhausted` when nothing is left. */
export type QuotaLevel = 'ok' | 'warn' | 'low' | 'exhausted'

/** Where a plan stands and where it leads. */
export interface QuotaForecast {
  readonly level: QuotaLevel
  /** Messages left this month; null without a limit. */
  readonly left: number | null
  /** When nothing is left if it goes on as in the last days, epoch ms; null when the month ends first. */
  readonly exhaustedAt: number | null
}

const warnPercent = 80
const dayMs = 86_400_000

/** The pace is taken from so many of the last days, or from as many as are known. */
const paceDays = 7

/** Less than this of a known past says nothing about the pace. */
const leastPastMs = 6 * 3_600_000

/**
 * Judges a plan.
 * @param lowPercent share from which it counts as low, above `warnPercent`.
 * @param offsetMs the plan's own zone, east of UTC: its months begin at midnight there.
 */
export function forecastQuota(
  quota: InboxQuota,
  now: number,
  { lowPercent, offsetMs }: { lowPercent: number; offsetMs: number },
): QuotaForecast {
  const { limit } = quota
  if (limit === null) return { level: 'ok', left: null, exhaustedAt: null }
  const month = monthOf(now, offsetMs)
  // A count of last month says nothing about this one.
  const used = quota.readAt < month.start ? 0 : quota.used
  const left = Math.max(0, limit - used)
  return { level: levelOf(used, limit, lowPercent), left, exhaustedAt: exhaustionOf(quota, used, left, now, month) }
}

function levelOf(used: number, limit: number, lowPercent: number): QuotaLevel {
  if (used >= limit) return 'exhausted'
  const percent = (used / limit) * 100
  if (percent >= lowPercent) return 'low'
  return percent >= warnPercent ? 'warn' : 'ok'
}

function exhaustionOf(quota: InboxQuota, used: number, left: number, now: number, month: Month): number | null {
  if (left === 0) return now
  const past = quota.samples.filter(({ at }) => at >= month.start && at >= now - paceDays * dayMs)
  const first = past[0] ?? { at: month.start, used: 0 }
  const spanMs = now - first.at
  const spent = used - first.used
  if (spanMs < leastPastMs || spent <= 0) return null
  const at = Math.round(now + (left * spanMs) / spent)
  return at < month.end ? at : null
}

interface Month {
  readonly start: number
  readonly end: number
}

function monthOf(now: number, offsetMs: number): Month {
  const there = new Date(now + offsetMs)
  const [year, month] = [there.getUTCFullYear(), there.getUTCMonth()]
  return { start: Date.UTC(year, month, 1) - offsetMs, end: Date.UTC(year, month + 1, 1) - offsetMs }
}

/** Samples are kept this far apart, so that those of a month fit. */
const sampleEveryMs = 12 * 3_600_000
const keptSamples = 62

/** What is remembered after a new reading; samples of a month that is over go. */
export function noteReading(
  former: InboxQuota | null,
  reading: { readonly limit: number | null; readonly used: number },
  now: number,
  offsetMs: number,
): InboxQuota {
  const { start } = monthOf(now, offsetMs)
  const samples = (former?.samples ?? []).filter(({ at }) => at >= start)
  const last = samples.at(-1)
  if (last === undefined || now - last.at >= sampleEveryMs) samples.push({ at: now, used: reading.used })
  return { ...reading, readAt: now, samples: samples.slice(-keptSamples) }
}

/** What a message waits for, if anything. */
export type Hold = 'approval' | 'customer'

/**
 * Whether a message that would be counted has to wait, by the account's policy.
 * @param free it costs nothing: it answers the customer in time.
 */
export function holdOf(
  level: QuotaLevel,
  policy: 'warn' | 'ask' | 'defer',
  { free, approved }: { readonly free: boolean; readonly approved: boolean },
): Hold | null {
  if (free || approved || (level !== 'low' && level !== 'exhausted')) return null
  if (policy === 'warn') return null
  return policy === 'ask' ? 'approval' : 'customer'
}
