import type { MessagePart } from '../../../src/wire/messages.ts'
import { type AccountState, addEntry, type Person, type TranscriptEntry, threadOf } from './platform.ts'

/** A chat that took place before this process began, as the hub's record has it. */
export interface ChatHistory {
  readonly userId: string
  readonly displayName: string
  readonly blocked: boolean
  /** Oldest first. */
  readonly messages: readonly {
    /** The platform's id of it, or any other that is unique in the chat. */
    readonly id: string
    readonly at: number
    readonly from: 'customer' | 'account'
    readonly parts: readonly MessagePart[]
    readonly markAsReadToken: string | null
    readonly read: boolean
    readonly unsent: boolean
  }[]
}

/** Puts a chat back on the customer's phone, unless something was said on it since; its media are not to be had any more. */
export function restoreChat(account: AccountState, chat: ChatHistory): void {
  const { userId, displayName, blocked, messages } = chat
  const lastWroteAt = messages.findLast((message) => message.from === 'customer')?.at ?? null
  const person: Person = { userId, displayName, language: null, pictureUrl: null, friend: !blocked, blocked, lastWroteAt, menuId: null }
  if (!account.people.has(userId)) account.people.set(userId, person)
  const thread = threadOf(account, userId)
  if (thread.entries.length > 0) return
  for (const { id, at, from, parts, markAsReadToken, read, unsent } of messages) {
    for (const [part, content] of parts.entries()) {
      const message = messageOf(content)
      if (message === null) continue
      const own = from === 'customer'
      const entry: TranscriptEntry = {
        id: part === 0 ? id : `${id}.${part}`,
        at,
        from,
        userId: own ? userId : null,
        message: markAsReadToken === null ? message : { ...message, markAsReadToken },
        route: null,
        webhook: own ? 'taken' : null,
        readAt: own && read ? at : null,
        unsentAt: unsent ? at : null,
      }
      addEntry(thread, entry)
    }
  }
}

/** The part in the platform's own form; null for what never was a bubble. */
function messageOf(part: MessagePart): TranscriptEntry['message'] | null {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: part.text }
    case 'sticker':
      return { type: 'sticker', packageId: part.packageId, stickerId: part.stickerId }
    case 'location': {
      const { latitude, longitude, title, address } = part
      return { type: 'location', latitude, longitude, title, address }
    }
    case 'media':
      return part.kind === 'file' ? { type: 'file', fileName: part.name ?? '' } : { type: part.kind }
    case 'card':
      return { type: 'flex', altText: part.altText, contents: part.body }
    case 'calendar':
    case 'choice':
    case 'quick_replies':
    case 'system':
    case 'unsupported':
      return null
  }
}
