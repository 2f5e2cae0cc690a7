import { lockConversation } from '../../../db/queries/conversations.ts'
import { conversationsOfCalendar, conversationsOfPolicy } from '../../../db/queries/sla-clocks.ts'
import type { Tx } from '../../../db/store.ts'
import { followClocks } from './follow-clocks.ts'

/** Puts the running clocks of a policy on its present terms; part of the transaction that changes it. */
export async function retimeClocksOfPolicy(tx: Tx, policyId: string, now: number): Promise<void> {
  await retime(tx, await conversationsOfPolicy(tx, policyId), now)
}

/** Reckons the running clocks of a calendar again; part of the transaction that changes its hours. */
export async function retimeClocksOfCalendar(tx: Tx, calendarId: string, now: number): Promise<void> {
  await retime(tx, await conversationsOfCalendar(tx, calendarId), now)
}

async function retime(tx: Tx, conversationIds: readonly string[], now: number): Promise<void> {
  for (const id of conversationIds.toSorted()) {
    const [row] = await lockConversation(tx, { id, now })
    if (row === undefined) continue
    const after = await followClocks(tx, row, { type: 'terms_changed' }, now)
    if (after.slaDueAt === row.slaDueAt) continue
    tx.append({
      type: 'conversation.changed',
      at: now,
      actorType: 'system',
      actorId: 'sla',
      conversationId: id,
      subjectId: id,
      data: { what: 'sla_retimed' },
    })
  }
}
