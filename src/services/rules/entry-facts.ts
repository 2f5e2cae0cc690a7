import { contactTraits, pointById } from '../../../db/queries/contacts.ts'
import type { ConversationRow } from '../../../db/queries/conversations.ts'
import type { Tx } from '../../../db/store.ts'
import { openStateAt } from '../../core/calendars/work-time.ts'
import type { IsOpen } from '../../core/classification/condition.ts'
import type { Condition, EntryFacts } from '../../wire/conditions.ts'
import { openHoursOf } from '../calendars/open-hours-of.ts'

/**
 * What conditions may look at, of a conversation as it is.
 * @param text what the customer has just said; '' when it is not at hand.
 */
export async function factsOf(tx: Tx, row: ConversationRow, text: string): Promise<EntryFacts> {
  const [contact] = await contactTraits(tx, { id: row.contactId })
  const [point] = await pointById(tx, { id: row.contactPointId })
  const attributes = contact?.fields ?? {}
  return {
    channel: row.channel,
    inboxId: row.inboxId,
    queueId: row.queueId,
    priority: row.priority,
    subject: row.subject,
    text: text.slice(0, 100_000),
    language: row.language,
    tier: attributes['tier'] ?? null,
    tags: row.tags,
    attributes,
    address: point?.address ?? null,
    returning: row.previousId !== null,
  }
}

/** Whether the calendars that conditions ask for are open at an instant. */
export async function openAt(tx: Tx, conditions: readonly Condition[], at: number): Promise<IsOpen> {
  const open = new Map<string, boolean>()
  for (const { tests } of conditions) {
    for (const test of tests) {
      if (test.fact !== 'hours' || open.has(test.calendarId)) continue
      const hours = await openHoursOf(tx, test.calendarId)
      if (hours !== null) open.set(test.calendarId, openStateAt(hours, at).open)
    }
  }
  return (calendarId) => open.get(calendarId)
}
