import { and, asc, eq, isNull } from 'drizzle-orm'
import type { ConversationRow } from '../../../db/queries/conversations.ts'
import type { Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import { headerText } from '../../lib/mail-header.ts'
import type { ContinueByMail } from '../../wire/mail.ts'
import { outgoingMailSchema } from '../../wire/mail.ts'
import type { Actor } from '../../wire/words.ts'
import type { OpenInbox, ServiceContext } from '../context.ts'
import { appendLine, appendMessage } from '../conversations/append-message.ts'
import { lockedConversation } from '../conversations/locked-conversation.ts'
import { moveConversation } from '../conversations/move-conversation.ts'
import { queueForSending } from '../conversations/send-message.ts'
import { startConversation } from '../conversations/start-conversation.ts'
import { composeMail, keepMail } from './compose-mail.ts'
import { sendingInbox } from './send-own-mail.ts'

/**
 * Goes on by mail where the customer has left the channel they wrote on: a conversation of its own, the agent's at once and
 * linked to the one before, whose first message is the agent's mail. It goes to an address that is proven to be the
 * customer's, never to one that was merely typed.
 * @returns the new conversation's id.
 * @throws AppError 'conflict' with code `no_verified_address`, `no_mailbox` or `is_mail`; 'not_found', 'forbidden'.
 */
export async function continueByMail(ctx: ServiceContext, viewer: Viewer, conversationId: string, input: ContinueByMail): Promise<string> {
  const mailbox = await sendingInbox(ctx)
  return ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    const before = await lockedConversation(tx, viewer, 'conversation.reply', conversationId, now)
    if (ctx.inboxes.channel(before.channel).capabilities.mail === true) throw refusal('is_mail', 'This conversation goes by mail already.')
    const identity = mailbox?.session.mail
    if (mailbox === null || identity === undefined) throw refusal('no_mailbox', 'There is no mailbox that could send.')
    const point = await provenAddress(tx, before.contactId)
    if (point === null) throw refusal('no_verified_address', 'No e-mail address of this customer is proven to be theirs.')
    const actor: Actor = { type: 'agent', id: viewer.agentId }
    const row = await begin(tx, mailbox, before, { pointId: point.id, actor, now, input })
    const composed = await composeMail(tx, {
      conversation: row,
      identity,
      agentId: viewer.agentId,
      parts: [{ type: 'text', text: input.text }],
      mail: outgoingMailSchema.parse({
        ...(input.subject === undefined ? {} : { subject: input.subject }),
        to: [{ address: point.address }],
      }),
      quotedMessageId: undefined,
      now,
    })
    const { id, parts, mail } = composed
    const at = { conversationId: row.id, inboxId: row.inboxId, now }
    const message = await appendMessage(tx, { ...at, direction: 'out', actor, id, parts, mail, delivery: 'queued' })
    await keepMail(tx, composed, at)
    await queueForSending(tx, ctx, message, now, identity.undoMs)
    await appendLine(tx, before, actor, now, 'conversation.continued_by_mail', { address: point.address })
    return row.id
  })
}

async function begin(
  tx: Tx,
  mailbox: OpenInbox,
  before: ConversationRow,
  { pointId, actor, now, input }: { pointId: string; actor: Extract<Actor, { type: 'agent' }>; now: number; input: ContinueByMail },
): Promise<ConversationRow> {
  const started = await startConversation(tx, mailbox, {
    contactId: before.contactId,
    pointId,
    threadKey: `mail:${newId()}`,
    previousId: before.id,
    lastAgentId: actor.id,
    text: input.text,
    subject: headerText(input.subject ?? before.subject ?? ''),
    now,
  })
  await moveConversation(tx, started, { event: { type: 'assigned' }, actor, now, agentId: actor.id })
  const held = await rowOf(tx, started.id)
  await moveConversation(tx, held, { event: { type: 'agent_message' }, actor, now })
  return rowOf(tx, started.id)
}

async function rowOf(tx: Tx, id: string): Promise<ConversationRow> {
  const { conversations } = tx.t
  const [row] = await tx.db.select().from(conversations).where(eq(conversations.id, id))
  if (row === undefined) throw new AppError('bug', 'The conversation just started is not there.')
  return row
}

/** The oldest address that is proven and takes mail. */
async function provenAddress(tx: Tx, contactId: string): Promise<{ readonly id: string; readonly address: string } | null> {
  const { contactPoints: t } = tx.t
  const [point] = await tx.db
    .select({ id: t.id, address: t.address })
    .from(t)
    .where(and(eq(t.contactId, contactId), eq(t.kind, 'email'), eq(t.verified, true), isNull(t.blockedAt)))
    .orderBy(asc(t.id))
    .limit(1)
  return point ?? null
}

function refusal(code: string, sentence: string): AppError {
  return new AppError('conflict', sentence, { code })
}
