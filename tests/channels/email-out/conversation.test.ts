import { createServer, type Server } from 'node:http'
import PostalMime from 'postal-mime'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { SafeMail } from '../../../src/wire/mail.ts'
import type { Message, SendInput } from '../../../src/wire/messages.ts'
import { type AgentConsole, agentSocket } from '../../support/agent-client.ts'
import { type Centre, makeCentre, type TestAgent } from '../../support/centre.ts'
import { startTestHub, type TestHub } from '../../support/hub.ts'
import { addMailbox, type TestMailbox } from '../../support/mailbox.ts'
import { type ScriptedSmtp, startScriptedSmtp } from '../../support/smtp.ts'
import { until } from '../../support/until.ts'

/** A picture of one pixel. */
const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==', 'base64')

let hub: TestHub
let smtp: ScriptedSmtp
let pictures: Server
let picturesAt = ''
let asked: string[] = []
let centre: Centre
let box: TestMailbox
let ann: AgentConsole
let clients = 0
let mails = 0

beforeAll(async () => {
  smtp = await startScriptedSmtp()
  pictures = createServer((request, response) => {
    asked.push(`${request.url ?? ''} ${request.headers.cookie ?? 'no cookie'}`)
    if (request.url === '/page.png') response.setHeader('content-type', 'image/png').end('<script>alert(1)</script>')
    else response.setHeader('content-type', 'text/html').end(png)
  })
  await new Promise<void>((resolve) => pictures.listen(0, '127.0.0.1', resolve))
  const address = pictures.address()
  picturesAt = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`
  hub = await startTestHub({ overrides: { allowedOrigins: [`tcp://127.0.0.1:${smtp.port}`, picturesAt] } })
})
afterAll(async () => {
  await hub.stop()
  await smtp.close()
  pictures.closeAllConnections()
  pictures.close()
})
beforeEach(async () => {
  asked = []
  centre = await makeCentre(hub, { agents: { ann: {}, sue: { role: 'supervisor' }, ben: { role: 'agent' } } })
  box = await addMailbox(hub, centre, smtp.port)
  ann = await agentSocket(hub, centre.agent('ann'))
  await ann.goAvailable()
})
afterEach(async () => {
  ann.close()
  await hub.check()
})

const first = (more = '') => `From: Mei Chen <mei@example.test>
To: ${box.address}, Boss <boss@example.test>
Subject: =?utf-8?B?6KiC5Zau?= 1024
Message-ID: <one@example.test>
References: <zero@example.test>
${more}Content-Type: text/plain; charset=utf-8

Where is it? (${(mails += 1)})
`

async function begin(raw = first()): Promise<string> {
  await box.receive(raw)
  return ann.acceptNext()
}

async function answer(conversationId: string, input: Partial<SendInput> = {}): Promise<Message> {
  const { message } = await ann.ask('message.send', {
    conversationId,
    clientId: `client-${(clients += 1)}`,
    parts: [{ type: 'text', text: 'Tomorrow.' }],
    ...input,
  })
  return message
}

