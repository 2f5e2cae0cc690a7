import { type ConversationRow, lockConversation, updateConversation } from '../../../db/queries/conversations.ts'
import { clocksOf, type SlaClockRow, updateClock } from '../../../db/queries/sla-clocks.ts'
import { slaPolicyById } from '../../../db/queries/sla-policies.ts'
import type { Tx } from '../../../db/store.ts'
import { dueOf } from '../../core/sla/clock.ts'
import { slaSettingsSchema } from '../../wire/sla-policies.ts'
import type { ServiceContext } from '../context.ts'
import { appendLine } from '../conversations/append-message.ts'

const actor = { type: 'system', id: 'sla' } as const

/**
 * Tells of a conversation's warnings and breaches that have come due, each once, and raises its priority where its policy
 * says so. Idempotent.
 */
export async function tellDueClocks(ctx: ServiceContext, conversationId: string): Promise<void> {
  await ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    const [row] = await lockConversation(tx, { id: conversationId, now })
    if (row === undefined) return
    let present = row
    for (const clock of await clocksOf(tx, { conversationId })) {
      for (const what of dueOf(clock, now)) present = await tell(tx, present, clock, what, now)
    }
  })
}

async function tell(tx: Tx, row: ConversationRow, clock: SlaClockRow, what: 'warning' | 'breach', now: number): Promise<ConversationRow> {
  const told = what === 'warning' ? { warnedAt: now } : { breachedAt: now, warnedAt: clock.warnedAt ?? now }
  await updateClock(tx, Object.assign(clock, told))
  const priority = Math.min(9, row.priority + (await raiseOf(tx, clock, what)))
  const changes = { priority, ...(what === 'breach' ? { slaBreachedAt: row.slaBreachedAt ?? now } : {}) }
  await updateConversation(tx, row.id, changes)
  tx.append({
    type: what === 'warning' ? 'sla.warned' : 'sla.breached',
    at: now,
    actorType: actor.type,
    actorId: actor.id,
    conversationId: row.id,
    subjectId: row.id,
    data: { target: clock.target, dueAt: clock.dueAt, policyId: clock.policyId, ...(priority === row.priority ? {} : { priority }) },
  })
  if (what === 'breach') await appendLine(tx, row, actor, now, 'sla.breached')
  return { ...row, ...changes }
}

async function raiseOf(tx: Tx, { policyId }: SlaClockRow, what: 'warning' | 'breach'): Promise<number> {
  const policy = policyId === null ? null : await slaPolicyById(tx, policyId)
  if (policy === null) return 0
  const { onWarning, onBreach } = slaSettingsSchema.parse(policy.settings).raisePriority
  return what === 'warning' ? onWarning : onBreach
}
