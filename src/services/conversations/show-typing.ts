import { conversationById } from '../../../db/queries/conversations.ts'
import type { ServiceContext } from '../context.ts'

/** How long the provider may take; a sign of typing that comes later is worth nothing. */
const timeoutMs = 5_000

/**
 * Tells the customer that the agent who holds the conversation types, where the channel can. Others who look on and
 * write notes stay unseen. Safe to call often: channels space the signs themselves.
 */
export async function showTyping(
  ctx: ServiceContext,
  input: { readonly conversationId: string; readonly agentId: string },
  signal: AbortSignal,
): Promise<void> {
  const [row] = await conversationById(ctx.store, { id: input.conversationId })
  if (row === undefined || row.status !== 'active' || row.assigneeId !== input.agentId) return
  const inbox = await ctx.inboxes.get(row.inboxId)
  await inbox.session.showTyping?.(row.threadKey, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]))
}
