import { holds, type Viewer } from '../core/access/authorize.ts'
import type { Permission } from '../core/access/permissions.ts'
import { AppError } from '../lib/errors.ts'
import { getAgent } from '../services/agents/get-agent.ts'
import type { ServiceContext } from '../services/context.ts'
import { assignConversation } from '../services/conversations/assign-conversation.ts'
import { finishConversation } from '../services/conversations/finish-conversation.ts'
import { getConversation, visibleConversation } from '../services/conversations/get-conversation.ts'
import { getMessage } from '../services/conversations/get-message.ts'
import { markRead } from '../services/conversations/mark-read.ts'
import { sendMessage } from '../services/conversations/send-message.ts'
import { wrapUpConversation } from '../services/conversations/wrap-up-conversation.ts'
import { acceptOffer } from '../services/offers/accept-offer.ts'
import { declineOffer } from '../services/offers/decline-offer.ts'
import { getOffer } from '../services/offers/get-offer.ts'
import { renewPresence } from '../services/presence/renew-presence.ts'
import { setAgentState } from '../services/presence/set-agent-state.ts'
import { type AgentCallName, type AgentCallOutput, type AgentCallParsed, agentCalls } from '../wire/calls.ts'
import type { Conversation } from '../wire/conversations.ts'

/** What a call may do with the socket it came on. */
export interface AgentCaller {
  readonly ctx: ServiceContext
  readonly viewer: Viewer
  openThread(conversationId: string): void
  closeThread(conversationId: string): void
  acknowledge(seq: number): void
  /** The socket has proved to be a console that is attended to. */
  noteConsole(): void
  type(conversationId: string, mode: 'reply' | 'note'): void
}

/** A call with what it takes to make it. */
export interface AgentCall<K extends AgentCallName> {
  /** The least that is needed; the use case itself asks again, with its target. `any`: whoever was let in. */
  readonly permission: Permission | 'any'
  readonly run: (caller: AgentCaller, input: AgentCallParsed<K>) => Promise<AgentCallOutput<K>>
}

/** Every call of the `/agent` namespace. */
export const agentCallTable: { readonly [K in AgentCallName]: AgentCall<K> } = {
  'thread.open': {
    permission: 'conversation.read',
    run: async (caller, { conversationId }) => {
      await visibleConversation(caller.ctx, caller.viewer, conversationId)
      caller.openThread(conversationId)
      return {}
    },
  },
  'thread.close': {
    permission: 'any',
    run: async (caller, { conversationId }) => {
      caller.closeThread(conversationId)
      return {}
    },
  },
  ack: {
    permission: 'any',
    run: async (caller, { seq }) => {
      caller.acknowledge(seq)
      return {}
    },
  },
  'presence.renew': {
    permission: 'self',
    run: async (caller) => {
      caller.noteConsole()
      return renewPresence(caller.ctx, caller.viewer.agentId)
    },
  },
  'state.set': {
    permission: 'self',
    run: async ({ ctx, viewer }, input) => {
      await setAgentState(ctx, viewer, viewer.agentId, input)
      return { agent: await getAgent(ctx, viewer, viewer.agentId) }
    },
  },
  'offer.accept': {
    permission: 'offer.answer',
    run: async ({ ctx, viewer }, { offerId }) => {
      await acceptOffer(ctx, viewer, offerId)
      return { offer: await getOffer(ctx, viewer, offerId) }
    },
  },
  'offer.decline': {
    permission: 'offer.answer',
    run: async ({ ctx, viewer }, { offerId, reason }) => {
      await declineOffer(ctx, viewer, offerId, reason)
      return { offer: await getOffer(ctx, viewer, offerId) }
    },
  },
  'message.send': {
    // A note needs `conversation.note` instead of `conversation.reply`; the use case decides by kind.
    permission: 'conversation.read',
    run: async ({ ctx, viewer }, { conversationId, ...input }) => {
      const { messageId } = await sendMessage(ctx, viewer, conversationId, input)
      return { message: await getMessage(ctx, viewer, messageId) }
    },
  },
  'conversation.read': {
    permission: 'conversation.read',
    run: async ({ ctx, viewer }, { conversationId, ordinal }) => {
      await markRead(ctx, viewer, conversationId, ordinal)
      return {}
    },
  },
  'conversation.assign': {
    permission: 'conversation.assign',
    run: ({ ctx, viewer }, { conversationId, ...input }) =>
      acting(ctx, viewer, conversationId, () => assignConversation(ctx, viewer, conversationId, input)),
  },
  'conversation.finish': {
    permission: 'conversation.reply',
    run: ({ ctx, viewer }, { conversationId }) =>
      acting(ctx, viewer, conversationId, () => finishConversation(ctx, viewer, conversationId)),
  },
  'conversation.wrap-up': {
    permission: 'conversation.reply',
    run: ({ ctx, viewer }, { conversationId, ...input }) =>
      acting(ctx, viewer, conversationId, () => wrapUpConversation(ctx, viewer, conversationId, input)),
  },
  typing: {
    permission: 'conversation.read',
    run: async (caller, { conversationId, mode }) => {
      caller.type(conversationId, mode)
      return {}
    },
  },
}

/** Acts on a conversation and answers with it; what the act took out of sight is answered as it was last seen. */
async function acting(
  ctx: ServiceContext,
  viewer: Viewer,
  conversationId: string,
  act: () => Promise<void>,
): Promise<{ conversation: Conversation }> {
  const before = await getConversation(ctx, viewer, conversationId)
  await act()
  const after = await getConversation(ctx, viewer, conversationId).catch((error: unknown) => {
    if (error instanceof AppError && error.kind === 'not_found') return before
    throw error
  })
  return { conversation: after }
}

/** Whether there is a call of this name. */
export function isAgentCall(name: string): name is AgentCallName {
  return Object.hasOwn(agentCallTable, name)
}

/**
 * Validates and runs one call.
 * @throws AppError 'not_found' with code `unknown_call`; 'forbidden'; ZodError for an input that does not fit; what the use case throws.
 */
export async function runAgentCall(caller: AgentCaller, name: string, input: unknown): Promise<unknown> {
  if (!isAgentCall(name)) throw new AppError('not_found', 'There is no such call.', { code: 'unknown_call' })
  return runNamed(name, caller, input)
}

function runNamed<K extends AgentCallName>(name: K, caller: AgentCaller, input: unknown): Promise<unknown> {
  const { permission, run } = agentCallTable[name]
  if (permission !== 'any' && !holds(caller.viewer, permission))
    throw new AppError('forbidden', 'Your role does not allow this.', { permission })
  return run(caller, agentCalls[name].input.parse(input ?? {}) as AgentCallParsed<K>)
}
