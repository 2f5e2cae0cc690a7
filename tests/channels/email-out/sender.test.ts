import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import PostalMime from 'postal-mime'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { ChannelKit, Outbound, OutboundMail } from '../../../channels/contract.ts'
import { type EmailConfig, emailConfigSchema } from '../../../channels/email/config.ts'
import { createSender, identityOf } from '../../../channels/email/outbound.ts'
import { conversationOfRecipients } from '../../../channels/email/thread-address.ts'
import { headerText, messageIdsIn, referenceChain, replySubject, wireAddress } from '../../../src/lib/mail-header.ts'
import { quietLog } from '../../support/quiet-log.ts'
import { type ScriptedSmtp, startScriptedSmtp } from '../../support/smtp.ts'

const threadKey = Buffer.alloc(32, 7)
const conversationId = '01890000-0000-7000-8000-000000000001'
const messageId = '01890000-0000-7000-8000-0000000000aa'
const at = 1_767_574_800_000

let server: ScriptedSmtp
let now = at
beforeEach(async () => {
  now = at
  server = await startScriptedSmtp()
})
afterEach(() => server.close())

const kit = (): ChannelKit => ({
  inboxId: 'inbox',
  publicUrl: 'https://hub.test',
  fetch: globalThis.fetch,
  now: () => now,
  after: () => () => undefined,
  key: () => threadKey,
  resolve: async (host) => (host === 'smtp.shop.test' ? '127.0.0.1' : host),
  blobs: { put: () => Promise.reject(new Error()), get: () => Promise.reject(new Error()), delete: () => Promise.resolve() },
  log: quietLog,
})

const settings = (over: object = {}): EmailConfig =>
  emailConfigSchema.parse({
    address: 'help@shop.test',
    displayName: 'Shop 客服',
    receive: 'none',
    smtpHost: 'smtp.shop.test',
    smtpPort: server.port,
    smtpSecurity: 'none',
    ...over,
  })

const mailOf = (config: EmailConfig, head: Partial<OutboundMail['head']> = {}, rest: Partial<OutboundMail> = {}): OutboundMail => ({
  head: {
    subject: 'Re: 訂單',
    from: identityOf(config).from,
    replyTo: [],
    to: [{ address: 'mei@example.test', name: '陳 美' }],
    cc: [],
    bcc: [],
    messageId: identityOf(config).messageId(messageId),
    sentAt: at,
    hasHtml: false,
    hasSource: false,
    automatic: null,
    notices: [],
    ...head,
  },
  text: '您好',
  html: null,
  quote: null,
  references: [],
  files: [],
  locale: 'zh-TW',
  writtenAt: at,
  ...rest,
})

const outOf = (mail: OutboundMail, attempt = 1): Outbound => ({
  outboxId: 'o',
  messageId,
  conversationId,
  retryKey: 'k',
  attempt,
  threadKey: 't',
  address: { kind: 'email', address: 'mei@example.test' },
  parts: [],
  quoted: null,
  mail,
  claimReplyToken: async () => null,
})

async function send(mail: OutboundMail, config = settings()) {
  const sender = createSender(config, kit(), { accessToken: async () => '', threadKey })
  const result = await sender.send(outOf(mail), AbortSignal.timeout(10_000))
  await sender.close()
  return result
}

const unstuffed = (raw = '') => raw.replaceAll('\r\n..', '\r\n.')
const parsed = () => PostalMime.parse(Buffer.from(unstuffed(server.taken[0]?.raw), 'latin1'))

