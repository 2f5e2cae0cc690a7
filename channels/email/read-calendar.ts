import ICAL from 'ical.js'
import type { CalendarPart } from '../../src/wire/mail.ts'

const methods = ['request', 'reply', 'cancel', 'publish', 'counter'] as const

/** The first event of an invitation (RFC 5545, RFC 5546); null for what cannot be read. Never throws. */
export function readCalendar(text: string): CalendarPart | null {
  try {
    const calendar = new ICAL.Component(ICAL.parse(text) as unknown[])
    for (const zone of calendar.getAllSubcomponents('vtimezone')) ICAL.TimezoneService.register(zone)
    const component = calendar.getFirstSubcomponent('vevent')
    return component === null ? null : partOf(calendar, component)
  } catch {
    return null
  } finally {
    ICAL.TimezoneService.reset()
  }
}

function partOf(calendar: ICAL.Component, component: ICAL.Component): CalendarPart {
  const event = new ICAL.Event(component)
  const method = String(calendar.getFirstPropertyValue('method') ?? '').toLowerCase()
  const answer = component.getFirstProperty('attendee')?.getFirstParameter('partstat')
  return {
    type: 'calendar',
    method: methods.find((known) => known === method) ?? 'other',
    summary: oneLine(event.summary, 500),
    startsAt: instantOf(event.startDate),
    endsAt: instantOf(event.endDate),
    allDay: event.startDate?.isDate === true,
    location: oneLine(event.location, 500) || null,
    organizer: oneLine(event.organizer, 320).replace(/^mailto:/i, '') || null,
    answer: method === 'reply' && answer !== undefined ? answer.toLowerCase().slice(0, 40) : null,
  }
}

function instantOf(time: ICAL.Time | null | undefined): number | null {
  const at = time?.toJSDate().getTime()
  return at === undefined || Number.isNaN(at) ? null : at
}

function oneLine(value: unknown, maxChars: number): string {
  return (typeof value === 'string' ? value : '')
    .replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .trim()
    .slice(0, maxChars)
}
