import { createHmac } from 'node:crypto'
import { SignJWT } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { newId } from '../../src/lib/ids.ts'
import { systemViewer } from '../../src/services/access/system-viewer.ts'
import { updateInbox } from '../../src/services/inboxes/write-inbox.ts'
import type { Problem } from '../../src/wire/errors.ts'
import type { IdentityProof, VisitorSession } from '../../src/wire/visitor.ts'
import type { WebchatConfig } from '../../src/wire/webchat.ts'
import { agentSocket } from '../support/agent-client.ts'
import { makeCentre } from '../support/centre.ts'
import { factsOf } from '../support/facts.ts'
import { databases, publicUrl, useHub } from '../support/hub.ts'
import { until } from '../support/until.ts'
import { openBrowser, textOf, visit, visitorSession } from './browser.ts'

const siteSecret = 'the shop’s key for its users, 32 characters'
const formerSiteSecret = 'the key before it, which is 32 characters long'
const hashOf = (id: string, secret = siteSecret) => createHmac('sha256', secret).update(id).digest('hex')

describe.each(databases)('who a visitor is, by the word of their site (%s)', (database) => {
  const hub = useHub({ database })
  beforeEach(() => hub().fake.advance(61_000))

  const shop = async (config: Partial<WebchatConfig> = {}) => {
    const centre = await makeCentre(hub())
    await updateInbox(hub().ctx, systemViewer, centre.webchatInboxId, {
      config: { identity: 'optional', siteSecret, formerSiteSecret, ...config },
    })
    return { centre, inboxId: centre.webchatInboxId }
  }
  const ask = (inboxId: string, path: string, body: unknown, token?: string) =>
    fetch(`${hub().url}/chat/${inboxId}/${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        origin: publicUrl,
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify(body),
    })
  const identify = async (inboxId: string, proof: IdentityProof, token?: string): Promise<VisitorSession> => {
    const answer = await ask(inboxId, 'identify', { proof, ...(token === undefined ? {} : { token }) })
    expect(answer.status).toBe(200)
    return (await answer.json()) as VisitorSession
  }
  const codeOf = async (answer: Response) => [answer.status, ((await answer.json()) as Problem).code]
  const jwt = (claims: Record<string, unknown>, { secret = siteSecret, lifeSeconds = 600 } = {}) =>
    new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime(Math.floor(hub().clock.now() / 1_000) + lifeSeconds)
      .sign(new TextEncoder().encode(secret))
  const pointsOf = async (contactId: string) => {
    const { db, t } = hub().ctx.store
    return (await db.select().from(t.contactPoints)).filter((point) => point.contactId === contactId)
  }

  it('a user has one thread on all their browsers, and one record', async () => {
    const { inboxId } = await shop()
    const [desk, phone] = [
      await identify(inboxId, { id: 'u1', hash: hashOf('u1') }),
      await identify(inboxId, { id: 'u1', hash: hashOf('u1') }),
    ]
    expect(desk).toMatchObject({ identified: true, visitorId: phone.visitorId })
    const one = await openBrowser(hub(), desk.token)
    await one.say('from the desk')
    const two = await openBrowser(hub(), phone.token)
    expect((await two.get('sync', {})).messages.map(textOf)).toEqual(['from the desk'])
    const [message] = (await factsOf(hub(), inboxId)).messages
    const points = await pointsOf(message?.authorId ?? '')
    expect(new Map(points.map(({ kind, verified }) => [kind, verified]))).toEqual(
      new Map([
        ['external', true],
        ['visitor', true],
      ]),
    )
    expect(points).toHaveLength(2)
    for (const page of [one, two]) page.close()
  })

  it('what an anonymous browser wrote goes with the user it turns out to be; its token ends', async () => {
    const { inboxId, centre } = await shop()
    const ann = await agentSocket(hub(), centre.agent('ann'))
    await ann.goAvailable()
    const browser = await visit(hub(), inboxId)
    await browser.say('who am I?')
    const conversationId = await ann.acceptNext()
    const session = await identify(inboxId, { id: 'u2', hash: hashOf('u2'), name: 'Mei Lin' }, browser.token)
    expect(await browser.closed).toBe('io server disconnect')
    expect((await ask(inboxId, 'messages', { clientId: newId(), parts: [{ type: 'text', text: 'x' }] }, browser.token)).status).toBe(401)
    const known = await openBrowser(hub(), session.token)
    expect((await known.get('sync', {})).messages.map(textOf)).toEqual(['who am I?'])
    const said = await known.say('I am Mei')
    expect(said.conversationId).toBe(conversationId)
    await ann.ask('message.send', { conversationId, clientId: newId(), parts: [{ type: 'text', text: 'hello Mei' }] })
    await until('the answer comes to the user', async () =>
      (await known.get('sync', {})).messages.some((message) => textOf(message) === 'hello Mei'),
    )
    const { messages } = await factsOf(hub(), inboxId)
    expect(messages.flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'system' ? [part.code] : [])))).toContain(
      'visitor.identified',
    )
    for (const page of [ann, known]) page.close()
  })

  it('on a shared computer the next user sees and says nothing as the one before', async () => {
    const { inboxId } = await shop()
    const first = await identify(inboxId, { id: 'first', hash: hashOf('first') })
    const browser = await openBrowser(hub(), first.token)
    await browser.say('CANARY of the first')
    const second = await identify(inboxId, { id: 'second', hash: hashOf('second') }, first.token)
    expect(second.visitorId).not.toBe(first.visitorId)
    const next = await openBrowser(hub(), second.token)
    expect((await next.get('sync', {})).messages).toEqual([])
    await next.say('I am the second')
    const { messages } = await factsOf(hub(), inboxId)
    expect(new Set(messages.map(({ conversationId }) => conversationId)).size).toBe(2)
    expect(new Set(messages.map(({ authorId }) => authorId)).size).toBe(2)
    expect((await browser.get('sync', {})).messages.map(textOf)).toEqual(['CANARY of the first'])
    for (const page of [browser, next]) page.close()
  })

  it('where both have a conversation going, the anonymous one stays and cannot be answered', async () => {
    const { inboxId, centre } = await shop()
    const ann = await agentSocket(hub(), centre.agent('ann'))
    await ann.goAvailable()
    const session = await identify(inboxId, { id: 'u3', hash: hashOf('u3') })
    const known = await openBrowser(hub(), session.token)
    await known.say('in my account')
    await ann.acceptNext()
    const stranger = await visit(hub(), inboxId)
    await stranger.say('not logged in')
    const conversationId = await ann.acceptNext()
    const same = await identify(inboxId, { id: 'u3', hash: hashOf('u3') }, stranger.token)
    expect(same.visitorId).toBe(session.visitorId)
    expect((await known.get('sync', {})).messages.map(textOf)).toEqual(['in my account'])
    await expect(
      ann.ask('message.send', { conversationId, clientId: newId(), parts: [{ type: 'text', text: 'anybody?' }] }),
    ).rejects.toThrow(/blocked/)
    for (const page of [ann, known]) page.close()
  })

  it('log-out ends every token of the browser; the next visitor is another one', async () => {
    const { inboxId } = await shop()
    const browser = await visit(hub(), inboxId)
    await browser.say('mine')
    expect((await ask(inboxId, 'logout', {}, browser.token)).status).toBe(204)
    expect(await browser.closed).toBe('io server disconnect')
    const next = await visitorSession(hub(), inboxId, browser.token)
    expect(next.visitorId).not.toBe(browser.visitorId)
    await expect(openBrowser(hub(), browser.token)).rejects.toMatchObject({ wire: { code: 'visitor_token' } })
  })

  it('a signed token proves as much, and its address is verified only when the site says so', async () => {
    const { inboxId } = await shop()
    const plain = await identify(inboxId, { jwt: await jwt({ sub: 'j1', name: 'Jo', email: 'Jo@Shop.Example' }) })
    expect(plain).toMatchObject({ identified: true, knownName: 'Jo', transcriptTo: null })
    const sure = await identify(inboxId, { jwt: await jwt({ sub: 'j2', email: 'Jo@Shop.Example', email_verified: true }) })
    // No mailbox sends for this chat.
    expect(sure.transcriptTo).toBeNull()
    const browser = await openBrowser(hub(), sure.token)
    await browser.say('hello')
    const [message] = (await factsOf(hub(), inboxId)).messages
    expect((await pointsOf(message?.authorId ?? '')).map(({ kind, address, verified }) => [kind, address, verified])).toContainEqual([
      'email',
      'jo@shop.example',
      true,
    ])
    browser.close()
  })

  it('a typed address never becomes a way to somebody', async () => {
    const { inboxId } = await shop()
    const session = await identify(inboxId, { id: 'u9', hash: hashOf('u9'), email: 'boss@shop.example' })
    const browser = await openBrowser(hub(), session.token)
    await browser.say('I am the boss')
    const [message] = (await factsOf(hub(), inboxId)).messages
    expect(new Set((await pointsOf(message?.authorId ?? '')).map(({ kind }) => kind))).toEqual(new Set(['external', 'visitor']))
    expect(session.transcriptTo).toBeNull()
    browser.close()
  })

  it('the key before is good, a removed one is not', async () => {
    const { inboxId } = await shop()
    const before = { id: 'u4', hash: hashOf('u4', formerSiteSecret) }
    await identify(inboxId, before)
    await updateInbox(hub().ctx, systemViewer, inboxId, { config: { identity: 'optional', formerSiteSecret: null } })
    expect(await codeOf(await ask(inboxId, 'identify', { proof: before }))).toEqual([403, 'identity_proof'])
    await identify(inboxId, { id: 'u4', hash: hashOf('u4') })
  })

  it.each([
    ['another’s hash', async () => ({ id: 'admin', hash: hashOf('u5') })],
    ['another key', async () => ({ id: 'u5', hash: hashOf('u5', 'x'.repeat(32)) })],
    ['a token of another key', async () => ({ jwt: await jwt({ sub: 'u5' }, { secret: 'y'.repeat(32) }) })],
    ['a token that lives for years', async () => ({ jwt: await jwt({ sub: 'u5' }, { lifeSeconds: 3e7 }) })],
    ['a token of nobody', async () => ({ jwt: await jwt({ name: 'x' }) })],
    [
      'a token without a signature',
      async () => ({
        jwt: `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"u5","exp":9e9}').toString('base64url')}.`,
      }),
    ],
  ])('%s proves nothing', async (_what, make) => {
    const { inboxId } = await shop()
    expect(await codeOf(await ask(inboxId, 'identify', { proof: await make() }))).toEqual([403, 'identity_proof'])
  })

  it('an old token is told apart, so that the site can fetch a fresh one', async () => {
    const { inboxId } = await shop()
    const old = await jwt({ sub: 'u6' }, { lifeSeconds: -3_600 })
    expect(await codeOf(await ask(inboxId, 'identify', { proof: { jwt: old } }))).toEqual([403, 'identity_expired'])
  })

  it('an inbox that knows no users takes no proof; one that needs them takes no word without', async () => {
    const closed = await shop({ identity: 'off' })
    expect(await codeOf(await ask(closed.inboxId, 'identify', { proof: { id: 'u', hash: hashOf('u') } }))).toEqual([403, 'identity_off'])
    const strict = await shop({ identity: 'required' })
    const browser = await visit(hub(), strict.inboxId)
    const refused = await browser.ask('message.send', { clientId: newId(), parts: [{ type: 'text', text: 'x' }] })
    expect(refused).toMatchObject({ ok: false, error: { code: 'identity_required' } })
    const session = await identify(strict.inboxId, { id: 'u7', hash: hashOf('u7') }, browser.token)
    const known = await openBrowser(hub(), session.token)
    expect(textOf(await known.say('now I may'))).toBe('now I may')
    known.close()
  })

  it('a foreign page cannot present a proof', async () => {
    const { inboxId } = await shop()
    const answer = await fetch(`${hub().url}/chat/${inboxId}/identify`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: 'https://evil.example' },
      body: JSON.stringify({ proof: { id: 'u8', hash: hashOf('u8') } }),
    })
    expect(await codeOf(answer)).toEqual([403, 'origin'])
  })
})
