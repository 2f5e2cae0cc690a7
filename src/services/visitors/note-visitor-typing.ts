import { eq } from 'drizzle-orm'
import { newestOfThread } from '../../../db/queries/conversations.ts'
import type { AgentSignals } from '../../wire/events.ts'
import type { ServiceContext } from '../context.ts'
import type { Visitor } from './chat-inbox.ts'

/** How long a sign of typing holds, milliseconds. */
export const typingHoldMs = 6_000

/**
 * What agents are told when a visitor types; null while the visitor has no open conversation. Nothing is stored.
 */
export async function visitorTypingSignal(ctx: ServiceContext, visitor: Visitor): Promise<AgentSignals['typing'] | null> {
  const [conversation] = await newestOfThread(ctx.store, { inboxId: visitor.inbox.id, threadKey: visitor.visitorId })
  if (conversation === undefined || conversation.status === 'resolved') return null
  const { contacts } = ctx.store.t
  const [contact] = await ctx.store.db
    .select({ name: contacts.name })
    .from(contacts)
    .where(eq(contacts.id, conversation.contactId))
    .limit(1)
  return {
    conversationId: conversation.id,
    who: 'contact',
    id: conversation.contactId,
    name: contact?.name ?? '',
    until: ctx.clock.now() + typingHoldMs,
    mode: 'reply',
  }
}
