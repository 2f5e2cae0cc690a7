import { z } from 'zod'
import { proposeHolidays } from '../../services/calendars/propose-holidays.ts'
import { getOpenState, listCalendars } from '../../services/calendars/read-calendars.ts'
import { closeCalendar, createCalendar, deleteCalendar, reopenCalendar, updateCalendar } from '../../services/calendars/write-calendar.ts'
import { calendarDaySchema, calendarInputSchema, calendarSchema, closureSchema, openStateSchema } from '../../wire/calendars.ts'
import { idParam, listOf } from '../../wire/http.ts'
import { localeSchema } from '../../wire/words.ts'
import { type Route, route } from '../route.ts'

const holidayQuery = z.object({
  /** ISO 3166-1 alpha-2. */
  country: z.string().regex(/^[A-Z]{2}$/, 'A country has the form TW.'),
  region: z.string().max(10).optional(),
  year: z.coerce.number().int().min(2000).max(2100),
  locale: localeSchema.default('en'),
})

/** Opening hours, holidays and closures. The list is always whole. */
export const calendarRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/v1/calendars',
    permission: 'queue.read',
    tags: ['Routing'],
    summary: 'Calendars by name',
    output: listOf(calendarSchema),
    handler: async ({ ctx, viewer }) => ({ items: await listCalendars(ctx, viewer) }),
  }),
  route({
    method: 'post',
    path: '/api/v1/calendars',
    permission: 'routing.manage',
    tags: ['Routing'],
    summary: 'Make a calendar',
    body: calendarInputSchema,
    example: {
      name: 'Office',
      settings: {
        zone: 'Asia/Taipei',
        week: { mon: [{ from: '09:00', to: '18:00' }], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] },
      },
    },
    output: calendarSchema,
    status: 201,
    handler: ({ ctx, viewer, body }) => createCalendar(ctx, viewer, body),
  }),
  route({
    method: 'put',
    path: '/api/v1/calendars/:id',
    permission: 'routing.manage',
    tags: ['Routing'],
    summary: 'Replace a calendar',
    params: idParam,
    body: calendarInputSchema,
    example: {
      name: 'Office',
      settings: {
        zone: 'Asia/Taipei',
        week: { mon: [{ from: '09:00', to: '18:00' }], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] },
      },
    },
    output: calendarSchema,
    handler: ({ ctx, viewer, params, body }) => updateCalendar(ctx, viewer, params.id, body),
  }),
  route({
    method: 'get',
    path: '/api/v1/calendars/:id/open-state',
    permission: 'queue.read',
    tags: ['Routing'],
    summary: 'Whether it is open now, why not, and when that changes',
    params: idParam,
    output: openStateSchema,
    handler: ({ ctx, viewer, params }) => getOpenState(ctx, viewer, params.id),
  }),
  route({
    method: 'post',
    path: '/api/v1/calendars/:id/close',
    permission: 'routing.manage',
    tags: ['Routing'],
    summary: 'Close at a stroke, whatever the hours say',
    description: 'Deadlines in working time move, and customers who wait in queues that go by the calendar are told.',
    params: idParam,
    body: closureSchema.omit({ since: true }),
    example: { until: null, reason: 'Typhoon', text: { en: 'We are closed because of the typhoon.' } },
    output: calendarSchema,
    handler: ({ ctx, viewer, params, body }) => closeCalendar(ctx, viewer, params.id, body),
  }),
  route({
    method: 'post',
    path: '/api/v1/calendars/:id/open',
    permission: 'routing.manage',
    tags: ['Routing'],
    summary: 'End the closure in force',
    params: idParam,
    output: calendarSchema,
    handler: ({ ctx, viewer, params }) => reopenCalendar(ctx, viewer, params.id),
  }),
  route({
    method: 'get',
    path: '/api/v1/holidays',
    permission: 'routing.manage',
    tags: ['Routing'],
    summary: 'Public holidays of a country in a year, as days for a calendar',
    description: 'A proposal: make-up workdays and bridge days are decreed from year to year.',
    query: holidayQuery,
    output: listOf(calendarDaySchema),
    handler: async ({ viewer, query }) => ({ items: await proposeHolidays(viewer, query) }),
  }),
  route({
    method: 'delete',
    path: '/api/v1/calendars/:id',
    permission: 'routing.manage',
    tags: ['Routing'],
    summary: 'Remove a calendar',
    params: idParam,
    output: null,
    handler: ({ ctx, viewer, params }) => deleteCalendar(ctx, viewer, params.id),
  }),
]