describe('a mail as it leaves', () => {
  test('says whose it is, what it answers and where answers go', async () => {
    const config = settings()
    const references = ['<a@example.test>', '<b@shop.test>', '<c@example.test>']
    expect(await send(mailOf(config, {}, { references }), config)).toMatchObject({
      status: 'accepted',
      route: 'smtp',
      providerIds: [{ kind: 'email.messageId', value: `<${messageId}@shop.test>` }],
    })
    const mail = await parsed()
    expect(mail).toMatchObject({
      subject: 'Re: 訂單',
      from: { name: 'Shop 客服', address: 'help@shop.test' },
      to: [{ name: '陳 美', address: 'mei@example.test' }],
      messageId: `<${messageId}@shop.test>`,
      inReplyTo: '<c@example.test>',
      references: references.join(' '),
      date: new Date(at).toISOString(),
    })
    expect(mail.text?.trim()).toBe('您好')
    const replyTo = mail.replyTo?.map(({ address }) => address ?? '') ?? []
    expect(conversationOfRecipients(config, replyTo, threadKey)).toBe(conversationId)
    expect(server.taken[0]?.from).toBe('help@shop.test')
  })

  test('hidden recipients get it and stand nowhere in it', async () => {
    const config = settings()
    await send(
      mailOf(config, { cc: [{ address: 'boss@example.test', name: null }], bcc: [{ address: 'hidden@example.test', name: 'Secret' }] }),
      config,
    )
    expect(server.taken[0]?.to).toEqual(['mei@example.test', 'boss@example.test', 'hidden@example.test'])
    expect(server.taken[0]?.raw).not.toMatch(/hidden|Secret|^bcc/im)
  })

  test('rich text, pictures in it and attachments', async () => {
    const config = settings()
    const file = (name: string, contentId: string | null, bytes: string) => ({
      name,
      mime: contentId === null ? 'application/pdf' : 'image/png',
      bytes: bytes.length,
      contentId,
      open: async () =>
        (async function* () {
          yield Buffer.from(bytes)
        })(),
    })
    const files = [file('報價單 "一".pdf', null, 'PDF bytes'), file('logo.png', 'f1', 'PNG bytes')]
    await send(mailOf(config, { hasHtml: true }, { html: '<p>您好 <img src="cid:f1"></p>', files }), config)
    const mail = await parsed()
    expect(mail.html).toContain('<p>您好 <img src="cid:f1"></p>')
    expect(mail.text?.trim()).toBe('您好')
    const contents = mail.attachments.map((a) => ({
      name: a.filename,
      id: a.contentId,
      disposition: a.disposition,
      text: Buffer.from(a.content as ArrayBuffer).toString(),
    }))
    expect(contents).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: '報價單 "一".pdf', disposition: 'attachment', text: 'PDF bytes' }),
        expect.objectContaining({ id: '<f1>', disposition: 'inline', text: 'PNG bytes' }),
      ]),
    )
  })

  test('what is answered stands below, quoted in both forms, in the customer’s language', async () => {
    const config = settings()
    const quote = { author: '陳 <b>美', at, text: '何時到貨？\n> 舊', html: '<p>何時<b>到貨</b>？</p>' }
    await send(mailOf(config, { hasHtml: true }, { html: '<p>明天</p>', text: '明天', quote }), config)
    const mail = await parsed()
    expect(mail.text).toMatch(/明天\n\n陳 <b>美 於 .* 寫道：\n\n> 何時到貨？\n>> 舊/)
    expect(mail.html).toContain('<blockquote type="cite"')
    expect(mail.html).toContain('陳 &lt;b&gt;美')
    expect(mail.html).toContain('<p>何時<b>到貨</b>？</p>')
  })

  test('an automatic answer has no sender to answer to (RFC 3834)', async () => {
    const config = settings()
    await send(mailOf(config, { automatic: 'auto_reply' }), config)
    expect(server.taken[0]?.from).toBe('')
    expect(server.taken[0]?.raw).toMatch(/^Auto-Submitted: auto-replied\r$/im)
    expect(server.taken[0]?.raw).toMatch(/^X-Auto-Response-Suppress: All\r$/im)
  })

  test('DKIM signs where there is a key', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const config = settings({
      dkimDomain: 'shop.test',
      dkimSelector: 'hub',
      dkimPrivateKey: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    })
    expect(await send(mailOf(config), config)).toMatchObject({ status: 'accepted' })
    expect(server.taken[0]?.raw).toMatch(/^DKIM-Signature: v=1; a=rsa-sha256; c=relaxed\/relaxed; d=shop\.test;/)
  })

  test('a key that is none sends nothing', async () => {
    const config = settings({ dkimDomain: 'shop.test', dkimSelector: 'hub', dkimPrivateKey: 'no key' })
    expect(await send(mailOf(config), config)).toMatchObject({ status: 'rejected' })
    expect(server.taken).toHaveLength(0)
  })
})

describe('attempts', () => {
  test('every attempt carries the same Message-ID, and one taken without a word is not sent again', async () => {
    const config = settings()
    const sender = createSender(config, kit(), { accessToken: async () => '', threadKey })
    server.fail({ at: 'dot', reply: '451 4.3.0 later' })
    expect(await sender.send(outOf(mailOf(config)), AbortSignal.timeout(9_000))).toMatchObject({ status: 'retry', afterMs: 60_000 })
    server.fail({ at: 'dot', cut: true })
    expect(await sender.send(outOf(mailOf(config), 2), AbortSignal.timeout(9_000))).toMatchObject({ status: 'unconfirmed' })
    await sender.close()
    const ids = server.taken.map(({ raw }) => /^Message-ID: (.*)\r$/im.exec(raw)?.[1])
    expect(new Set(ids)).toEqual(new Set([`<${messageId}@shop.test>`]))
  })

  test('an inbox sends no faster than its settings say, and waiting counts as no attempt', async () => {
    const config = settings({ sendsPerMinute: 2 })
    const sender = createSender(config, kit(), { accessToken: async () => '', threadKey })
    const again = () => sender.send(outOf(mailOf(config)), AbortSignal.timeout(9_000))
    expect([(await again()).status, (await again()).status]).toEqual(['accepted', 'accepted'])
    now += 20_000
    expect(await again()).toMatchObject({ status: 'retry', uncounted: true, afterMs: 40_000 })
    now += 40_000
    expect((await again()).status).toBe('accepted')
    await sender.close()
  })

  test('without a server, or with one that may not be reached, nothing is claimed', async () => {
    expect(await send(mailOf(settings()), settings({ smtpHost: undefined }))).toMatchObject({
      status: 'rejected',
      error: { code: 'misconfigured' },
    })
    const closed = { ...kit(), resolve: () => Promise.reject(new Error('private')) }
    const sender = createSender(settings(), closed, { accessToken: async () => '', threadKey })
    expect(await sender.send(outOf(mailOf(settings())), AbortSignal.timeout(9_000))).toMatchObject({
      status: 'retry',
      error: { code: 'unreachable' },
    })
  })
})

