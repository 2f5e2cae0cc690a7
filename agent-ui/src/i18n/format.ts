import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'

/** Younger than this is now. */
const justNowMs = 10_000
const minuteMs = 60_000
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString()
}

/** Elapsed or remaining time as `0:42`, `12:05`, `3:07:00`; negative counts as none. */
export function timer(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1_000))
  const s = String(seconds % 60).padStart(2, '0')
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes}:${s}`
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${s}`
}

/** Dates, times and numbers in one language, in the browser's zone. */
export interface Format {
  /** `14:05` */
  time(at: number): string
  /** `3 Nov, 14:05`, with the year when it is not this one. */
  dateTime(at: number, now: number): string
  /** The date with its year. */
  date(at: number): string
  /** Today, yesterday, or the date; for separators between days. */
  day(at: number, now: number): string
  /** Time since, in its largest unit: `now`, `42s`, `7m`, `3h`; the date when more than six days. */
  ago(at: number, now: number): string
  /** A length of time in its largest unit. */
  span(ms: number): string
  number(value: number): string
  /** A share of 1 as a whole percentage. */
  percent(share: number): string
  bytes(value: number): string
  list(items: readonly string[]): string
}

function sentenceCase(text: string, locale: string): string {
  return text.charAt(0).toLocaleUpperCase(locale) + text.slice(1)
}

function makeFormat(locale: string): Format {
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' })
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  const day = new Intl.DateTimeFormat(locale, { month: 'short', day: 'numeric' })
  const dayOfYear = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'short', day: 'numeric' })
  const weekday = new Intl.DateTimeFormat(locale, { weekday: 'long', month: 'short', day: 'numeric' })
  const plain = new Intl.NumberFormat(locale)
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 })
  const list = new Intl.ListFormat(locale, { type: 'conjunction' })
  // Japanese writes its narrow units in Latin letters; its short ones are the usual words.
  const unitDisplay = locale === 'ja' ? 'short' : 'narrow'
  const unit = (name: string, value: number, digits = 0): string =>
    new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay, maximumFractionDigits: digits }).format(value)
  const date = (at: number, now: number): string =>
    (new Date(at).getFullYear() === new Date(now).getFullYear() ? day : dayOfYear).format(at)
  const span = (ms: number): string => {
    if (ms < minuteMs) return unit('second', Math.max(0, Math.floor(ms / 1_000)))
    if (ms < hourMs) return unit('minute', Math.floor(ms / minuteMs))
    if (ms < dayMs) return unit('hour', Math.floor(ms / hourMs))
    return unit('day', Math.floor(ms / dayMs))
  }
  return {
    time: (at) => time.format(at),
    dateTime: (at, now) => (sameDay(at, now) ? time.format(at) : `${date(at, now)} ${time.format(at)}`),
    date: (at) => dayOfYear.format(at),
    day: (at, now) => {
      if (sameDay(at, now)) return sentenceCase(relative.format(0, 'day'), locale)
      if (sameDay(at, now - dayMs)) return sentenceCase(relative.format(-1, 'day'), locale)
      return now - at < 300 * dayMs ? weekday.format(at) : dayOfYear.format(at)
    },
    ago: (at, now) => {
      if (now - at < justNowMs) return relative.format(0, 'second')
      return now - at > 6 * dayMs ? date(at, now) : span(now - at)
    },
    span,
    number: (value) => plain.format(value),
    percent: (share) => percent.format(share),
    bytes: (value) => {
      if (value < 1_000) return unit('byte', value)
      if (value < 1_000_000) return unit('kilobyte', value / 1_000)
      return unit('megabyte', value / 1_000_000, 1)
    },
    list: (items) => list.format(items),
  }
}

const made = new Map<string, Format>()

/** Formats of a language, made once. */
export function formatFor(locale: string): Format {
  const known = made.get(locale)
  if (known) return known
  const fresh = makeFormat(locale)
  made.set(locale, fresh)
  return fresh
}

/** Formats of the language shown now. */
export function useFormat(): Format {
  const { i18n } = useTranslation()
  return useMemo(() => formatFor(i18n.language), [i18n.language])
}
