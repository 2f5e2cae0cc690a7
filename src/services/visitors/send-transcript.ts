import type { OutboundMail } from '../../../channels/contract.ts'
import { AppError } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import type { VisitorMessage } from '../../wire/visitor.ts'
import type { ServiceContext } from '../context.ts'
import type { Visitor } from './chat-inbox.ts'
import { loadVisitorHistory, syncVisitor } from './load-visitor-thread.ts'
import { type Transcript, writeTranscript } from './transcript-text.ts'

/** Newest messages that a transcript holds; a mail of more is read by nobody. */
const maxMessages = 1_000
const pageSize = 100
const sendTimeoutMs = 30_000

/** Where a transcript of this visitor may go: an address that their site has signed; null: nowhere. */
export function transcriptAddress({ config, profile }: Pick<Visitor, 'config' | 'profile'>): string | null {
  if (!config.transcripts || config.mailInboxId === null || profile.emailVerified !== true) return null
  return profile.email ?? null
}

/**
 * Mails a visitor what was said, as they saw it: no notes, nothing taken back, nothing of other channels. It goes to the proved
 * address alone, whatever anybody types.
 * @throws AppError 'conflict' with code `no_transcript` when there is no such address, no mailbox to send by, or nothing was said;
 *   'provider_unavailable' when the mail server did not take it.
 */
export async function sendTranscript(ctx: ServiceContext, visitor: Visitor): Promise<void> {
  const address = transcriptAddress(visitor)
  const { mailInboxId } = visitor.config
  if (address === null || mailInboxId === null) throw noTranscript('This conversation cannot be sent by e-mail.')
  const messages = await messagesOf(ctx, visitor)
  if (messages.length === 0) throw noTranscript('Nothing has been said yet.')
  await mail(ctx, mailInboxId, address, writeTranscript(messages, visitor.inbox.name, visitor.profile.locale ?? visitor.inbox.locale))
}

async function messagesOf(ctx: ServiceContext, visitor: Visitor): Promise<VisitorMessage[]> {
  const newest = await syncVisitor(ctx, visitor, null, pageSize)
  let messages = newest.messages
  let older = newest.older
  while (older && messages.length < maxMessages) {
    const [first] = messages
    if (first === undefined) break
    const page = await loadVisitorHistory(ctx, visitor, { conversationId: first.conversationId, ordinal: first.ordinal }, pageSize)
    if (page.messages.length === 0) break
    messages = [...page.messages, ...messages]
    older = page.older
  }
  return messages.slice(-maxMessages)
}

async function mail(ctx: ServiceContext, mailInboxId: string, address: string, { subject, text }: Transcript): Promise<void> {
  const inbox = await ctx.inboxes.get(mailInboxId)
  const identity = inbox.session.mail
  if (!inbox.enabled || identity === undefined) throw noTranscript('The mailbox of this chat is not there any more.')
  const id = newId()
  const now = ctx.clock.now()
  const outgoing: OutboundMail = {
    head: {
      subject,
      from: identity.from,
      replyTo: [],
      to: [{ address, name: null }],
      cc: [],
      bcc: [],
      messageId: identity.messageId(id),
      sentAt: null,
      hasHtml: false,
      hasSource: false,
      automatic: null,
      notices: [],
    },
    text,
    html: null,
    quote: null,
    references: [],
    files: [],
    locale: inbox.locale,
    writtenAt: now,
  }
  const result = await inbox.session.send(
    {
      outboxId: id,
      messageId: id,
      conversationId: id,
      retryKey: id,
      attempt: 1,
      threadKey: address,
      address: { kind: 'email', address },
      parts: [{ type: 'text', text }],
      quoted: null,
      mail: outgoing,
      claimReplyToken: async () => null,
    },
    AbortSignal.timeout(sendTimeoutMs),
  )
  if (result.status === 'accepted' || result.status === 'delivered') return
  const code = result.error?.code ?? result.status
  ctx.log.warn({ inboxId: mailInboxId, status: result.status, code }, 'a transcript was not sent')
  throw new AppError('provider_unavailable', 'The mail could not be sent; try again later.', { code })
}

function noTranscript(sentence: string): AppError {
  return new AppError('conflict', sentence, { code: 'no_transcript' })
}
