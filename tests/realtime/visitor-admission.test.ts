import { beforeEach, describe, expect, it } from 'vitest'
import { systemViewer } from '../../src/services/access/system-viewer.ts'
import { updateInbox } from '../../src/services/inboxes/write-inbox.ts'
import { signVisitorToken, visitorKey } from '../../src/services/visitors/visitor-token.ts'
import { makeCentre } from '../support/centre.ts'
import { factsOf } from '../support/facts.ts'
import { publicUrl, useHub } from '../support/hub.ts'
import { until } from '../support/until.ts'
import { type BrowserOptions, openBrowser, Refused, visit, visitorSession } from './browser.ts'

const dayMs = 86_400_000

describe('who may open a visitor’s socket', () => {
  const hub = useHub()
  // Limits count by the minute; each test has its own.
  beforeEach(() => hub().fake.advance(61_000))

  const refusal = async (token: string, options: BrowserOptions = {}) => {
    try {
      const browser = await openBrowser(hub(), token, options)
      browser.close()
      return 'let in'
    } catch (error) {
      if (error instanceof Refused && error.wire !== undefined) return error.wire.code
      throw error
    }
  }
  const allow = (inboxId: string, allowedOrigins: string[]) => updateInbox(hub().ctx, systemViewer, inboxId, { config: { allowedOrigins } })

  it('the bearer of a token of the inbox, from the hub’s own page', async () => {
    const { webchatInboxId } = await makeCentre(hub())
    const { token } = await visitorSession(hub(), webchatInboxId)
    expect(await refusal(token)).toBe('let in')
  })

  it('nobody with a token that was forged, cut, or signed for another inbox', async () => {
    const { webchatInboxId } = await makeCentre(hub())
    const other = await makeCentre(hub())
    const { token, visitorId } = await visitorSession(hub(), webchatInboxId)
    const now = hub().clock.now()
    const claims = { inboxId: other.webchatInboxId, visitorId, issuedAt: now, expiresAt: now + dayMs }
    const key = visitorKey(hub().config.secretKey, webchatInboxId)
    for (const forged of [
      '',
      'x',
      token.slice(0, -2),
      `${token}x`,
      signVisitorToken(key, claims),
      signVisitorToken(Buffer.alloc(32), { ...claims, inboxId: webchatInboxId }),
    ]) {
      expect(await refusal(forged)).toBe('visitor_token')
    }
  })

  it('nobody with a token that ran out; a visit in time starts its life anew', async () => {
    const { webchatInboxId } = await makeCentre(hub())
    const first = await visitorSession(hub(), webchatInboxId)
    hub().fake.jump(100 * dayMs)
    const second = await visitorSession(hub(), webchatInboxId, first.token)
    expect(second.visitorId).toBe(first.visitorId)
    expect(second.expiresAt).toBe(hub().clock.now() + 180 * dayMs)
    hub().fake.jump(100 * dayMs)
    expect(await refusal(first.token)).toBe('visitor_token')
    expect(await refusal(second.token)).toBe('let in')
    const stranger = await visitorSession(hub(), webchatInboxId, first.token)
    expect(stranger.visitorId).not.toBe(first.visitorId)
  })

  it.each([
    ['a foreign one', 'https://evil.example'],
    ['one that begins like an allowed one', 'https://shop.example.evil.example'],
    ['one that ends like an allowed one', 'https://notshop.example'],
    ['the allowed one without encryption', 'http://shop.example'],
    ['the allowed one on another port', 'https://shop.example:8443'],
    ['a file or sandboxed frame', 'null'],
    ['none at all', null],
  ])('nobody from a page of another origin: %s', async (_what, origin) => {
    const { webchatInboxId } = await makeCentre(hub())
    await allow(webchatInboxId, ['https://shop.example'])
    const { token } = await visitorSession(hub(), webchatInboxId)
    expect(await refusal(token, { origin })).toBe('origin')
    expect(await refusal(token, { origin: 'https://shop.example' })).toBe('let in')
  })

  it('a polling request of the own page, for which browsers name no origin; no websocket by that word', async () => {
    const { webchatInboxId } = await makeCentre(hub())
    const { token } = await visitorSession(hub(), webchatInboxId)
    const headers = { 'sec-fetch-site': 'same-origin' }
    expect(await refusal(token, { origin: null, headers, transports: ['polling'] })).toBe('let in')
    expect(await refusal(token, { origin: null, headers: { 'sec-fetch-site': 'cross-site' }, transports: ['polling'] })).toBe('origin')
    expect(await refusal(token, { origin: null, headers })).toBe('origin')
  })

  it('nobody once the inbox is closed, and those inside are shown out', async () => {
    const { webchatInboxId } = await makeCentre(hub())
    const inside = await visit(hub(), webchatInboxId)
    await updateInbox(hub().ctx, systemViewer, webchatInboxId, { enabled: false })
    expect(await inside.closed).toBe('io server disconnect')
    expect(await refusal(inside.token)).toBe('not_found')
  })

  it('nobody with the tokens of before, when the inbox gets another identity secret', async () => {
    const { webchatInboxId } = await makeCentre(hub())
    const inside = await visit(hub(), webchatInboxId)
    await updateInbox(hub().ctx, systemViewer, webchatInboxId, { config: { identitySecret: 'a new secret of the inbox' } })
    expect(await inside.closed).toBe('io server disconnect')
    expect(await refusal(inside.token)).toBe('visitor_token')
    expect(await refusal((await visitorSession(hub(), webchatInboxId)).token)).toBe('let in')
  })

  it('not more than ten windows of one visitor', async () => {
    const { webchatInboxId } = await makeCentre(hub())
    const { token } = await visitorSession(hub(), webchatInboxId)
    const windows = await Promise.all(Array.from({ length: 10 }, () => openBrowser(hub(), token)))
    const eleventh = await openBrowser(hub(), token)
    expect(await eleventh.closed).toBe('io server disconnect')
    windows[0]?.close()
    const another = await until('there is room again', async () => {
      const next = await openBrowser(hub(), token)
      return Promise.race([next.ask('typing', {}).then(() => next), next.closed.then(() => null)])
    })
    for (const window of [...windows, another]) window?.close()
  })

  it('arrivals of one address are counted', async () => {
    const { webchatInboxId } = await makeCentre(hub())
    const ask = () =>
      fetch(`${hub().url}/chat/${webchatInboxId}/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: publicUrl },
        body: '{}',
      })
    const answers = await Promise.all(Array.from({ length: 125 }, ask))
    const refused = answers.filter(({ status }) => status === 429)
    expect(refused).toHaveLength(5)
    expect(Number(refused[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await factsOf(hub(), webchatInboxId)).conversations).toEqual([])
  })
})
