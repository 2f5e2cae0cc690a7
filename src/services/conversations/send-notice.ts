import { contactTraits } from '../../../db/queries/contacts.ts'
import type { ConversationRow } from '../../../db/queries/conversations.ts'
import { insertOutbox } from '../../../db/queries/outbox.ts'
import type { Tx } from '../../../db/store.ts'
import { newId } from '../../lib/ids.ts'
import type { LocalizedText } from '../../wire/queues.ts'
import { type Actor, localeSchema } from '../../wire/words.ts'
import type { ServiceContext } from '../context.ts'
import { appendMessage } from './append-message.ts'

/**
 * Tells the customer of a locked conversation something in their language, by the conversation's channel; nothing when there is
 * no word to tell.
 */
export async function sendNotice(
  tx: Tx,
  ctx: ServiceContext,
  row: ConversationRow,
  text: LocalizedText,
  actor: Actor,
  now: number,
): Promise<void> {
  const [contact] = await contactTraits(tx, { id: row.contactId })
  const words = wordsFor(text, [contact?.locale ?? null, row.language])
  if (words === null) return
  const { id: conversationId, inboxId } = row
  const parts = [{ type: 'text' as const, text: words }]
  const message = await appendMessage(tx, { conversationId, inboxId, direction: 'out', parts, actor, now })
  await insertOutbox(tx, {
    id: newId(),
    messageId: message.id,
    conversationId,
    inboxId,
    status: 'queued',
    attempts: 0,
    nextAttemptAt: now,
    leaseUntil: null,
    leaseToken: null,
    retryKey: newId(),
    route: null,
    hold: null,
    approvedBy: null,
    error: null,
    createdAt: now,
    updatedAt: now,
  })
  tx.afterCommit(() => void ctx.jobs.add('outbox.send', { conversationId }, { key: conversationId }).catch(() => undefined))
}

/** The words in the first language there are any in, else in English, else whatever there is; null = none. */
function wordsFor(text: LocalizedText, languages: readonly (string | null)[]): string | null {
  for (const language of [...languages, 'en']) {
    const locale = localeSchema.safeParse(language)
    const words = locale.success ? text[locale.data] : undefined
    if (words !== undefined) return words
  }
  return Object.values(text).find((words) => words !== undefined) ?? null
}
