import { agentRowById } from '../../../db/queries/accounts.ts'
import { conversationById } from '../../../db/queries/conversations.ts'
import { newestMails } from '../../../db/queries/outgoing-mails.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import type { MailSuggestion } from '../../wire/mail.ts'
import type { ServiceContext } from '../context.ts'
import { visibleConversation } from '../conversations/get-conversation.ts'
import { answeredOf, isOwn, replyTarget, subjectOf } from './answered-mail.ts'
import { textOfHtml } from './mail-text.ts'

/** Mails looked through for the one that is answered. */
const recentMails = 20

/**
 * Where an agent's answer begins: to whom it goes, who else was part of it, its subject and what will stand below.
 * @throws AppError 'not_found'; 'invalid_input' with code `no_mail` where the conversation's inbox carries none.
 */
export async function suggestHead(ctx: ServiceContext, viewer: Viewer, conversationId: string): Promise<MailSuggestion> {
  await visibleConversation(ctx, viewer, conversationId)
  const [conversation] = await conversationById(ctx.store, { id: conversationId })
  if (conversation === undefined) throw new AppError('not_found', 'There is no such conversation.')
  const identity = (await ctx.inboxes.get(conversation.inboxId)).session.mail
  if (identity === undefined) throw new AppError('invalid_input', 'This conversation is no mail.', { code: 'no_mail' })
  const recent = await newestMails(ctx.store, { conversationId, limit: recentMails })
  const answered = answeredOf(recent, undefined)
  const to = await replyTarget(ctx.store, conversation, identity, answered)
  const taken = new Set(to.map(({ address }) => address.toLowerCase()))
  const others = [...(answered?.head?.to ?? []), ...(answered?.head?.cc ?? [])].filter(({ address }) => {
    const folded = address.toLowerCase()
    if (taken.has(folded) || isOwn(identity, folded)) return false
    taken.add(folded)
    return true
  })
  const [agent] = await agentRowById(ctx.store, { id: viewer.agentId })
  return {
    from: identity.from,
    to,
    others,
    subject: subjectOf(conversation, answered, identity),
    answers: answered?.messageId ?? null,
    signature: [agent?.signature ?? '', textOfHtml(identity.signature)].filter((piece) => piece !== '').join('\n'),
    undoMs: identity.undoMs,
  }
}
