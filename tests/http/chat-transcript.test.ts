import { SignJWT } from 'jose'
import PostalMime from 'postal-mime'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newId } from '../../src/lib/ids.ts'
import { systemViewer } from '../../src/services/access/system-viewer.ts'
import { updateInbox } from '../../src/services/inboxes/write-inbox.ts'
import type { Problem } from '../../src/wire/errors.ts'
import type { VisitorSession } from '../../src/wire/visitor.ts'
import { openBrowser, visit } from '../realtime/browser.ts'
import { agentSocket } from '../support/agent-client.ts'
import { makeCentre } from '../support/centre.ts'
import { publicUrl, startTestHub, type TestHub } from '../support/hub.ts'
import { addMailbox } from '../support/mailbox.ts'
import { type ScriptedSmtp, startScriptedSmtp } from '../support/smtp.ts'
import { until } from '../support/until.ts'

const siteSecret = 'the shop’s key for its users, 32 characters'

describe('a transcript by e-mail', () => {
  let hub: TestHub
  let smtp: ScriptedSmtp
  beforeAll(async () => {
    smtp = await startScriptedSmtp()
    hub = await startTestHub({ overrides: { allowedOrigins: [`tcp://127.0.0.1:${smtp.port}`] } })
  })
  afterAll(async () => {
    await hub?.stop()
    await smtp?.close()
  })

  const shop = async () => {
    const centre = await makeCentre(hub)
    const box = await addMailbox(hub, centre, smtp.port)
    const inboxId = centre.webchatInboxId
    await updateInbox(hub.ctx, systemViewer, inboxId, { config: { identity: 'optional', siteSecret, mailInboxId: box.inboxId } })
    return { centre, inboxId }
  }
  const post = (inboxId: string, path: string, token: string | null, body: unknown = {}) =>
    fetch(`${hub.url}/chat/${inboxId}/${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: publicUrl,
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    })
  const userOf = async (inboxId: string, claims: Record<string, unknown>): Promise<VisitorSession> => {
    const jwt = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime(Math.floor(hub.clock.now() / 1_000) + 600)
      .sign(new TextEncoder().encode(siteSecret))
    return (await (await post(inboxId, 'identify', null, { proof: { jwt } })).json()) as VisitorSession
  }

  it('goes to the address the site has signed, with what the visitor saw and nothing else', async () => {
    const { centre, inboxId } = await shop()
    const session = await userOf(inboxId, { sub: 'u1', email: 'mei@example.test', email_verified: true })
    expect(session.transcriptTo).toBe('mei@example.test')
    const ann = await agentSocket(hub, centre.agent('ann'))
    await ann.goAvailable()
    const browser = await openBrowser(hub, session.token)
    expect([(await post(inboxId, 'transcript', session.token)).status]).toEqual([409])
    await browser.say('請問 M 號還有嗎？')
    const conversationId = await ann.acceptNext()
    await ann.ask('message.send', { conversationId, clientId: newId(), kind: 'note', parts: [{ type: 'text', text: 'CANARY-note' }] })
    await ann.ask('message.send', { conversationId, clientId: newId(), parts: [{ type: 'text', text: 'Yes, two.' }] })
    await until('the answer is handed over', async () => (await browser.get('sync', {})).messages.length === 2)
    expect((await post(inboxId, 'transcript', session.token)).status).toBe(204)
    const [taken] = smtp.taken.slice(-1)
    expect(taken?.to).toEqual(['mei@example.test'])
    const mail = await PostalMime.parse(taken?.raw ?? '')
    expect(mail.subject).toMatch(/^Your conversation with /)
    expect(mail.text).toMatch(/You\s+請問 M 號還有嗎？[\s\S]+ann\s+Yes, two\./)
    expect(taken?.raw).not.toContain('CANARY')
    for (const page of [ann, browser]) page.close()
  })

  it('goes nowhere for an address that was only typed, or without one', async () => {
    const { inboxId } = await shop()
    const claimed = await userOf(inboxId, { sub: 'u2', email: 'boss@example.test' })
    const browser = await openBrowser(hub, claimed.token)
    await browser.say('hello')
    const stranger = await visit(hub, inboxId)
    await stranger.say('hello')
    const before = smtp.taken.length
    for (const token of [claimed.token, stranger.token]) {
      const answer = await post(inboxId, 'transcript', token, { email: 'evil@example.test' })
      expect([answer.status, ((await answer.json()) as Problem).code]).toEqual([409, 'no_transcript'])
    }
    expect(smtp.taken).toHaveLength(before)
    for (const page of [browser, stranger]) page.close()
  })

  it('is asked for three times an hour at most, and says so when the mail server does not take it', async () => {
    const { inboxId } = await shop()
    const session = await userOf(inboxId, { sub: 'u3', email: 'u3@example.test', email_verified: true })
    const browser = await openBrowser(hub, session.token)
    await browser.say('hello')
    smtp.fail({ at: 'rcpt', reply: '550 no such user' })
    expect((await post(inboxId, 'transcript', session.token)).status).toBe(503)
    expect((await post(inboxId, 'transcript', session.token)).status).toBe(204)
    expect((await post(inboxId, 'transcript', session.token)).status).toBe(204)
    expect((await post(inboxId, 'transcript', session.token)).status).toBe(429)
    browser.close()
  })
})
