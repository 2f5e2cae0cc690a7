import type { Locale } from '../../../../../src/wire/words.ts'
import { chat as en } from '../locales/en.json'

/** A text of the chat. */
export type TextKey = keyof typeof en

/** The language of this page: its words, its dates, its numbers. */
export interface Language {
  readonly locale: Locale
  text(key: TextKey, values?: Readonly<Record<string, string | number>>): string
  time(at: number): string
  day(at: number, now: number): string
  /** Day and time, as for an opening. */
  moment(at: number): string
  bytes(count: number): string
}

const loaders: Readonly<Record<Locale, () => Promise<Readonly<Record<TextKey, string>>>>> = {
  en: async () => en,
  'zh-TW': async () => (await import('../locales/zh-TW.json')).chat,
  'zh-CN': async () => (await import('../locales/zh-CN.json')).chat,
  ja: async () => (await import('../locales/ja.json')).chat,
}

/** Loads one language; English stands in for one that cannot be fetched. */
export async function loadLanguage(locale: Locale): Promise<Language> {
  const texts = await loaders[locale]().catch(() => en)
  const time = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' })
  const day = new Intl.DateTimeFormat(locale, { weekday: 'long', month: 'long', day: 'numeric' })
  const dayOfYear = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'long', day: 'numeric' })
  const moment = new Intl.DateTimeFormat(locale, { weekday: 'long', month: 'long', day: 'numeric', hour: 'numeric', minute: '2-digit' })
  const text: Language['text'] = (key, values = {}) =>
    texts[key].replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
  return {
    locale,
    text,
    time: (at) => time.format(at),
    moment: (at) => moment.format(at),
    day: (at, now) => {
      const ago = daysBetween(at, now)
      if (ago === 0) return text('today')
      if (ago === 1) return text('yesterday')
      return (new Date(at).getFullYear() === new Date(now).getFullYear() ? day : dayOfYear).format(at)
    },
    bytes: (count) => formatBytes(locale, count),
  }
}

/** Whole calendar days of this browser's zone from `at` to `now`. */
function daysBetween(at: number, now: number): number {
  return Math.round((startOfDay(now) - startOfDay(at)) / 86_400_000)
}

/** Midnight at the beginning of an instant's day, epoch ms, in this browser's zone. */
export function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0)
}

function formatBytes(locale: Locale, count: number): string {
  const units = ['byte', 'kilobyte', 'megabyte'] as const
  const step = count < 1_000 ? 0 : count < 1_000_000 ? 1 : 2
  const value = count / 1_000 ** step
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: units[step],
    unitDisplay: 'short',
    maximumFractionDigits: value < 10 && step > 0 ? 1 : 0,
  }).format(value)
}
