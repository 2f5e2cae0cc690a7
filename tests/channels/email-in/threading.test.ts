import { randomBytes } from 'node:crypto'
import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { threadAddress } from '../../../channels/email/thread-address.ts'
import { insertOutgoingMail } from '../../../db/queries/outgoing-mails.ts'
import { derivedKey } from '../../../src/lib/secrets.ts'
import { appendMessage } from '../../../src/services/conversations/append-message.ts'
import { inboxSecretsPlace } from '../../../src/services/inboxes/open-inboxes.ts'
import { useHub as testHub } from '../../support/hub.ts'
import { type MailGiven, type MailInbox, mailText, makeMailInbox } from '../../support/mail-inbox.ts'
import { rowOf } from '../../support/rows.ts'
import { sendSmtp } from '../../support/send-smtp.ts'

const hub = testHub({ env: { SMTP_IN_PORT: '0', SMTP_IN_HOST: '127.0.0.1' } })
const id = () => `<${randomBytes(8).toString('hex')}@shop.example>`

async function inbox(more: Record<string, unknown> = {}): Promise<MailInbox> {
  return makeMailInbox(hub(), { address: `t${randomBytes(5).toString('hex')}@desk.example`, receive: 'smtp', ...more })
}

async function send(box: MailInbox, given: MailGiven & { readonly envelopeFrom?: string; readonly rcpt?: string } = {}): Promise<void> {
  const { envelopeFrom = 'chen@shop.example', rcpt = box.address, ...mail } = given
  await sendSmtp(hub().smtpPort ?? 0, { from: envelopeFrom, to: [rcpt] }, mailText({ to: box.address, ...mail }))
}

async function last(box: MailInbox) {
  const mail = (await box.stored()).at(-1)
  if (mail === undefined) throw new Error('Nothing came in.')
  return mail
}

/** An answer of ours, stored as the outbox leaves it once a server has taken it. */
async function answered(box: MailInbox, conversationId: string, to = 'chen@shop.example'): Promise<{ id: string; messageId: string }> {
  const messageId = `<${randomBytes(8).toString('hex')}@desk.example>`
  const { ctx } = hub()
  const now = ctx.clock.now()
  const answeredHead = (await last(box)).head
  const row = await ctx.store.tx(async (tx) => {
    const written = await appendMessage(tx, {
      conversationId,
      inboxId: box.inboxId,
      direction: 'out',
      parts: [{ type: 'text', text: 'our answer' }],
      actor: { type: 'system', id: 'tests' },
      delivery: 'accepted',
      now,
    })
    const head = {
      ...answeredHead,
      from: { address: box.address, name: null },
      to: [{ address: to, name: null }],
      cc: [],
      messageId,
    }
    await tx.db.update(tx.t.messages).set({ mail: head }).where(eq(tx.t.messages.id, written.id))
    const sent = { messageId: written.id, conversationId, inboxId: box.inboxId, status: 'accepted', attempts: 1, route: 'smtp' } as const
    await tx.db.insert(tx.t.outbox).values(rowOf(tx.t.outbox, { ...sent, createdAt: now, updatedAt: now }))
    await insertOutgoingMail(tx, {
      messageId: written.id,
      conversationId,
      inboxId: box.inboxId,
      internetId: messageId,
      references: [],
      participants: [to],
      contentHash: null,
      html: null,
      createdAt: now,
    })
    return written
  })
  return { id: row.id, messageId }
}

async function deliveryOf(messageId: string) {
  const { ctx } = hub()
  const { messages: m } = ctx.store.t
  const [row] = await ctx.store.db.select({ delivery: m.delivery, error: m.deliveryError }).from(m).where(eq(m.id, messageId))
  return row
}

