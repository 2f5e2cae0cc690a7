import { lockConversation, updateConversation } from '../../../db/queries/conversations.ts'
import { queueSettings } from '../../../db/queries/queues.ts'
import { nextWaitingStep } from '../../core/waiting/steps.ts'
import type { ServiceContext } from '../context.ts'
import { actOnWaiting } from './act-on-waiting.ts'

const actor = { type: 'system', id: 'waiting_step' } as const

/** Takes the step of its queue's that has come due for a conversation that waits; once each. Idempotent. */
export async function takeWaitingStep(ctx: ServiceContext, conversationId: string): Promise<void> {
  await ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    const [row] = await lockConversation(tx, { id: conversationId, now })
    if (row === undefined || row.waitingStepAt === null || row.waitingStepAt > now) return
    const settings = await queueSettings(tx, row.queueId)
    const due = nextWaitingStep(settings, { queuedAt: row.queuedAt, taken: row.waitingSteps })
    const waitingSteps = row.waitingSteps + 1
    const waitingStepAt = nextWaitingStep(settings, { queuedAt: row.queuedAt, taken: waitingSteps })?.dueAt ?? null
    const changes = due === null || due.dueAt > now ? { waitingStepAt: due?.dueAt ?? null } : { waitingSteps, waitingStepAt }
    await updateConversation(tx, row.id, changes)
    if (due === null || due.dueAt > now || (row.status !== 'queued' && row.status !== 'offered')) return
    await actOnWaiting(tx, ctx, { ...row, ...changes }, due.step.action, { actor, outcome: 'timed_out', now })
  })
}
