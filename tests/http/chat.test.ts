import { Script } from 'node:vm'
import { beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../../src/lib/ids.ts'
import { systemViewer } from '../../src/services/access/system-viewer.ts'
import { createInbox, updateInbox } from '../../src/services/inboxes/write-inbox.ts'
import type { Problem } from '../../src/wire/errors.ts'
import type { UploadTicket, VisitorFile, VisitorSession } from '../../src/wire/visitor.ts'
import type { WebchatConfig } from '../../src/wire/webchat.ts'
import { openBrowser, textOf, visitorSession } from '../realtime/browser.ts'
import { agentSocket, apiOf } from '../support/agent-client.ts'
import { makeCentre } from '../support/centre.ts'
import { factsOf, textsOf } from '../support/facts.ts'
import { publicUrl, useHub } from '../support/hub.ts'
import { until } from '../support/until.ts'

/** The first bytes of a PNG: enough to be told apart. */
const png = Buffer.concat([Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), Buffer.alloc(64)])

describe('web chat over HTTP', () => {
  const hub = useHub()
  beforeEach(() => hub().fake.advance(61_000))

  const site = async (config: Partial<WebchatConfig> = {}) => {
    const centre = await makeCentre(hub())
    if (Object.keys(config).length > 0) await updateInbox(hub().ctx, systemViewer, centre.webchatInboxId, { config })
    const inboxId = centre.webchatInboxId
    const session = await visitorSession(hub(), inboxId)
    return { centre, inboxId, session, base: `${hub().url}/chat/${inboxId}` }
  }
  const bearer = ({ token }: Pick<VisitorSession, 'token'>) => ({ authorization: `Bearer ${token}` })
  const say = (base: string, session: VisitorSession, body: unknown, headers: Record<string, string> = { origin: publicUrl }) =>
    fetch(`${base}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...bearer(session), ...headers },
      body: JSON.stringify(body),
    })
  const askTicket = (base: string, session: Pick<VisitorSession, 'token'>, bytes: number, name = 'x') =>
    fetch(`${base}/tickets`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: publicUrl, ...bearer(session) },
      body: JSON.stringify({ name, bytes }),
    })
  const putFile = (
    base: string,
    session: Pick<VisitorSession, 'token'>,
    ticket: string,
    body: Uint8Array<ArrayBuffer> | ReadableStream,
    name = 'x',
    headers: Record<string, string> = {},
  ) =>
    fetch(`${base}/files/${ticket}`, {
      method: 'POST',
      headers: { origin: publicUrl, 'x-file-name': encodeURIComponent(name), ...bearer(session), ...headers },
      body,
      ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
    })
  const ticketOf = async (answer: Response) => ((await answer.json()) as UploadTicket).ticket
  const upload = async (
    base: string,
    session: VisitorSession,
    body: Uint8Array<ArrayBuffer>,
    name: string,
    headers: Record<string, string> = {},
  ) => {
    const answer = await askTicket(base, session, Math.max(1, body.byteLength), name)
    return answer.ok ? putFile(base, session, await ticketOf(answer), body, name, headers) : answer
  }
  const stored = async (answer: Response): Promise<VisitorFile> => (await answer.json()) as VisitorFile
  const fetchFile = (base: string, session: Pick<VisitorSession, 'token'>, fileId: string) =>
    fetch(`${base}/files/${fileId}/content`, { headers: bearer(session) })

  describe('the page', () => {
    it('may be framed by the sites of the inbox and runs nothing but its own files', async () => {
      const { base } = await site({ allowedOrigins: ['https://shop.example', 'http://localhost:8080'] })
      const answer = await fetch(base)
      expect(answer.status).toBe(200)
      expect(answer.headers.get('content-type')).toMatch(/^text\/html/)
      expect(answer.headers.get('x-frame-options')).toBeNull()
      const policy = answer.headers.get('content-security-policy')?.split('; ') ?? []
      expect(policy).toEqual(expect.arrayContaining(["default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'"]))
      expect(policy).toContain("frame-ancestors 'self' https://shop.example http://localhost:8080")
      expect(policy.join(' ')).not.toMatch(/unsafe|\*/)
      const html = await answer.text()
      expect(html).not.toMatch(/<script(?![^>]+src=)/)
      const asset = /\/chat-assets\/[\w-]+\.js/.exec(html)?.[0] ?? ''
      const script = await fetch(hub().url + asset)
      expect([script.status, script.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable'])
    })

    it('is not there for an inbox that is unknown, closed, or another channel’s', async () => {
      const { centre, base } = await site()
      const statusOf = async (url: string) => {
        const answer = await fetch(url)
        return [answer.status, ((await answer.json()) as Problem).code]
      }
      expect(await statusOf(`${hub().url}/chat/${newId()}`)).toEqual([404, 'not_found'])
      expect(await statusOf(`${hub().url}/chat/${centre.line.inboxId}`)).toEqual([404, 'not_found'])
      await updateInbox(hub().ctx, systemViewer, centre.webchatInboxId, { enabled: false })
      expect(await statusOf(base)).toEqual([404, 'not_found'])
      const followed = await fetch(base, { headers: { accept: 'text/html,application/xhtml+xml' } })
      expect([followed.status, followed.headers.get('content-type')]).toEqual([404, 'text/html; charset=utf-8'])
      expect(followed.headers.get('content-security-policy')).toMatch(/frame-ancestors 'self'$/)
    })
  })

  it('the loader is a classic script for every site, kept for minutes', async () => {
    const answer = await fetch(`${hub().url}/widget.js`)
    expect(
      Object.fromEntries(
        ['content-type', 'access-control-allow-origin', 'cross-origin-resource-policy', 'cache-control'].map((name) => [
          name,
          answer.headers.get(name),
        ]),
      ),
    ).toEqual({
      'content-type': 'text/javascript; charset=utf-8',
      'access-control-allow-origin': '*',
      'cross-origin-resource-policy': 'cross-origin',
      'cache-control': 'public, max-age=300',
    })
    const script = await answer.text()
    expect(() => new Script(script)).not.toThrow()
    expect(script).toContain('Onequeue')
  })

  describe('a session', () => {
    const ask = (base: string, headers: Record<string, string>, body = '{}') =>
      fetch(`${base}/session`, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body })

    it.each([
      ['the own origin', publicUrl, 200],
      ['an allowed origin', 'https://shop.example', 200],
      ['a foreign origin', 'https://evil.example', 403],
      ['an opaque origin', 'null', 403],
    ])('asked for by a page of %s', async (_what, origin, status) => {
      const { base } = await site({ allowedOrigins: ['https://shop.example'] })
      expect((await ask(base, { origin })).status).toBe(status)
    })

    it('is refused without an origin, whatever else the request says', async () => {
      const { base } = await site()
      expect((await ask(base, { 'sec-fetch-site': 'same-origin', referer: publicUrl })).status).toBe(403)
    })

    it('tells what the page shows and nothing else of the inbox', async () => {
      const { inboxId, base } = await site({ greeting: 'Welcome', color: '#3f6b4f', identitySecret: 'CANARY-SECRET-OF-INBOX' })
      const answer = await ask(base, { origin: publicUrl })
      const text = await answer.text()
      expect(JSON.parse(text)).toEqual({
        token: expect.stringMatching(/^v1\./),
        visitorId: expect.stringMatching(/^[\w-]{22}$/),
        expiresAt: hub().clock.now() + 180 * 86_400_000,
        identified: false,
        knownName: null,
        transcriptTo: null,
        service: { mode: 'open', opensAt: null },
        inbox: {
          id: inboxId,
          name: expect.any(String),
          locale: 'en',
          greeting: 'Welcome',
          color: '#3f6b4f',
          maxFileBytes: 10 * 1024 * 1024,
          identity: 'off',
          preChat: null,
          consent: null,
          pageAddress: 'path',
        },
      })
      expect(answer.headers.get('cache-control')).toBe('no-store')
      expect(text).not.toContain('CANARY')
    })

    it('of garbage is a new one or a problem, never an error of ours', async () => {
      const { base } = await site()
      const headers = { origin: publicUrl }
      expect((await ask(base, headers, '{"token":"v1.x.y"}')).status).toBe(200)
      expect(await (await ask(base, headers, '{')).json()).toMatchObject({ status: 400, code: 'invalid_json' })
      expect(await (await ask(base, headers, '{"token":7}')).json()).toMatchObject({ status: 400, fields: [{ path: 'token' }] })
      expect((await ask(base, headers, JSON.stringify({ token: 'x'.repeat(200_000) }))).status).toBe(413)
    })
  })

  describe('a message without a socket', () => {
    it('is the same as with one: one client id, one message', async () => {
      const { base, session, inboxId } = await site()
      const message = { clientId: newId(), parts: [{ type: 'text', text: 'over HTTP' }] }
      const [first, second] = await Promise.all([say(base, session, message), say(base, session, message)])
      expect([first.status, second.status]).toEqual([200, 200])
      const browser = await openBrowser(hub(), session.token)
      const third = await browser.say('over HTTP', message.clientId)
      const told = [first, second].map(async (answer) => ((await answer.json()) as { message: { id: string } }).message.id)
      expect(new Set([...(await Promise.all(told)), third.id]).size).toBe(1)
      expect(textsOf((await factsOf(hub(), inboxId)).messages)).toEqual(['over HTTP'])
      browser.close()
    })

    it('is refused without the token, with another inbox’s, and from a foreign page', async () => {
      const { base, session, inboxId } = await site()
      const other = await site()
      const message = { clientId: newId(), parts: [{ type: 'text', text: 'x' }] }
      expect((await say(base, { ...session, token: '' }, message)).status).toBe(401)
      expect((await say(base, other.session, message)).status).toBe(401)
      expect((await say(base, session, message, { origin: 'https://evil.example' })).status).toBe(403)
      expect((await say(base, session, message, {})).status).toBe(403)
      expect((await say(base, session, { ...message, parts: [] })).status).toBe(400)
      expect((await factsOf(hub(), inboxId)).deliveries).toEqual([])
    })
  })

  describe('a file', () => {
    it('goes to the agent with the message that names it, once', async () => {
      const { base, session, inboxId, centre } = await site()
      const file = await stored(await upload(base, session, png, '../..\\C:\\my\u202Egnp.exe receipt.png'))
      expect(file).toMatchObject({ name: 'mygnp.exe receipt.png', mime: 'image/png', bytes: png.length })
      const parts = [
        { type: 'text', text: 'see' },
        { type: 'file', fileId: file.fileId },
      ]
      expect((await say(base, session, { clientId: newId(), parts })).status).toBe(200)
      const { messages } = await factsOf(hub(), inboxId)
      expect(messages[0]?.parts).toEqual([
        { type: 'text', text: 'see' },
        { type: 'media', kind: 'image', fileId: file.fileId, name: file.name, mime: 'image/png', bytes: png.length, state: 'ready' },
      ])
      const content = await fetch(`${hub().url}/api/v1/files/${file.fileId}/content`, {
        headers: apiOf(hub(), centre.agent('ann')).credentials,
      })
      expect(Buffer.from(await content.arrayBuffer()).equals(png)).toBe(true)
      const again = await say(base, session, { clientId: newId(), parts })
      expect([again.status, ((await again.json()) as Problem).code]).toEqual([400, 'file_gone'])
      expect((await factsOf(hub(), inboxId)).messages).toHaveLength(1)
    })

    it('of another visitor cannot be sent or read', async () => {
      const { base, session, inboxId } = await site()
      const mallory = await visitorSession(hub(), inboxId)
      const { fileId } = await stored(await upload(base, session, png, 'mine.png'))
      expect((await fetchFile(base, mallory, fileId)).status).toBe(404)
      expect((await fetchFile(base, session, fileId)).status).toBe(200)
      expect((await say(base, mallory, { clientId: newId(), parts: [{ type: 'file', fileId }] })).status).toBe(400)
      expect((await fetch(`${base}/files/${fileId}/content`)).status).toBe(401)
    })

    it.each([
      ['a page', Buffer.from('<html><script>alert(1)</script>'), 'x.png'],
      ['a drawing with script', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>'), 'x.svg'],
      ['a script', Buffer.from('alert(1)'), 'x.js'],
    ])('that is %s is given back for saving, never to be run', async (_what, body, name) => {
      const { base, session } = await site()
      const { fileId } = await stored(await upload(base, session, body, name, { 'content-type': 'text/html' }))
      const answer = await fetchFile(base, session, fileId)
      expect(answer.headers.get('content-type')).toMatch(/^application\//)
      expect(answer.headers.get('content-disposition')).toMatch(/^attachment;/)
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
      expect(answer.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox")
    })

    it('needs a ticket of its own visitor, which works once and for a while', async () => {
      const { base, session, inboxId } = await site()
      const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as Problem).code]
      const mallory = await visitorSession(hub(), inboxId)
      const ticket = await ticketOf(await askTicket(base, session, png.length))
      const [body = '', mac = ''] = ticket.split('.')
      const larger = JSON.parse(Buffer.from(body, 'base64url').toString()) as { maxBytes: number }
      const forged = Buffer.from(JSON.stringify({ ...larger, maxBytes: 1e9 })).toString('base64url')
      for (const bad of ['x', `${body}.`, `${forged}.${mac}`, `.${mac}`]) {
        expect(await codeOf(await putFile(base, session, bad, png))).toEqual([403, 'ticket'])
      }
      expect(await codeOf(await putFile(base, mallory, ticket, png))).toEqual([403, 'ticket'])
      expect((await putFile(base, session, ticket, png)).status).toBe(201)
      expect(await codeOf(await putFile(base, session, ticket, png))).toEqual([409, 'ticket_used'])
      const late = await ticketOf(await askTicket(base, session, png.length))
      await hub().fake.advance(10 * 60_000)
      expect(await codeOf(await putFile(base, session, late, png))).toEqual([403, 'ticket'])
    })

    it('is not taken while twenty lie here that were never sent', async () => {
      const { base, session } = await site()
      for (let n = 0; n < 20; n += 1) expect((await upload(base, session, Buffer.from([n, 1]), 'x')).status).toBe(201)
      const answer = await askTicket(base, session, 2)
      expect([answer.status, ((await answer.json()) as Problem).code]).toEqual([429, 'unsent_files'])
    })

    it('too large, empty, or where none are taken is refused and not kept', async () => {
      const { base, session } = await site({ maxFileBytes: 1_000 })
      const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as Problem).code]
      expect(await codeOf(await upload(base, session, Buffer.alloc(1_001), 'big'))).toEqual([413, 'too_large'])
      const stream = new ReadableStream({
        pull: (controller) => {
          controller.enqueue(new Uint8Array(400))
          if ((controller.desiredSize ?? 0) < -4) controller.close()
        },
      })
      const ticket = await ticketOf(await askTicket(base, session, 10))
      const lying = await putFile(base, session, ticket, stream)
        .then(codeOf)
        .catch(() => [413, 'too_large'])
      expect(lying).toEqual([413, 'too_large'])
      expect(await codeOf(await upload(base, session, Buffer.alloc(0), 'empty'))).toEqual([400, 'empty_file'])
      const closed = await site({ maxFileBytes: 0 })
      expect(await codeOf(await upload(closed.base, closed.session, png, 'x.png'))).toEqual([400, 'no_files'])
      const { db, t } = hub().ctx.store
      expect((await db.select().from(t.files)).filter(({ uploaderId }) => uploaderId === session.visitorId)).toEqual([])
    })

    it('of the agent reaches the visitor with the answer', async () => {
      const { base, session, centre } = await site()
      const desk = await agentSocket(hub(), centre.agent('ann'))
      await desk.goAvailable()
      const browser = await openBrowser(hub(), session.token)
      await browser.say('hello')
      const conversationId = await desk.acceptNext()
      const form = new FormData()
      form.set('file', new Blob([png]), 'answer.png')
      const sent = await fetch(`${hub().url}/api/v1/files`, {
        method: 'POST',
        headers: apiOf(hub(), centre.agent('ann')).credentials,
        body: form,
      })
      const { id: fileId } = (await sent.json()) as { id: string }
      await desk.ask('message.send', { conversationId, clientId: newId(), parts: [{ type: 'file', fileId }] })
      await until('the visitor hears of it', () =>
        browser.heard.some(({ body }) => 'message' in body && textOf(body.message) === '[media]'),
      )
      const answer = await fetchFile(base, session, fileId)
      expect(answer.headers.get('content-type')).toBe('image/png')
      expect(Buffer.from(await answer.arrayBuffer()).equals(png)).toBe(true)
      for (const page of [desk, browser]) page.close()
    })
  })

  it('an administrator may not name an origin that would change the page’s policy', async () => {
    const { centre } = await site()
    const common = {
      channel: 'webchat',
      name: 'x',
      queueId: centre.queue('main'),
      locale: 'en',
      enabled: true,
      restricted: false,
      memberIds: [],
      reopenWindowMs: 0,
    } as const
    const make = (origin: string) =>
      createInbox(hub().ctx, systemViewer, { ...common, memberIds: [], config: { allowedOrigins: [origin] } })
    for (const origin of [
      "https://a;script-src 'unsafe-inline'",
      'https://a;b',
      "'unsafe-inline'",
      'https://a b',
      'https://*',
      'https://a\r\nx:y',
    ]) {
      await expect(make(origin)).rejects.toMatchObject({ kind: 'invalid_input' })
    }
  })
})