describe('threads', () => {
  it('joins an answer to what it answers, by In-Reply-To or any reference, whatever the subject', async () => {
    const box = await inbox()
    const root = id()
    await send(box, { messageId: root, subject: 'order' })
    const first = await last(box)
    const ours = await answered(box, first.conversationId)
    await send(box, { subject: 'completely different', headers: [`In-Reply-To: ${ours.messageId} (your mail)`] })
    expect((await last(box)).conversationId).toBe(first.conversationId)
    await send(box, { headers: [`References: <unknown@else.example>${root},\r\n\t<other@else.example>`] })
    expect((await last(box)).conversationId).toBe(first.conversationId)
    expect((await box.conversation(first.conversationId)).subject).toBe('order')
  })

  it('never joins by subject alone', async () => {
    const box = await inbox()
    await send(box, { subject: 'Re: invoice' })
    const first = await last(box)
    await send(box, { subject: 'Re: invoice' })
    expect((await last(box)).conversationId).not.toBe(first.conversationId)
  })

  it('lets nobody in who merely quotes an id', async () => {
    const box = await inbox()
    await send(box)
    const first = await last(box)
    const ours = await answered(box, first.conversationId)
    await send(box, { from: 'Eve <eve@evil.example>', headers: [`In-Reply-To: ${ours.messageId}`, `References: ${ours.messageId}`] })
    const stranger = await last(box)
    expect(stranger.conversationId).not.toBe(first.conversationId)
    await send(box, { from: 'Chen <chen@shop.example>\r\nFrom: Eve <eve@evil.example>', headers: [`In-Reply-To: ${ours.messageId}`] })
    const doubled = await last(box)
    expect(doubled.conversationId).not.toBe(first.conversationId)
    expect(doubled.head.notices).toContain('several_from')
  })

  it('lets a colleague in who was written to, under their own name', async () => {
    const box = await inbox()
    await send(box, { headers: ['Cc: Lin Mei <lin@shop.example>'] })
    const first = await last(box)
    const ours = await answered(box, first.conversationId)
    await send(box, { from: 'Lin Mei <lin@shop.example>', headers: [`In-Reply-To: ${ours.messageId}`] })
    const colleague = await last(box)
    expect(colleague.conversationId).toBe(first.conversationId)
    expect(colleague.authorName).toBe('Lin Mei')
    expect(first.authorName).toBeNull()
  })

  it('knows its own secret address, folded in case, and no forged one', async () => {
    const box = await inbox()
    await send(box)
    const first = await last(box)
    const key = derivedKey(hub().config.secretKey, `${inboxSecretsPlace(box.inboxId)}: conversation address v1`)
    const config = { address: box.address, aliases: [] }
    const secret = threadAddress(config, first.conversationId, key) ?? ''
    expect(secret).toMatch(/^t[0-9a-f]+\+[a-z2-7]{39}@desk\.example$/)
    await send(box, { from: 'Anybody <any@body.example>', to: secret.toUpperCase(), rcpt: secret })
    expect((await last(box)).conversationId).toBe(first.conversationId)
    const forged = threadAddress(config, first.conversationId, randomBytes(32)) ?? ''
    await send(box, { from: 'Anybody <any@body.example>', to: forged, rcpt: forged })
    expect((await last(box)).conversationId).not.toBe(first.conversationId)
  })

  it('keeps to its own inbox', async () => {
    const [one, two] = [await inbox(), await inbox()]
    const root = id()
    await send(one, { messageId: root })
    await send(two, { headers: [`In-Reply-To: ${root}`] })
    expect((await last(two)).conversationId).not.toBe((await last(one)).conversationId)
  })

  it('keeps Cc and Reply-To, and says that answers go elsewhere', async () => {
    const box = await inbox()
    await send(box, { headers: ['Cc: Lin <lin@shop.example>, "Wu, Q" <WU@Shop.Example>', 'Reply-To: Orders <orders@shop.example>'] })
    const { head } = await last(box)
    expect(head.cc.map(({ address }) => address)).toEqual(['lin@shop.example', 'wu@shop.example'])
    expect(head.replyTo).toEqual([{ address: 'orders@shop.example', name: 'Orders' }])
    expect(head.notices).toContain('reply_elsewhere')
  })
})

describe('automatic mail', () => {
  it.each([
    ['auto_reply', 'Auto-Submitted: auto-replied'],
    ['auto_reply', 'X-Autoreply: yes'],
    ['auto_reply', 'Precedence: auto_reply'],
    ['bulk', 'Precedence: bulk'],
    ['bulk', 'List-Id: <news.shop.example>'],
    ['bulk', 'List-Unsubscribe: <https://shop.example/u>'],
  ])('keeps %s (%s) without asking anybody to act', async (kind, header) => {
    const box = await inbox()
    await send(box, { headers: [header] })
    const mail = await last(box)
    expect(mail.head.automatic).toBe(kind)
    expect((await box.conversation(mail.conversationId)).status).toBe('resolved')
  })

  it.each(['Auto-Submitted: auto-generated', 'X-Auto-Response-Suppress: OOF, AutoReply'])(
    'queues what a system writes (%s), marked',
    async (header) => {
      const box = await inbox()
      await send(box, { headers: [header] })
      const mail = await last(box)
      expect(mail.head.automatic).toBe('auto_generated')
      expect((await box.conversation(mail.conversationId)).status).toBe('queued')
    },
  )

  it('files an out-of-office in its thread without turning it over', async () => {
    const box = await inbox()
    await send(box)
    const first = await last(box)
    const ours = await answered(box, first.conversationId)
    const before = await box.conversation(first.conversationId)
    await send(box, { headers: ['Auto-Submitted: auto-replied', `In-Reply-To: ${ours.messageId}`], envelopeFrom: '' })
    const mail = await last(box)
    expect(mail.conversationId).toBe(first.conversationId)
    expect(await box.conversation(first.conversationId)).toMatchObject({ status: before.status })
  })

  it('sees its own mail come back, and a form of the site that writes for a customer', async () => {
    const box = await inbox()
    await send(box, { from: `Desk <${box.address}>` })
    expect((await last(box)).head.automatic).toBe('own')
    await send(box, { from: `Desk <${box.address}>`, headers: ['Reply-To: Chen <chen@shop.example>'] })
    const form = await last(box)
    expect(form.head.automatic).toBeNull()
    expect((await box.conversation(form.conversationId)).status).toBe('queued')
  })
})

