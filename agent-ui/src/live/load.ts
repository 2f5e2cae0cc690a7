import type { Conversation, ConversationView } from '../../../src/wire/conversations.ts'
import type { ConversationPage, MessagePage } from '../../../src/wire/pages.ts'
import type { Snapshot } from '../../../src/wire/snapshot.ts'
import { http } from '../api/http.ts'
import { appliedSeq, useLive } from './store.ts'

/** Which conversations a list asks for. */
export interface ListQuery {
  readonly view: ConversationView
  readonly queueId?: string
  readonly assigneeId?: string
  readonly contactId?: string
}

/** Starts afresh from the hub's present state. */
export async function loadSnapshot(): Promise<void> {
  useLive.getState().takeSnapshot(await http.get<Snapshot>('/snapshot'))
}

/** Loads a page of conversations into the store, and says which they are. */
export async function loadConversations(query: ListQuery, cursor: string | undefined, signal?: AbortSignal): Promise<ConversationPage> {
  const page = await http.get<ConversationPage>('/conversations', { ...query, cursor, limit: 50 }, signal)
  useLive.getState().take({ conversations: page.items }, page.seq)
  return page
}

/** Loads one conversation into the store. */
export async function loadConversation(id: string, signal?: AbortSignal): Promise<Conversation> {
  const asOf = appliedSeq()
  const conversation = await http.get<Conversation>(`/conversations/${id}`, {}, signal)
  useLive.getState().take({ conversations: [conversation] }, asOf)
  return conversation
}

/**
 * Loads messages of a thread into the store: the newest page, or the one before an ordinal.
 * @param before an ordinal; the page ends just below it
 */
export async function loadMessages(conversationId: string, before?: number, signal?: AbortSignal): Promise<void> {
  const page = await http.get<MessagePage>(`/conversations/${conversationId}/messages`, { before, limit: 50 }, signal)
  useLive.getState().takePage(page, before === undefined ? 'newest' : 'older')
}
