import { queueSettings } from '../../../db/queries/queues.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import type { WrapUpInput } from '../../wire/conversations.ts'
import type { QueueSettings } from '../../wire/queues.ts'
import type { Actor } from '../../wire/words.ts'
import type { ServiceContext } from '../context.ts'
import { appendLine } from './append-message.ts'
import { lockedConversation } from './locked-conversation.ts'
import { moveConversation } from './move-conversation.ts'

/**
 * Ends the work after the contact: writes disposition, tags and note, resolves the conversation and frees the slot.
 * @throws AppError 'invalid_input' when the queue requires a disposition and none (or none of its own) is given;
 *   'not_found', 'forbidden', 'conflict' when it is not in wrap-up or active.
 */
export async function wrapUpConversation(ctx: ServiceContext, viewer: Viewer, conversationId: string, input: WrapUpInput): Promise<void> {
  await ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    const actor: Actor = { type: 'agent', id: viewer.agentId }
    const row = await lockedConversation(tx, viewer, 'conversation.assign', conversationId, now)
    checkDisposition(await queueSettings(tx, row.queueId), input.disposition)
    const event = row.status === 'wrap_up' ? ({ type: 'wrap_up_done' } as const) : ({ type: 'resolve' } as const)
    const changes = { disposition: input.disposition ?? null, tags: input.tags ?? row.tags, wrapUpNote: input.note ?? null }
    await moveConversation(tx, row, { event, actor, now, changes })
    await appendLine(
      tx,
      row,
      actor,
      now,
      'conversation.resolved',
      input.disposition === undefined ? {} : { disposition: input.disposition },
    )
  })
}

function checkDisposition(settings: QueueSettings, disposition: string | undefined): void {
  const path = 'disposition'
  if (disposition === undefined) {
    if (!settings.dispositionRequired) return
    const message = 'This queue asks for a disposition.'
    throw new AppError('invalid_input', message, { code: 'disposition_required', fields: [{ path, message }] })
  }
  if (settings.dispositions.length > 0 && !settings.dispositions.includes(disposition)) {
    const message = 'This disposition is not one of the queue’s.'
    throw new AppError('invalid_input', message, { code: 'unknown_disposition', fields: [{ path, message }] })
  }
}
