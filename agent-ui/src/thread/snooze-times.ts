const hourMs = 3_600_000

/** A time a conversation can be put aside until, and the words for it. */
export interface SnoozeTime {
  readonly name: 'hour' | 'threeHours' | 'tomorrow' | 'nextWeek'
  readonly at: number
}

function atNine(now: number, days: number): number {
  const day = new Date(now)
  day.setDate(day.getDate() + days)
  day.setHours(9, 0, 0, 0)
  return day.getTime()
}

/** The times offered, in the browser's zone: in one and three hours, tomorrow and next Monday at nine. */
export function snoozeTimes(now: number): readonly SnoozeTime[] {
  const toMonday = (8 - new Date(now).getDay()) % 7 || 7
  return [
    { name: 'hour', at: now + hourMs },
    { name: 'threeHours', at: now + 3 * hourMs },
    { name: 'tomorrow', at: atNine(now, 1) },
    { name: 'nextWeek', at: atNine(now, toMonday) },
  ]
}

/** A moment as a `datetime-local` field writes it. */
export function localInput(at: number): string {
  const d = new Date(at)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}T${two(d.getHours())}:${two(d.getMinutes())}`
}
