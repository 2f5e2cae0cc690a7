import { asc, eq } from 'drizzle-orm'
import type { Outbound } from '../../../channels/contract.ts'
import { AppError } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import type { OwnMail } from '../../ports/mail.ts'
import type { OpenInbox, ServiceContext } from '../context.ts'

/** Mails of our own that one address gets in an hour, and all together; enough for people, too few for bombing anybody. */
const perAddress = { name: 'own-mail-address', points: 5, windowSeconds: 3_600 }
const together = { name: 'own-mail', points: 300, windowSeconds: 3_600 }
const sendTimeoutMs = 30_000

/**
 * Sends a mail of the product's own: over the server of the settings, else by the oldest mailbox that sends.
 * @returns false where neither is there.
 * @throws AppError 'rate_limited'; 'provider_unavailable' when no server took it.
 */
export async function sendOwnMail(ctx: ServiceContext, mail: OwnMail): Promise<boolean> {
  const inbox = ctx.mail === null ? await sendingInbox(ctx) : null
  if (ctx.mail === null && inbox === null) return false
  for (const [rule, key] of [[perAddress, mail.to.toLowerCase()] as const, [together, 'all'] as const]) {
    const { allowed, retryAfterMs } = await ctx.limiters.limiter(rule).consume(key)
    if (!allowed) throw new AppError('rate_limited', 'Too many mails were sent; wait a while.', { retryAfterMs })
  }
  if (ctx.mail !== null) await ctx.mail.send(mail)
  else if (inbox !== null) await sendByInbox(inbox, mail, ctx.clock.now())
  return true
}

/** The oldest mailbox that sends; null for none. */
export async function sendingInbox(ctx: ServiceContext): Promise<OpenInbox | null> {
  const { db, t } = ctx.store
  const rows = await db
    .select({ id: t.inboxes.id, enabled: t.inboxes.enabled })
    .from(t.inboxes)
    .where(eq(t.inboxes.channel, 'email'))
    .orderBy(asc(t.inboxes.id))
    .limit(20)
  for (const { id, enabled } of rows) {
    const inbox = enabled ? await ctx.inboxes.get(id).catch(() => null) : null
    if (inbox?.session.mail?.sends === true) return inbox
  }
  return null
}

async function sendByInbox(inbox: OpenInbox, mail: OwnMail, now: number): Promise<void> {
  const identity = inbox.session.mail
  if (identity === undefined) throw new AppError('bug', 'This inbox carries no mail.')
  const id = newId()
  const out: Outbound = {
    outboxId: id,
    messageId: id,
    conversationId: id,
    retryKey: id,
    attempt: 1,
    threadKey: mail.to,
    address: { kind: 'email', address: mail.to },
    parts: [],
    quoted: null,
    mail: {
      head: {
        subject: mail.subject,
        from: identity.from,
        replyTo: [],
        to: [{ address: mail.to, name: null }],
        cc: [],
        bcc: [],
        messageId: identity.messageId(id),
        sentAt: now,
        hasHtml: false,
        hasSource: false,
        automatic: null,
        notices: [],
      },
      text: mail.text,
      html: null,
      quote: null,
      references: [],
      files: [],
      locale: inbox.locale,
      writtenAt: now,
    },
    claimReplyToken: async () => null,
  }
  const result = await inbox.session.send(out, AbortSignal.timeout(sendTimeoutMs))
  if (result.status === 'accepted' || result.status === 'delivered') return
  throw new AppError('provider_unavailable', 'The mail server did not take the mail.', { code: result.error?.code ?? result.status })
}
