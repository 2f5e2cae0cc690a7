import type { ConversationText, MessageText } from '../../../db/queries/search-documents.ts'
import type { MessagePart } from '../../wire/messages.ts'
import type { ContactFieldName } from '../../wire/search.ts'

/** Words of a message: a mail's subject, and what it says. Empty for what has been taken back and for lines of the hub's own. */
export function textsOfMessage({
  parts,
  mail,
  unsentAt,
}: Pick<MessageText, 'parts' | 'mail' | 'unsentAt'>): [subject: string, body: string] {
  if (unsentAt !== null) return ['', '']
  return [
    mail?.subject ?? '',
    parts
      .map(wordsOf)
      .filter((words) => words !== '')
      .join('\n'),
  ]
}

function wordsOf(part: MessagePart): string {
  switch (part.type) {
    case 'text':
      return part.text
    case 'media':
      return part.name ?? ''
    case 'location':
      return together(part.title, part.address)
    case 'choice':
      return part.label ?? ''
    case 'card':
      return part.altText
    case 'calendar':
      return together(part.summary, part.location)
    case 'sticker':
      return part.text ?? ''
    case 'quick_replies':
    case 'system':
    case 'unsupported':
      return ''
  }
}

function together(...texts: readonly (string | null | undefined)[]): string {
  return texts.filter((text) => text !== null && text !== undefined && text !== '').join('\n')
}

/** Words of a conversation beside its messages: its subject and the note it was closed with. */
export function textsOfConversation({
  subject,
  wrapUpNote,
}: Pick<ConversationText, 'subject' | 'wrapUpNote'>): [subject: string, note: string] {
  return [subject ?? '', wrapUpNote ?? '']
}

/** One thing that is known of a contact. */
export interface ContactText {
  readonly field: ContactFieldName
  /** Name of a field that administrators have added. */
  readonly label: string | null
  readonly text: string
  /** A telephone number, which is also found by some of its digits. */
  readonly phone: boolean
}

/** What of a contact is searched. */
export interface SearchedContact {
  readonly name: string
  readonly companyName: string | null
  readonly fields: Readonly<Record<string, string>>
  readonly points: readonly { readonly kind: string; readonly address: string; readonly displayName: string | null }[]
}

/** Words of a contact in the order in which they are shown; notes newest first. */
export function textsOfContact(contact: SearchedContact, notes: readonly string[]): ContactText[] {
  const text = (field: ContactFieldName, words: string, label: string | null = null, phone = false) => ({
    field,
    label,
    text: words,
    phone,
  })
  return [
    text('name', contact.name),
    ...contact.points.flatMap(({ kind, address, displayName }) => {
      const name = displayName === null || displayName === contact.name ? [] : [text('name', displayName)]
      // A visitor's id and what stands in an erased address mean nothing to anybody.
      return kind === 'visitor' || address.startsWith('erased:') ? name : [text('address', address, null, kind === 'phone'), ...name]
    }),
    ...(contact.companyName === null ? [] : [text('company', contact.companyName)]),
    ...Object.entries(contact.fields).map(([label, value]) => text('field', value, label)),
    ...notes.map((note) => text('note', note)),
  ].filter((entry) => entry.text !== '')
}
