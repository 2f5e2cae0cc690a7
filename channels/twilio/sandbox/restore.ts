import type { MessagePart } from '../../../src/wire/messages.ts'
import type { OutboxStatus } from '../../../src/wire/words.ts'
import { type AccountState, addEntry, newSid, personAt, type SmsStatus } from './platform.ts'

/** A chat that took place before this process began, as the hub's record has it. */
export interface SmsHistory {
  /** The person's address. */
  readonly userId: string
  readonly displayName: string
  readonly blocked: boolean
  /** Oldest first. */
  readonly messages: readonly {
    readonly id: string
    readonly at: number
    readonly from: 'customer' | 'account'
    readonly parts: readonly MessagePart[]
    readonly delivery?: OutboxStatus | null
  }[]
}

const states: Readonly<Record<OutboxStatus, SmsStatus | null>> = {
  queued: null,
  sending: null,
  accepted: 'sent',
  unconfirmed: null,
  cancelled: null,
  failed: 'undelivered',
  delivered: 'delivered',
  read: 'read',
}

/** Puts a chat back on the customer's phone, unless something was said on it since; its media are not to be had any more. */
export function restoreChat(account: AccountState, { userId, displayName, blocked, messages }: SmsHistory): void {
  const person = personAt(account, userId)
  if (person.entries.length > 0) return
  person.name = displayName
  person.optedOut = blocked
  for (const { id, at, from, parts, delivery = null } of messages) {
    const text = parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n')
    const media = parts.filter((part) => part.type === 'media').map(() => newSid('ME'))
    if (text === '' && media.length === 0) continue
    const own = from === 'customer'
    const status = own || delivery === null ? null : states[delivery]
    if (!own && status === null) continue
    addEntry(person, { sid: id, at, from, text, media, status, errorCode: null, statusCallback: null, webhook: own ? 'taken' : null })
  }
}
