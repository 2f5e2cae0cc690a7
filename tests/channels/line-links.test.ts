import { describe, expect, it } from 'vitest'
import { agentSocket, apiOf } from '../support/agent-client.ts'
import { makeCentre, type TestLineInbox } from '../support/centre.ts'
import { factsOf, pointsOf, textsOf } from '../support/facts.ts'
import { databases, lineOriginOf, useHub } from '../support/hub.ts'
import { talk } from '../support/talk.ts'

const menus = { 'richmenu-spring': 'Spring', 'richmenu-vip': 'VIP' }
const loginPage = 'https://shop.example/line-login'

describe.each(databases)('what ties a LINE customer to the company, %s', (database) => {
  const hub = useHub({ database })

  const open = () => talk(hub(), { lineConfig: { accountLinkUrl: loginPage, accessBaseUrl: lineOriginOf(hub()) } })

  /** Follows a link as the customer's browser and the company's site do; gives where the browser ends. */
  async function logIn(url: string, accountId: string, api: ReturnType<typeof apiOf>) {
    const first = await fetch(url.replace(/^https:\/\/[^/]+/, hub().url), { redirect: 'manual' })
    expect(first.status).toBe(302)
    const page = new URL(first.headers.get('location') ?? '')
    expect(`${page.origin}${page.pathname}`).toBe(loginPage)
    const token = (page.searchParams.get('return') ?? '').split('/').at(-1)
    const confirmed = await api.send<{ redirectUrl: string }>('POST', '/api/v1/account-links/confirm', {
      token,
      accountId,
      linkToken: page.searchParams.get('linkToken'),
    })
    expect(confirmed.status).toBe(200)
    return confirmed.body.redirectUrl
  }

  const accounts = async (userId: string) => {
    const [point] = await pointsOf(hub(), userId)
    const { db, t } = hub().ctx.store
    const all = await db.select().from(t.contactPoints)
    return all.filter(({ contactId, kind }) => contactId === point?.contactId && kind === 'external')
  }

  it('is proved by the company’s log-in and the platform’s word, once', async () => {
    const t = await open()
    const api = apiOf(hub(), t.centre.agent('ann'))
    const { body } = await api.send<{ url: string }>('POST', `/api/v1/conversations/${t.conversationId}/account-link`)
    const redirect = await logIn(body.url, `customer-${t.chen.userId}`, api)
    expect(await accounts(t.chen.userId)).toEqual([])
    expect((await fetch(redirect)).status).toBe(200)
    expect(await accounts(t.chen.userId)).toMatchObject([{ address: `customer-${t.chen.userId}`, verified: true }])
    expect((await fetch(redirect)).status).toBe(400)
    expect((await fetch(body.url.replace(/^https:\/\/[^/]+/, hub().url), { redirect: 'manual' })).status).toBe(404)
    const { messages } = await factsOf(hub(), t.centre.line.inboxId)
    expect(textsOf(messages)).toContain('contact.linked')
    t.close()
  })

  it('joins the record that the company’s account has already, with its conversations', async () => {
    const t = await open()
    const api = apiOf(hub(), t.centre.agent('ann'))
    const link = async (conversationId: string) =>
      (await api.send<{ url: string }>('POST', `/api/v1/conversations/${conversationId}/account-link`)).body.url
    const account = `shared-${t.chen.userId}`
    await fetch(await logIn(await link(t.conversationId), account, api))
    const other = t.centre.customer('Chen Wei, other phone')
    await other.sendText('it is me')
    const conversationId = await t.ann.acceptNext()
    await fetch(await logIn(await link(conversationId), account, api))
    const [[first], [second]] = [await pointsOf(hub(), t.chen.userId), await pointsOf(hub(), other.userId)]
    expect(second?.contactId).toBe(first?.contactId)
    const { conversations } = await factsOf(hub(), t.centre.line.inboxId)
    expect(new Set(conversations.map(({ contactId }) => contactId)).size).toBe(1)
    t.close()
  })

  it('is not proved by a nonce for another person, an unknown one, or a link that failed', async () => {
    const t = await open()
    const api = apiOf(hub(), t.centre.agent('ann'))
    const { body } = await api.send<{ url: string }>('POST', `/api/v1/conversations/${t.conversationId}/account-link`)
    const nonce = new URL(await logIn(body.url, 'somebody', api)).searchParams.get('nonce')
    const stranger = t.centre.customer('Stranger')
    await stranger.sendText('hi')
    const event = (userId: string, given: string | null, result: 'ok' | 'failed', id: string) => ({
      type: 'accountLink',
      link: { result, nonce: given },
      webhookEventId: `${id}${userId.slice(-8)}`,
      deliveryContext: { isRedelivery: false },
      timestamp: hub().clock.now(),
      source: { type: 'user', userId },
      mode: 'active',
    })
    await t.centre.line.account.postEvents([
      event(stranger.userId, nonce, 'ok', 'foreign'),
      event(t.chen.userId, 'made-up', 'ok', 'unknown'),
      event(t.chen.userId, nonce, 'failed', 'failed'),
    ])
    expect(await accounts(stranger.userId)).toEqual([])
    expect(await accounts(t.chen.userId)).toEqual([])
    t.close()
  })

  it('shows one customer another menu, and back', async () => {
    const centre = await makeCentre(hub())
    const account = accountWithMenus(centre.line)
    const ann = await agentSocket(hub(), centre.agent('ann'))
    await ann.goAvailable()
    const chen = centre.customer()
    await chen.sendText('hello')
    const conversationId = await ann.acceptNext()
    const api = apiOf(hub(), centre.agent('ann'))
    const path = `/api/v1/conversations/${conversationId}/menu`
    expect((await api.get(path)).body).toEqual({
      menus: [
        { id: 'richmenu-spring', name: 'Spring' },
        { id: 'richmenu-vip', name: 'VIP' },
      ],
      current: null,
    })
    expect((await api.send('PUT', path, { menuId: 'richmenu-vip' })).status).toBe(200)
    expect((await api.get(path)).body).toMatchObject({ current: 'richmenu-vip' })
    expect(account.people().find(({ userId }) => userId === chen.userId)?.menuId).toBe('richmenu-vip')
    expect((await api.send('PUT', path, { menuId: 'richmenu-none' })).status).toBe(400)
    expect((await api.send('PUT', path, { menuId: null })).body).toMatchObject({ current: null })
    ann.close()
  })

  /** Gives the account menus, as its owner makes them on the platform. */
  function accountWithMenus({ account }: TestLineInbox) {
    return hub().line.account({ ...account.options, menus })
  }
})
