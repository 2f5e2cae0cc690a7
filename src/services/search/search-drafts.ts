import { createHash } from 'node:crypto'
import { groupBy } from '../../../db/queries/by-ids.ts'
import { loadContacts } from '../../../db/queries/load-contacts.ts'
import {
  type ConversationText,
  conversationTexts,
  type MessageText,
  messageTexts,
  noteTexts,
  type SearchDocument,
} from '../../../db/queries/search-documents.ts'
import type { Shelf } from '../../../db/queries/search-terms.ts'
import type { Store } from '../../../db/store.ts'
import { channelTerm, digitTerms, maxTextChars, termsOf } from '../../core/search/terms.ts'
import { textsOfContact, textsOfConversation, textsOfMessage } from './searched-texts.ts'

/** A document as it should be in the index. */
export interface SearchDraft extends Omit<SearchDocument, 'id'> {
  readonly shelf: Shelf
  /** Computed only where the print says that the text has changed. */
  terms(): Set<string>
}

/** Things whose documents are to be made anew. */
export interface Subjects {
  readonly messages: ReadonlySet<string>
  readonly conversations: ReadonlySet<string>
  readonly contacts: ReadonlySet<string>
}

/** Newest notes of a contact that are searched. */
const maxNotes = 100

/** Documents of what the subjects say now; those that say nothing, or are gone, have none. */
export async function draftsOf(store: Store, subjects: Subjects): Promise<SearchDraft[]> {
  const messages = await messageTexts(store, subjects.messages)
  const conversations = await conversationTexts(store, subjects.conversations)
  return [
    ...messages.sort((a, b) => (a.id < b.id ? -1 : 1)).flatMap(draftOfMessage),
    ...conversations.sort((a, b) => (a.id < b.id ? -1 : 1)).flatMap(draftOfConversation),
    ...(await contactDrafts(store, subjects.contacts)),
  ]
}

/** The document of a message; none where it says nothing. */
export function draftOfMessage(row: MessageText): SearchDraft[] {
  const text = textsOfMessage(row).join('\n').trim()
  if (text === '') return []
  return [
    {
      shelf: 'message',
      kind: 'message',
      subjectId: row.id,
      conversationId: row.conversationId,
      authorId: row.authorType === 'agent' ? row.authorId : null,
      print: printOf(text),
      at: row.createdAt,
      terms: () => termsOf(text).add(channelTerm(row.channel)),
    },
  ]
}

function draftOfConversation(row: ConversationText): SearchDraft[] {
  const text = textsOfConversation(row).join('\n').trim()
  if (text === '') return []
  return [
    {
      shelf: 'message',
      kind: 'conversation',
      subjectId: row.id,
      conversationId: row.id,
      authorId: null,
      print: printOf(text),
      at: row.createdAt,
      terms: () => termsOf(text).add(channelTerm(row.channel)),
    },
  ]
}

async function contactDrafts(store: Store, ids: ReadonlySet<string>): Promise<SearchDraft[]> {
  if (ids.size === 0) return []
  const notes = groupBy(await noteTexts(store, ids), ({ contactId }) => contactId)
  const contacts = await loadContacts(store, ids)
  return contacts
    .sort((a, b) => a.updatedAt - b.updatedAt)
    .map((contact) => {
      const texts = textsOfContact(
        contact,
        (notes.get(contact.id) ?? []).slice(0, maxNotes).map((note) => note.text),
      )
      const text = texts.map((one) => one.text).join('\n')
      return {
        shelf: 'contact',
        kind: 'contact',
        subjectId: contact.id,
        conversationId: null,
        authorId: null,
        print: printOf(text),
        at: contact.updatedAt,
        terms: () => new Set([...termsOf(text), ...texts.filter(({ phone }) => phone).flatMap((one) => [...digitTerms(one.text)])]),
      }
    })
}

function printOf(text: string): string {
  return createHash('sha256').update(text.slice(0, maxTextChars)).digest('base64url').slice(0, 22)
}
