import type { InboundMail } from '../../../channels/contract.ts'
import { pointById, pointsOfContact } from '../../../db/queries/contacts.ts'
import { type ConversationRow, conversationById } from '../../../db/queries/conversations.ts'
import { mailsByInternetIds, participantsOfConversation } from '../../../db/queries/incoming-mails.ts'
import type { Tx } from '../../../db/store.ts'

/** References that are looked up, the newest; more is no person's thread. */
const maxReferences = 30
/** Stored mails looked at under these ids. */
const maxCandidates = 60
/** Mails of a conversation whose participants count. */
const maxMails = 200

/** The conversation a mail belongs to. */
export interface MailThread {
  readonly conversation: ConversationRow
  /** Address the conversation's contact writes from. */
  readonly address: string
}

/**
 * Finds the conversation a mail continues: by the secret address of the conversation, else by the ids it answers, the
 * newest first. Ids count only from somebody who takes part already: who merely learned an id gets no foot in the door.
 * The subject never counts. Only conversations of the same inbox are found.
 * @param author who wrote it; null for nobody known.
 */
export async function findThread(tx: Tx, inboxId: string, mail: InboundMail, author: string | null): Promise<MailThread | null> {
  if (mail.conversationId !== null) {
    const [proven] = await conversationById(tx, { id: mail.conversationId })
    if (proven !== undefined && proven.inboxId === inboxId) return withAddress(tx, proven)
  }
  if (author === null) return null
  const ids = mail.references.slice(-maxReferences)
  const found = await mailsByInternetIds(tx, inboxId, ids, maxCandidates)
  const tried = new Set<string>()
  for (const id of ids.toReversed()) {
    for (const { conversationId, internetId } of found) {
      if (internetId !== id || tried.has(conversationId)) continue
      tried.add(conversationId)
      const [conversation] = await conversationById(tx, { id: conversationId })
      if (conversation !== undefined && (await takesPart(tx, conversation, author))) return withAddress(tx, conversation)
    }
  }
  return null
}

async function takesPart(tx: Tx, conversation: ConversationRow, author: string): Promise<boolean> {
  const rows = await participantsOfConversation(tx, { conversationId: conversation.id, limit: maxMails })
  if (rows.some(({ participants }) => participants.includes(author))) return true
  const points = await pointsOfContact(tx, { contactId: conversation.contactId })
  return points.some(({ kind, address }) => kind === 'email' && address === author)
}

async function withAddress(tx: Tx, conversation: ConversationRow): Promise<MailThread> {
  const [point] = await pointById(tx, { id: conversation.contactPointId })
  return { conversation, address: point?.address ?? '' }
}
