import type { Agent, StateInput } from '../../../src/wire/agents.ts'
import type { AgentCallInput, AgentCallName, AgentCallOutput } from '../../../src/wire/calls.ts'
import type { AssignInput, Conversation, WrapUpInput } from '../../../src/wire/conversations.ts'
import type { Message } from '../../../src/wire/messages.ts'
import type { Offer } from '../../../src/wire/offers.ts'
import { ApiError } from '../api/api-error.ts'
import { http } from '../api/http.ts'
import { call } from './socket.ts'
import { appliedSeq, useLive } from './store.ts'

/** By socket where there is one, over HTTP where not; only for acts that may be done twice without harm. */
async function live<K extends AgentCallName>(
  name: K,
  input: AgentCallInput<K>,
  overHttp: () => Promise<AgentCallOutput<K>>,
): Promise<AgentCallOutput<K>> {
  try {
    return await call(name, input)
  } catch (error) {
    if (error instanceof ApiError && error.code === 'offline') return overHttp()
    throw error
  }
}

function takeConversation(asOf: number, conversation: Conversation): Conversation {
  useLive.getState().take({ conversations: [conversation] }, asOf)
  return conversation
}

function takeOffer(asOf: number, offer: Offer): Offer {
  useLive.getState().take({ offers: [offer] }, asOf)
  return offer
}

async function onConversation(path: string, input?: unknown): Promise<Conversation> {
  const asOf = appliedSeq()
  return takeConversation(asOf, await http.post<Conversation>(path, input))
}

/** Accepts an offer. @throws ApiError 'conflict' when it has ended otherwise */
export async function acceptOffer(offerId: string): Promise<Offer> {
  const asOf = appliedSeq()
  const { offer } = await live('offer.accept', { offerId }, async () => ({ offer: await http.post<Offer>(`/offers/${offerId}/accept`) }))
  return takeOffer(asOf, offer)
}

/** Declines an offer. @throws ApiError 'conflict' when it has ended otherwise */
export async function declineOffer(offerId: string): Promise<Offer> {
  const asOf = appliedSeq()
  const { offer } = await live('offer.decline', { offerId }, async () => ({ offer: await http.post<Offer>(`/offers/${offerId}/decline`) }))
  return takeOffer(asOf, offer)
}

/** Sets an agent's state: one's own, or another's where the role allows it. */
export async function setAgentState(agentId: string, input: StateInput): Promise<Agent> {
  const asOf = appliedSeq()
  const own = useLive.getState().me?.agent.id === agentId
  const overHttp = async () => ({ agent: await http.put<Agent>(`/agents/${agentId}/state`, input) })
  const { agent } = await (own ? live('state.set', input, overHttp) : overHttp())
  useLive.getState().take({ agents: [agent] }, asOf)
  return agent
}

/** Gives a conversation to an agent, or into a queue. */
export async function assignConversation(conversationId: string, input: AssignInput): Promise<Conversation> {
  const asOf = appliedSeq()
  const overHttp = async () => ({ conversation: await http.post<Conversation>(`/conversations/${conversationId}/assign`, input) })
  const { conversation } = await live('conversation.assign', { ...input, conversationId }, overHttp)
  return takeConversation(asOf, conversation)
}

/** Ends the contact: on to wrap-up, or resolved where the queue has none. */
export async function finishConversation(conversationId: string): Promise<Conversation> {
  const asOf = appliedSeq()
  const overHttp = async () => ({ conversation: await http.post<Conversation>(`/conversations/${conversationId}/finish`) })
  const { conversation } = await live('conversation.finish', { conversationId }, overHttp)
  return takeConversation(asOf, conversation)
}

/** Ends wrap-up with what is to be kept of it. */
export async function wrapUpConversation(conversationId: string, input: WrapUpInput): Promise<Conversation> {
  const asOf = appliedSeq()
  const overHttp = async () => ({ conversation: await http.post<Conversation>(`/conversations/${conversationId}/wrap-up`, input) })
  const { conversation } = await live('conversation.wrap-up', { ...input, conversationId }, overHttp)
  return takeConversation(asOf, conversation)
}

/** Adds time to wrap-up, once. */
export const extendWrapUp = (conversationId: string): Promise<Conversation> =>
  onConversation(`/conversations/${conversationId}/extend-wrap-up`)

/** Puts a conversation aside until a time, or until the customer writes. */
export const snoozeConversation = (conversationId: string, until: number): Promise<Conversation> =>
  onConversation(`/conversations/${conversationId}/snooze`, { until })

/** Takes a resolved conversation up again. */
export const reopenConversation = (conversationId: string): Promise<Conversation> =>
  onConversation(`/conversations/${conversationId}/reopen`)

/** Tells that messages up to an ordinal have been read. Losing it does no harm: the next one says more. */
export async function markRead(conversationId: string, ordinal: number): Promise<void> {
  await live('conversation.read', { conversationId, ordinal }, () => http.post(`/conversations/${conversationId}/read`, { ordinal })).catch(
    () => {},
  )
}

/** Sends a failed or unconfirmed message once more, because a person said so. */
export async function retryMessage(message: Message): Promise<void> {
  const asOf = appliedSeq()
  const retried = await http.post<Message>(`/messages/${message.id}/retry`)
  useLive.getState().take({ messages: [retried] }, asOf)
}

/** Allows that a message which waits for it is sent and counted. */
export async function approveMessage(message: Message): Promise<void> {
  const asOf = appliedSeq()
  const retried = await http.post<Message>(`/messages/${message.id}/approve`)
  useLive.getState().take({ messages: [retried] }, asOf)
}

/** Tells that something is being written: colleagues in either mode, the customer of a reply; unimportant, so never an error. */
export function tellTyping(conversationId: string, mode: 'reply' | 'note'): void {
  call('typing', { conversationId, mode }).catch(() => {})
}

/** Takes a message back before it leaves. @throws ApiError 'conflict' with code `already_leaving` when it is too late */
export async function cancelMessage(message: Message): Promise<void> {
  const asOf = appliedSeq()
  const cancelled = await http.post<Message>(`/messages/${message.id}/cancel`)
  useLive.getState().take({ messages: [cancelled] }, asOf)
}
