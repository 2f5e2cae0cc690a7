import { type ConversationRow, updateConversation } from '../../../db/queries/conversations.ts'
import { queueSettings } from '../../../db/queries/queues.ts'
import { clocksOf, insertClock, type SlaClockRow, updateClock } from '../../../db/queries/sla-clocks.ts'
import { enabledSlaPolicies, type SlaPolicyRow } from '../../../db/queries/sla-policies.ts'
import type { Tx } from '../../../db/store.ts'
import type { OpenHours } from '../../core/calendars/open-hours.ts'
import type { SlaClock } from '../../core/sla/clock.ts'
import { followSla, nextDeadline, type SlaContext, type SlaEvent } from '../../core/sla/follow.ts'
import { type PolicyToMatch, policyFor, termsFor } from '../../core/sla/policy.ts'
import { newId } from '../../lib/ids.ts'
import { type SlaSettings, slaSettingsSchema } from '../../wire/sla-policies.ts'
import { openHoursOf } from '../calendars/open-hours-of.ts'
import { factsOf, openAt } from '../rules/entry-facts.ts'

/** What holds the resolution clock where no policy says otherwise. */
const usualPauses: SlaSettings['pauseWhile'] = ['snoozed', 'awaiting_customer']

/**
 * Carries a conversation's promises on by what has happened to it: starts, pauses, moves and ends its clocks, and shows the
 * next deadline on the conversation. Part of the transaction of what happened.
 * @param row as it is after what happened.
 * @param text what the customer has just said, for policies that go by words.
 * @returns the row with its deadline.
 */
export async function followClocks(tx: Tx, row: ConversationRow, event: SlaEvent, now: number, text = ''): Promise<ConversationRow> {
  const rows = await clocksOf(tx, { conversationId: row.id })
  const starts = event.type === 'customer_message' || event.type === 'reopened' || event.type === 'terms_changed'
  if (rows.length === 0 && !starts) return withDeadline(tx, row, null)
  const before: readonly SlaClock[] = rows
  const after = followSla(before, event, now, await contextOf(tx, row, rows, now, text))
  await writeClocks(tx, row.id, rows, after)
  return withDeadline(tx, row, nextDeadline(after))
}

/** Writes the next deadline where it is another; a breach is shown until a new promise is given. */
async function withDeadline(tx: Tx, row: ConversationRow, slaDueAt: number | null): Promise<ConversationRow> {
  if (row.slaDueAt === slaDueAt) return row
  const moved = slaDueAt !== null && row.slaBreachedAt !== null && slaDueAt > row.slaBreachedAt
  const changes = { slaDueAt, ...(moved ? { slaBreachedAt: null } : {}) }
  await updateConversation(tx, row.id, changes)
  return { ...row, ...changes }
}

async function writeClocks(tx: Tx, conversationId: string, before: readonly SlaClockRow[], after: readonly SlaClock[]): Promise<void> {
  for (const [i, clock] of after.entries()) {
    const known = before[i]
    if (known === undefined) await insertClock(tx, { ...clock, pauses: [...clock.pauses], id: newId(), conversationId })
    else if (known !== clock) await updateClock(tx, { ...known, ...clock, pauses: [...clock.pauses] })
  }
}

async function contextOf(tx: Tx, row: ConversationRow, clocks: readonly SlaClockRow[], now: number, text: string): Promise<SlaContext> {
  const { firstResponseMs } = await queueSettings(tx, row.queueId)
  const policy = await policyOfConversation(tx, row, clocks, now, text)
  const hours = await hoursOfAll(tx, [...clocks.map(({ calendarId }) => calendarId), policy?.settings.calendarId ?? null])
  return {
    termsOf: (target) => termsFor(policy, target, row.priority, firstResponseMs),
    hoursOf: (calendarId) => hours.get(calendarId),
    pauseWhile: policy?.settings.pauseWhile ?? usualPauses,
  }
}

/** The policy it was promised under while that is in force, else the first that matches now. */
async function policyOfConversation(
  tx: Tx,
  row: ConversationRow,
  clocks: readonly SlaClockRow[],
  now: number,
  text: string,
): Promise<PolicyToMatch | null> {
  const policies = (await enabledSlaPolicies(tx, {})).map(toMatch)
  if (policies.length === 0) return null
  const given = clocks.findLast(({ endedAt }) => endedAt === null)?.policyId ?? null
  const known = given === null ? undefined : policies.find(({ id }) => id === given)
  if (known !== undefined) return known
  const isOpen = await openAt(
    tx,
    policies.map(({ settings }) => settings.when),
    now,
  )
  return policyFor(policies, await factsOf(tx, row, text), isOpen)
}

function toMatch({ id, name, enabled, position, settings }: SlaPolicyRow): PolicyToMatch {
  return { id, name, enabled, position, settings: slaSettingsSchema.parse(settings) }
}

async function hoursOfAll(tx: Tx, calendarIds: readonly (string | null)[]): Promise<ReadonlyMap<string, OpenHours>> {
  const all = new Map<string, OpenHours>()
  for (const id of new Set(calendarIds)) {
    const hours = await openHoursOf(tx, id)
    if (id !== null && hours !== null) all.set(id, hours)
  }
  return all
}
