import { lockConversation, updateConversation } from '../../../db/queries/conversations.ts'
import type { ServiceContext } from '../context.ts'
import { appendLine } from './append-message.ts'

/** Notes that a conversation's target has passed unmet; once. */
export async function breachSla(ctx: ServiceContext, conversationId: string): Promise<void> {
  await ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    const [row] = await lockConversation(tx, { id: conversationId, now })
    if (row === undefined || row.slaBreachedAt !== null || row.slaDueAt === null || row.slaDueAt > now) return
    await updateConversation(tx, row.id, { slaBreachedAt: now })
    const actor = { type: 'system', id: 'sla' } as const
    tx.append({
      type: 'sla.breached',
      at: now,
      actorType: actor.type,
      actorId: actor.id,
      conversationId: row.id,
      subjectId: row.id,
      data: { dueAt: row.slaDueAt },
    })
    await appendLine(tx, row, actor, now, 'sla.breached')
  })
}
