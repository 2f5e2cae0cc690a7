import type { Contact, ContactChanges, ContactNote } from '../../../src/wire/contacts.ts'
import type { Conversation } from '../../../src/wire/conversations.ts'
import type { Participant } from '../../../src/wire/participants.ts'
import { http } from '../api/http.ts'
import { appliedSeq, useLive } from '../live/store.ts'

/** Menus of the customer's account; `current` null for its default. */
export interface Menus {
  readonly menus: readonly { readonly id: string; readonly name: string }[]
  readonly current: string | null
}

interface Page<T> {
  readonly items: readonly T[]
  readonly nextCursor: string | null
}

function take(contact: Contact, asOf: number): Contact {
  useLive.getState().take({ contacts: [contact] }, asOf)
  return contact
}

/** A customer's record, as the right panel reads and writes it. */
export const contactApi = {
  get: async (id: string, signal?: AbortSignal): Promise<Contact> => {
    const asOf = appliedSeq()
    return take(await http.get<Contact>(`/contacts/${id}`, {}, signal), asOf)
  },
  change: async (id: string, changes: ContactChanges): Promise<Contact> => {
    const asOf = appliedSeq()
    return take(await http.patch<Contact>(`/contacts/${id}`, changes), asOf)
  },
  conversations: (id: string, signal?: AbortSignal): Promise<Page<Conversation>> =>
    http.get<Page<Conversation>>(`/contacts/${id}/conversations`, { limit: 20 }, signal),
  notes: (id: string, signal?: AbortSignal): Promise<Page<ContactNote>> =>
    http.get<Page<ContactNote>>(`/contacts/${id}/notes`, { limit: 20 }, signal),
  /** Members of the conversation's group; none for a conversation with one person. */
  participants: (conversationId: string, signal?: AbortSignal): Promise<{ readonly items: readonly Participant[] }> =>
    http.get<{ readonly items: readonly Participant[] }>(`/conversations/${conversationId}/participants`, {}, signal),
  menus: (conversationId: string, signal?: AbortSignal): Promise<Menus> =>
    http.get<Menus>(`/conversations/${conversationId}/menu`, {}, signal),
  setMenu: (conversationId: string, menuId: string | null): Promise<Menus> =>
    http.put<Menus>(`/conversations/${conversationId}/menu`, { menuId }),
  /** An address by which the customer proves who they are. */
  accountLink: (conversationId: string): Promise<{ readonly url: string }> =>
    http.post<{ readonly url: string }>(`/conversations/${conversationId}/account-link`),
  addNote: (id: string, text: string): Promise<ContactNote> => http.post<ContactNote>(`/contacts/${id}/notes`, { text }),
}