describe('header injection: one message to the intended recipients, or a refusal', () => {
  const poison = [
    '\r\nBcc: evil@evil.test',
    '\nBcc: evil@evil.test',
    '\rBcc: evil@evil.test',
    '\u2028Bcc: evil@evil.test',
    '\u0085X: y',
    '\r\n\r\nbody',
    '\0',
    '\r\n.\r\nMAIL FROM:<evil@evil.test>\r\n',
  ]
  const places: readonly (readonly [name: string, build: (text: string) => Partial<OutboundMail['head']>])[] = [
    ['subject', (text) => ({ subject: `Hi${text}` })],
    ['name of a recipient', (text) => ({ to: [{ address: 'mei@example.test', name: `Mei${text}` }] })],
    ['name of the sender', (text) => ({ from: { address: 'help@shop.test', name: `Shop${text}` } })],
    ['address in To', (text) => ({ to: [{ address: `mei@example.test${text}`, name: null }] })],
    ['address in Cc', (text) => ({ cc: [{ address: `boss${text}@example.test`, name: null }] })],
    ['address in Bcc', (text) => ({ bcc: [{ address: `boss@example.test${text}`, name: null }] })],
  ]
  test.each(places.flatMap(([name, build]) => poison.map((text) => [name, JSON.stringify(text), build(text)] as const)))(
    '%s with %s',
    async (_name, _text, head) => {
      const config = settings()
      const result = await send(mailOf(config, head), config)
      if (result.status === 'rejected') return expect(server.taken).toHaveLength(0)
      expect(server.taken).toHaveLength(1)
      expect(server.taken[0]?.to).toEqual(['mei@example.test'])
      const head822 = server.taken[0]?.raw.split('\r\n\r\n')[0] ?? ''
      expect(head822).not.toMatch(/^(bcc|x|mail from)\s*:/im)
      expect(head822).not.toMatch(/\r(?!\n)|(?<!\r)\n|\u2028/)
      expect(server.lines.filter((line) => /evil/.test(line))).toEqual([])
      expect((await parsed()).text?.trim()).toBe('您好')
    },
  )

  test('lines of the text cannot end the message', async () => {
    const config = settings()
    await send(mailOf(config, {}, { text: 'a\r\n.\r\nMAIL FROM:<evil@evil.test>\r\n.\nb\r.\rc' }), config)
    expect(server.taken).toHaveLength(1)
    expect(server.lines.filter((line) => /evil/.test(line))).toEqual([])
  })

  test('quoted and commented addresses are refused rather than read one way by us and another by the server', () => {
    for (const address of [
      '"evil@evil.test x"@shop.test',
      'a@b.test(c)',
      '<a@b.test>',
      'a@b.test, c@d.test',
      'a b@c.test',
      '@b.test',
      'a@',
      'a@b..test',
      'a@-b.test',
      '.a@b.test',
      'a..b@c.test',
      `${'x'.repeat(65)}@b.test`,
      '美@b.test',
    ])
      expect(wireAddress(address)).toBeNull()
    expect(wireAddress('Mei+tag@例え.test')).toBe('Mei+tag@xn--r8jz45g.test')
    expect(wireAddress('mei@EXAMPLE.test')).toBe('mei@example.test')
  })

  test('no text breaks a header line', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(headerText(text))))
  })
})

describe('threading headers', () => {
  test('the chain holds each id once, its beginning and its newest', () => {
    expect(referenceChain(['<1@a>', '<2@a> (comment)', 'junk', '<1@a>'], '<3@a>')).toEqual(['<1@a>', '<2@a>', '<3@a>'])
    const long = Array.from({ length: 60 }, (_, n) => `<${n}@a>`)
    const chain = referenceChain(long, '<last@a>')
    expect(chain).toHaveLength(21)
    expect([chain[0], chain.at(-1), chain[1]]).toEqual(['<0@a>', '<last@a>', '<41@a>'])
  })

  test('ids are taken from any header without their company', () => {
    expect(messageIdsIn('<2@x> (comment) <a b@c> <\u2028@x> <ok@y>')).toEqual(['<2@x>', '<ok@y>'])
  })

  test('one Re: is enough, in any language', () => {
    expect(['Order', 'Re: Order', 'RE[2]: Order', '回覆：訂單', '答复: 订单', 'AW: Frage', ' ', 'a\r\nb'].map(replySubject)).toEqual([
      'Re: Order',
      'Re: Order',
      'RE[2]: Order',
      '回覆：訂單',
      '答复: 订单',
      'AW: Frage',
      '',
      'Re: a b',
    ])
  })
})
