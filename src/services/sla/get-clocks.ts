import { clocksOf } from '../../../db/queries/sla-clocks.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import type { SlaClockState } from '../../wire/sla-policies.ts'
import type { ServiceContext } from '../context.ts'
import { visibleConversation } from '../conversations/get-conversation.ts'

/** A conversation's promises, running and settled, in the order of their beginning. @throws AppError 'not_found'. */
export async function getClocks(ctx: ServiceContext, viewer: Viewer, conversationId: string): Promise<SlaClockState[]> {
  await visibleConversation(ctx, viewer, conversationId)
  return (await clocksOf(ctx.store, { conversationId })).map((clock) => ({
    target: clock.target,
    policyId: clock.policyId,
    startedAt: clock.startedAt,
    dueAt: clock.dueAt,
    warnAt: clock.warnAt,
    warnedAt: clock.warnedAt,
    breachedAt: clock.breachedAt,
    endedAt: clock.endedAt,
    outcome: clock.outcome,
    pauses: clock.pauses,
  }))
}
