import type { Contact, ContactChanges, ContactNote } from '../../../src/wire/contacts.ts'
import type { Conversation } from '../../../src/wire/conversations.ts'
import { http } from '../api/http.ts'
import { appliedSeq, useLive } from '../live/store.ts'

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
  addNote: (id: string, text: string): Promise<ContactNote> => http.post<ContactNote>(`/contacts/${id}/notes`, { text }),
}
