import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Outbound } from '../../../channels/contract.ts'
import { emailConfigSchema } from '../../../channels/email/config.ts'
import { createSender, identityOf } from '../../../channels/email/outbound.ts'
import { channelKit } from '../../support/channel-kit.ts'
import { type Dovecot, startDovecot } from '../../support/dovecot.ts'
import { imapConfig } from '../../support/mail-inbox.ts'
import { type ScriptedSmtp, startScriptedSmtp } from '../../support/smtp.ts'
import { until } from '../../support/until.ts'

let dovecot: Dovecot
let smtp: ScriptedSmtp

beforeAll(async () => {
  dovecot = await startDovecot()
  smtp = await startScriptedSmtp({ user: 'hub', password: 'pw' })
})
afterAll(async () => {
  await dovecot?.stop()
  await smtp?.close()
})

const settings = (user: string, over: object = {}) =>
  emailConfigSchema.parse({
    ...imapConfig(dovecot, user),
    smtpHost: '127.0.0.1',
    smtpPort: smtp.port,
    smtpSecurity: 'none',
    smtpUser: 'hub',
    smtpPassword: 'pw',
    sentFolder: 'Sent',
    ...over,
  })

function outOf(config: ReturnType<typeof settings>): Outbound {
  const id = '01890000-0000-7000-8000-0000000000aa'
  const { from, messageId } = identityOf(config)
  const to = (address: string) => [{ address, name: null }]
  const rest = { replyTo: [], sentAt: null, hasHtml: false, hasSource: false, automatic: null, notices: [] }
  const head = {
    subject: 'Kept',
    from,
    to: to('mei@example.test'),
    cc: [],
    bcc: to('hidden@example.test'),
    messageId: messageId(id),
    ...rest,
  }
  return {
    outboxId: id,
    messageId: id,
    conversationId: id,
    retryKey: id,
    attempt: 1,
    threadKey: 't',
    address: { kind: 'email', address: 'mei@example.test' },
    parts: [],
    quoted: null,
    mail: { head, text: 'words to keep', html: null, quote: null, references: [], files: [], locale: 'en', writtenAt: 1_767_574_800_000 },
    claimReplyToken: async () => null,
  }
}

const options = { accessToken: async () => '', threadKey: Buffer.alloc(32, 7) }

test('what was sent is filed once with the sent mail, read, with its hidden recipients', async () => {
  await dovecot.deliver('keeper', 'From: a@b.test\r\nSubject: first\r\n\r\nx\r\n')
  dovecot.doveadm('mailbox', 'create', '-u', 'keeper', 'Sent')
  const config = settings('keeper')
  const sender = createSender(config, channelKit(), options)
  expect((await sender.send(outOf(config), AbortSignal.timeout(15_000))).status).toBe('accepted')
  const filed = await until('the copy is filed', () => {
    const found = String(dovecot.doveadm('fetch', '-u', 'keeper', 'flags hdr', 'mailbox', 'Sent'))
    return found.includes('Subject: Kept') && found
  })
  await sender.close()
  expect(filed).toMatch(/Bcc: hidden@example\.test/i)
  expect(filed).toContain('\\Seen')
  expect(filed.match(/Subject: Kept/g)).toHaveLength(1)
  expect(smtp.taken.at(-1)?.raw).not.toMatch(/hidden/)
})

test('a mailbox that takes no copy changes nothing about what was sent', async () => {
  const config = settings('nobody', { password: 'wrong' })
  const warned: string[] = []
  const log = { info: () => undefined, error: () => undefined, warn: (_fields: object, message: string) => void warned.push(message) }
  const sender = createSender(config, channelKit({ log }), options)
  expect((await sender.send(outOf(config), AbortSignal.timeout(15_000))).status).toBe('accepted')
  await until('it is logged', () => warned.includes('the copy of a sent mail could not be filed'))
  await sender.close()
})
