import { calendarById, updateCalendarRow } from '../../../db/queries/calendars.ts'
import { lockConversation } from '../../../db/queries/conversations.ts'
import { waitingIn } from '../../../db/queries/waiting.ts'
import { openStateAt } from '../../core/calendars/work-time.ts'
import { actionOnTurn } from '../../core/waiting/steps.ts'
import type { LocalizedText, QueueSettings } from '../../wire/queues.ts'
import type { ServiceContext } from '../context.ts'
import { sendNotice } from '../conversations/send-notice.ts'
import { actOnWaiting } from '../queues/act-on-waiting.ts'
import { loadConfiguration } from '../routing/configuration.ts'
import { openHours } from './open-hours-of.ts'

const actor = { type: 'system', id: 'calendar' } as const

/**
 * Acts on a calendar that has opened or closed: where it has closed, its queues do with those who wait what their rules say,
 * and a closure's words are told to them. Idempotent: the calendar's next change is noted first.
 */
export async function turnCalendar(ctx: ServiceContext, calendarId: string): Promise<void> {
  const now = ctx.clock.now()
  const turned = await ctx.store.tx(async (tx) => {
    const row = await calendarById(tx, calendarId)
    if (row === null || row.changesAt === null || row.changesAt > now) return null
    const state = openStateAt(openHours(row.settings), now)
    await updateCalendarRow(tx, calendarId, { changesAt: state.changesAt })
    return state.open ? null : { text: openHours(row.settings).closureAt(now)?.text ?? {} }
  })
  if (turned === null) return
  const queues = (await loadConfiguration(ctx.store)).queues.filter(({ settings }) => settings.calendarId === calendarId)
  for (const { id, settings } of queues) {
    for (const conversation of await waitingIn(ctx.store, { queueId: id }))
      await tellClosed(ctx, conversation.id, settings, turned.text, now)
  }
}

async function tellClosed(ctx: ServiceContext, id: string, settings: QueueSettings, text: LocalizedText, now: number): Promise<void> {
  await ctx.store.tx(async (tx) => {
    const [row] = await lockConversation(tx, { id, now })
    if (row === undefined || (row.status !== 'queued' && row.status !== 'offered')) return
    await sendNotice(tx, ctx, row, text, actor, now)
    const action = actionOnTurn(settings, 'closed')
    if (action !== null) await actOnWaiting(tx, ctx, row, action, { actor, outcome: 'closed', now })
  })
}
