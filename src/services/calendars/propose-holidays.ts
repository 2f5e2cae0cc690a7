import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import type { CalendarDay } from '../../wire/calendars.ts'
import type { Locale } from '../../wire/words.ts'
import { require } from '../access/require.ts'

/** Which holidays are asked for. */
export interface HolidayQuestion {
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  /** As date-holidays names them; all of the country when left out. */
  readonly region?: string | undefined
  readonly year: number
  /** The language of their names, where they have one in it. */
  readonly locale: Locale
}

/**
 * Public holidays of a country or of one of its regions in a year, as days for a calendar. A proposal: bridge days and
 * make-up workdays are decreed from year to year and are the administrator's to add.
 * @throws AppError 'invalid_input' for a country nothing is known of.
 */
export async function proposeHolidays(viewer: Viewer, { country, region, year, locale }: HolidayQuestion): Promise<CalendarDay[]> {
  require(viewer, 'routing.manage')
  // The rules of the whole world are 26 MiB, wanted a few times a year.
  const { default: Holidays } = await import('date-holidays')
  const known = new Holidays().getCountries()
  if (!(country in known)) {
    const message = 'Nothing is known of this country’s holidays.'
    throw new AppError('invalid_input', message, { fields: [{ path: 'country', message }] })
  }
  const holidays = region === undefined ? new Holidays(country) : new Holidays(country, region)
  const days = new Map<string, CalendarDay>()
  for (const { date, name, type } of holidays.getHolidays(year, locale.toLowerCase().split('-')[0])) {
    if (type !== 'public') continue
    const day = date.slice(0, 10)
    days.set(day, { date: day, kind: 'holiday', name: days.get(day)?.name ?? name.slice(0, 120), ranges: [] })
  }
  return [...days.values()].sort((a, b) => (a.date < b.date ? -1 : 1))
}