const report = (recipient: string, original: string, action: string, status: string, diagnostic: string) =>
  [
    'From: Mail Delivery System <MAILER-DAEMON@mx.example>',
    'Subject: Undelivered Mail Returned to Sender',
    `Message-ID: ${id()}`,
    'Content-Type: multipart/report; report-type=delivery-status; boundary=r',
    '',
    '--r',
    'Content-Type: text/plain',
    '',
    'Your mail could not be delivered.',
    '--r',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example',
    '',
    `Final-Recipient: rfc822; ${recipient}`,
    `Action: ${action}`,
    `Status: ${status}`,
    `Diagnostic-Code: smtp; ${diagnostic}`,
    '',
    '--r',
    'Content-Type: text/rfc822-headers',
    '',
    `Message-ID: ${original}`,
    `To: ${recipient}`,
    '',
    '--r--',
    '',
  ].join('\r\n')

describe('reports', () => {
  const bounce = (box: MailInbox, raw: string) => sendSmtp(hub().smtpPort ?? 0, { from: '', to: [box.address] }, raw)

  it('become the delivery state of the mail they are about, with the reason in words', async () => {
    const box = await inbox()
    await send(box)
    const { conversationId } = await last(box)
    const ours = await answered(box, conversationId)
    await bounce(box, report('chen@shop.example', ours.messageId, 'failed', '5.1.1', '550 5.1.1 User unknown'))
    expect(await deliveryOf(ours.id)).toMatchObject({
      delivery: 'failed',
      error: {
        code: 'bounced',
        detail: 'chen@shop.example does not exist.',
        provider: { code: '5.1.1', message: '550 5.1.1 User unknown' },
      },
    })
    expect(await box.stored()).toHaveLength(1)
  })

  it('raise it when the mail arrived, and tell of a delay without changing it', async () => {
    const box = await inbox()
    await send(box)
    const { conversationId } = await last(box)
    const ours = await answered(box, conversationId)
    await bounce(box, report('chen@shop.example', ours.messageId, 'delayed', '4.4.1', 'no answer'))
    expect(await deliveryOf(ours.id)).toMatchObject({ delivery: 'accepted' })
    await bounce(box, report('chen@shop.example', ours.messageId, 'delivered', '2.0.0', '250 ok'))
    expect(await deliveryOf(ours.id)).toMatchObject({ delivery: 'delivered', error: null })
  })

  it.each([
    [
      'qmail',
      "Hi. This is the qmail-send program.\r\nI wasn't able to deliver your message to the following addresses.\r\nThis is a permanent error.\r\n\r\n<chen@shop.example>:\r\n550 5.1.1 no such user\r\n",
    ],
    [
      'Exim',
      'A message that you sent could not be delivered to one or more of its recipients. This is a permanent error.\r\n\r\n  chen@shop.example\r\n    550 Unrouteable address\r\n',
    ],
    ['Chinese', '很抱歉，您的郵件無法送達 chen@shop.example\r\n550 5.1.1 mailbox unavailable\r\n'],
  ])('are understood in the prose of %s', async (_name, words) => {
    const box = await inbox()
    await send(box)
    const { conversationId } = await last(box)
    const ours = await answered(box, conversationId)
    const raw = `From: MAILER-DAEMON@mx.example\r\nSubject: failure notice\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${words}\r\n--- Below this line is a copy of the message.\r\nMessage-ID: ${ours.messageId}\r\n`
    await bounce(box, raw)
    expect(await deliveryOf(ours.id)).toMatchObject({ delivery: 'failed' })
  })

  it('are not believed about mail that never went to that recipient, nor from another inbox', async () => {
    const [box, other] = [await inbox(), await inbox()]
    await send(box)
    const { conversationId } = await last(box)
    const ours = await answered(box, conversationId)
    await bounce(box, report('somebody@else.example', ours.messageId, 'failed', '5.1.1', 'x'))
    await bounce(other, report('chen@shop.example', ours.messageId, 'failed', '5.1.1', 'x'))
    expect(await deliveryOf(ours.id)).toMatchObject({ delivery: 'accepted' })
    const kept = await last(other)
    expect(kept.head.automatic).toBe('bounce')
    expect((await other.conversation(kept.conversationId)).status).toBe('resolved')
  })
})
