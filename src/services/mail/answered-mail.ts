import type { MailIdentity } from '../../../channels/contract.ts'
import { pointById } from '../../../db/queries/contacts.ts'
import type { ConversationRow } from '../../../db/queries/conversations.ts'
import type { AnswerableMail } from '../../../db/queries/outgoing-mails.ts'
import type { Store, Tx } from '../../../db/store.ts'
import { headerText, replySubject } from '../../lib/mail-header.ts'
import type { MailAddress } from '../../wire/mail.ts'

/** The mail an answer belongs to: the one named, the customer's newest, or our own newest. */
export function answeredOf(recent: readonly AnswerableMail[], wanted: string | undefined): AnswerableMail | null {
  const named = wanted === undefined ? undefined : recent.find(({ messageId }) => messageId === wanted)
  return named ?? recent.find(({ direction }) => direction === 'in') ?? recent[0] ?? null
}

/** The subject of an answer; the inbox's name where nothing has one. */
export function subjectOf(conversation: ConversationRow, answered: AnswerableMail | null, identity: MailIdentity): string {
  const subject = replySubject(answered?.head?.subject ?? conversation.subject ?? '')
  return subject === '' ? headerText(identity.from.name ?? identity.from.address) : subject
}

/** Whether an address in lower case is one of the inbox's own, also with a plus part. */
export function isOwn({ own }: MailIdentity, address: string): boolean {
  return own.includes(address) || own.includes(address.replace(/\+[^@]*@/, '@'))
}

/** Whom an answer goes to when nobody says: where the mail wants answers, else the customer's address; none where neither is. */
export async function replyTarget(
  on: Store | Tx,
  conversation: ConversationRow,
  identity: MailIdentity,
  answered: AnswerableMail | null,
): Promise<MailAddress[]> {
  const head = answered?.head ?? null
  if (head !== null && answered?.direction === 'in') {
    const wanted = [...head.replyTo, ...(head.from === null ? [] : [head.from])]
    const first = wanted.find(({ address }) => !isOwn(identity, address.toLowerCase()))
    if (first !== undefined) return [first]
  }
  const [point] = await pointById(on, { id: conversation.contactPointId })
  return point?.kind === 'email' ? [{ address: point.address, name: point.displayName }] : []
}