async function over(agent: TestAgent, method: string, path: string, body?: unknown): Promise<Response> {
  return fetch(`${hub.url}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${agent.token}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
}

async function upload(name: string, bytes: Buffer): Promise<string> {
  const form = new FormData()
  form.append('file', new Blob([Uint8Array.from(bytes)]), name)
  const response = await fetch(`${hub.url}/api/v1/files`, {
    method: 'POST',
    headers: { authorization: `Bearer ${centre.agent('ann').token}` },
    body: form,
  })
  return ((await response.json()) as { id: string }).id
}

const settled = (id: string, status: string) =>
  until(`message is ${status}`, async () => {
    const message = (await (await over(centre.agent('ann'), 'GET', `/messages/${id}`)).json()) as Message
    return message.delivery?.status === status && message
  })
const sentTo = async (recipient: string) => {
  const mail = await until('the mail is taken', () => smtp.taken.findLast(({ to }) => to.includes(recipient)))
  return { ...mail, parsed: await PostalMime.parse(Buffer.from(mail.raw, 'latin1')) }
}

describe('an answer', () => {
  test('goes to the customer under the same subject, quotes the mail, and its answer comes back to the thread', async () => {
    const conversationId = await begin()
    const message = await answer(conversationId)
    expect(message.mail).toMatchObject({ subject: 'Re: 訂單 1024', to: [{ address: 'mei@example.test' }], cc: [] })
    await settled(message.id, 'accepted')
    const { parsed, to } = await sentTo('mei@example.test')
    expect(to).toEqual(['mei@example.test'])
    expect(parsed).toMatchObject({
      subject: 'Re: 訂單 1024',
      inReplyTo: '<one@example.test>',
      references: '<zero@example.test> <one@example.test>',
    })
    expect(parsed.text).toMatch(/^Tomorrow\.\n\nOn .* wrote:\n\n> Where is it\?/)
    const replyTo = parsed.replyTo?.[0]?.address ?? ''
    // A stranger to the ids answers the secret address alone, under another subject.
    await box.receive(`From: mei@example.test\nTo: ${replyTo}\nSubject: Something else\nMessage-ID: <two@example.test>\n\nThanks!\n`, [
      replyTo,
    ])
    const thread = (await (await over(centre.agent('ann'), 'GET', `/conversations/${conversationId}/messages`)).json()) as {
      items: Message[]
    }
    expect(thread.items.filter(({ direction }) => direction === 'in' || direction === 'out').map(({ direction }) => direction)).toEqual([
      'in',
      'out',
      'in',
    ])
    const again = await answer(conversationId, { mail: { cc: [], bcc: [], signature: true, quote: false } })
    await settled(again.id, 'accepted')
    const second = (await sentTo('mei@example.test')).parsed
    expect(second.inReplyTo).toBe('<two@example.test>')
    expect(second.text?.trim()).toBe('Tomorrow.')
  })

  test('carries rich text, a picture in it, an attachment, copies and hidden copies', async () => {
    const conversationId = await begin()
    const picture = await upload('pixel.png', png)
    const file = await upload('報價.txt', Buffer.from('offer'))
    const message = await answer(conversationId, {
      parts: [
        { type: 'text', text: 'x' },
        { type: 'file', fileId: picture },
        { type: 'file', fileId: file },
      ],
      mail: {
        subject: 'Your order',
        to: [{ address: 'mei@example.test', name: 'Mei' }],
        cc: [{ address: 'boss@example.test', name: null }],
        bcc: [{ address: 'audit@example.test', name: null }],
        html: `<p>See <b>this</b> <img src="cid:${picture}"><img src="https://evil.test/x.png"><script>alert(1)</script></p>`,
        signature: true,
        quote: true,
      },
    })
    expect(message.mail?.bcc).toEqual([{ address: 'audit@example.test', name: null }])
    await settled(message.id, 'accepted')
    const { parsed, to, raw } = await sentTo('audit@example.test')
    expect(to).toEqual(['mei@example.test', 'boss@example.test', 'audit@example.test'])
    expect(raw).not.toContain('audit@')
    expect(parsed.html).toContain(`<b>this</b> <img src="cid:${picture}"`)
    expect(parsed.html).not.toMatch(/evil|script/)
    expect(parsed.text).toMatch(/^See this/)
    expect(parsed.attachments.map(({ filename, disposition }) => [filename, disposition])).toEqual(
      expect.arrayContaining([
        ['報價.txt', 'attachment'],
        ['pixel.png', 'inline'],
      ]),
    )
    const safe = (await (await over(centre.agent('ann'), 'GET', `/messages/${message.id}/mail`)).json()) as SafeMail
    expect(safe.html).toContain(`src="/api/v1/files/${picture}/content"`)
  })

  test('ends with the agent’s signature and the inbox’s, folded in the thread', async () => {
    const other = await addMailbox(hub, centre, smtp.port, { signature: '<b>Shop Ltd.</b><script>x</script>' })
    await over(centre.agent('ann'), 'PATCH', '/me', { signature: 'Ann\nSupport' })
    await other.receive(first('X-Other: 1\n').replaceAll(box.address, other.address))
    const conversationId = await ann.acceptNext()
    const head = (await (await over(centre.agent('ann'), 'GET', `/conversations/${conversationId}/mail-head`)).json()) as object
    expect(head).toMatchObject({
      subject: 'Re: 訂單 1024',
      to: [{ address: 'mei@example.test', name: 'Mei Chen' }],
      others: [{ address: 'boss@example.test' }],
      signature: 'Ann\nSupport\nShop Ltd.',
    })
    const message = await answer(conversationId, { mail: { cc: [], bcc: [], signature: true, quote: false } })
    expect(message.parts).toEqual([{ type: 'text', text: 'Tomorrow.\n\n-- \nAnn\nSupport\nShop Ltd.', foldFrom: 9 }])
    await settled(message.id, 'accepted')
    expect((await sentTo('mei@example.test')).parsed.html).toContain('<b>Shop Ltd.</b>')
    await over(centre.agent('ann'), 'PATCH', '/me', { signature: '' })
  })

  test('is refused with a reason when a recipient is none, or one of our own', async () => {
    const conversationId = await begin()
    const to = async (address: string, more: object = {}) => {
      const mail = { to: [{ address, name: null }], cc: [], bcc: [], signature: true, quote: true, ...more }
      const input = { clientId: `client-${(clients += 1)}`, parts: [{ type: 'text', text: 'x' }], mail }
      return over(centre.agent('ann'), 'POST', `/conversations/${conversationId}/messages`, input)
    }
    expect((await to('no address')).status).toBe(400)
    expect((await to('mei@example.test\r\nBcc: evil@evil.test')).status).toBe(400)
    expect((await to('mei@example.test', { subject: 'a\r\nBcc: evil@evil.test' })).status).toBe(400)
    expect((await to('mei@example.test', { subject: 'a\u2028b' })).status).toBe(400)
    expect(((await (await to(box.address)).json()) as { code: string }).code).toBe('own_address')
    expect(((await (await to(box.address.replace('@', '+abc@'))).json()) as { code: string }).code).toBe('own_address')
  })
})

describe('what the server answers', () => {
  test('a cut after the final dot is unconfirmed, never sent again by itself, and by a person under the same id', async () => {
    const conversationId = await begin()
    smtp.fail({ at: 'dot', cut: true })
    const before = smtp.taken.length
    const message = await answer(conversationId)
    await settled(message.id, 'unconfirmed')
    await hub.fake.advance(10 * 60_000)
    expect(smtp.taken.length - before).toBe(1)
    await over(centre.agent('ann'), 'POST', `/messages/${message.id}/retry`)
    await settled(message.id, 'accepted')
    const ids = smtp.taken.slice(before).map(({ raw }) => /^Message-ID: (.*)\r$/im.exec(raw)?.[1])
    expect(ids).toHaveLength(2)
    expect(new Set(ids).size).toBe(1)
  })

  test('a greylisted mail is sent a minute later', async () => {
    const conversationId = await begin()
    smtp.fail({ at: 'rcpt', reply: '450 4.2.0 greylisted' })
    const message = await answer(conversationId)
    await settled(message.id, 'queued')
    await until('it was tried', () => smtp.lines.some((line) => line.startsWith('RCPT')))
    await hub.fake.advance(61_000)
    await settled(message.id, 'accepted')
  })

  test('an unknown recipient fails it with the server’s words', async () => {
    const conversationId = await begin()
    smtp.fail({ at: 'rcpt', reply: '550 5.1.1 nobody here' })
    const message = await answer(conversationId)
    const failed = await settled(message.id, 'failed')
    expect(failed.delivery?.error).toMatchObject({ code: 'no_such_address', provider: { code: '5.1.1', message: '550 5.1.1 nobody here' } })
  })
})

describe('undo', () => {
  test('a mail can be taken back before it leaves, and not afterwards', async () => {
    const slow = await addMailbox(hub, centre, smtp.port, { undoSendSeconds: 10 })
    await slow.receive(first('X-Slow: 1\n').replaceAll(box.address, slow.address))
    const conversationId = await ann.acceptNext()
    const before = smtp.taken.length
    const message = await answer(conversationId)
    expect(message.delivery?.status).toBe('queued')
    const taken = (await (await over(centre.agent('ann'), 'POST', `/messages/${message.id}/cancel`)).json()) as Message
    expect(taken.delivery?.status).toBe('cancelled')
    await hub.fake.advance(60_000)
    expect(smtp.taken.length).toBe(before)
    const second = await answer(conversationId)
    await hub.fake.advance(11_000)
    await settled(second.id, 'accepted')
    const late = await over(centre.agent('ann'), 'POST', `/messages/${second.id}/cancel`)
    expect([late.status, ((await late.json()) as { code: string }).code]).toEqual([409, 'already_leaving'])
  })
})

describe('reading', () => {
  let number = 0
  const html = () => `From: Mei <mei@example.test>
To: ${box.address}
Subject: Pictures
Message-ID: <pictures@example.test>
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<p onclick="alert(1)">Hello ${number} <img src="${picturesAt}/a.png"><img src="${picturesAt}/page.png"><img src="http://169.254.169.254/x.png"><script>alert(1)</script></p>
`
  const read = async (id: string, pictures = 0) =>
    (await (await over(centre.agent('ann'), 'GET', `/messages/${id}/mail?pictures=${pictures}`)).json()) as SafeMail

  async function mail(): Promise<Message> {
    number += 1
    const conversationId = await begin(html())
    const page = (await (await over(centre.agent('ann'), 'GET', `/conversations/${conversationId}/messages`)).json()) as {
      items: Message[]
    }
    const found = page.items.find(({ direction }) => direction === 'in')
    if (found === undefined) throw new Error('The mail is not there.')
    return found
  }

  test('pictures wait until asked for, and then come through us without a cookie', async () => {
    const { id } = await mail()
    const blocked = await read(id)
    expect(blocked.html).not.toMatch(/onclick|script|src=/)
    expect(blocked.blockedImages).toBe(3)
    expect(asked).toEqual([])
    const shown = await read(id, 1)
    const sources = [...(shown.html ?? '').matchAll(/src="([^"]+)"/g)].map(([, src = '']) =>
      src.replaceAll('&amp;', '&').replace('/api/v1', ''),
    )
    expect(sources).toHaveLength(3)
    const [good = '', page = '', inner = ''] = sources
    const picture = await over(centre.agent('ann'), 'GET', good)
    expect([picture.status, picture.headers.get('content-type'), picture.headers.get('content-security-policy')]).toEqual([
      200,
      'image/png',
      "default-src 'none'; sandbox",
    ])
    expect((await over(centre.agent('ann'), 'GET', page)).status).toBe(400)
    expect((await over(centre.agent('ann'), 'GET', inner)).status).toBe(400)
    expect(asked).toEqual(['/a.png no cookie', '/page.png no cookie'])
    const forged = good.replace(encodeURIComponent('/a.png'), encodeURIComponent('/b.png'))
    expect((await over(centre.agent('ann'), 'GET', forged)).status).toBe(404)
  })

  test('the source is for those who may read deliveries', async () => {
    const { id } = await mail()
    expect((await over(centre.agent('ann'), 'GET', `/messages/${id}/source`)).status).toBe(403)
    const source = await over(centre.agent('sue'), 'GET', `/messages/${id}/source`)
    expect(source.headers.get('content-disposition')).toContain('attachment')
    expect(await source.text()).toBe(html().replaceAll('\n', '\r\n'))
  })

  test('who may not see the conversation sees nothing of its mail', async () => {
    const { id } = await mail()
    const stranger = (await makeCentre(hub)).agent('ann')
    for (const path of ['mail', 'source', 'picture?url=https://a.test/&proof=x']) {
      expect([403, 404]).toContain((await over(stranger, 'GET', `/messages/${id}/${path}`)).status)
    }
    expect([403, 404]).toContain((await over(stranger, 'POST', `/messages/${id}/cancel`)).status)
  })
})
