import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sweepAccess } from '../../src/services/access/sweep-access.ts'
import { acceptPayloads } from '../../src/services/deliveries/accept-delivery.ts'
import type { Contact } from '../../src/wire/contacts.ts'
import type { Delivery } from '../../src/wire/deliveries.ts'
import type { ChannelInfo } from '../../src/wire/inbox-changes.ts'
import type { InboxDetail } from '../../src/wire/inboxes.ts'
import type { ConversationPage } from '../../src/wire/pages.ts'
import { createDatabase } from '../support/postgres.ts'
import { type Api, type Client, problemIn, startApi } from './harness.ts'

interface Page<T> {
  items: T[]
  nextCursor: string | null
}

describe.each(['sqlite', 'postgres'] as const)('on %s', (kind) => {
  /** A hub on an empty database of this kind. */
  async function start(env: Readonly<Record<string, string>>): Promise<Api> {
    if (kind === 'sqlite') return startApi(env)
    const { url, drop } = await createDatabase()
    const api = await startApi({ ...env, DATABASE_URL: url })
    const stop = async () => {
      await api.stop()
      await drop()
    }
    return { ...api, stop }
  }

  let api: Api
  let admin: Client
  beforeAll(async () => {
    api = await start({ ROLE: 'web' })
    admin = await api.person('Ada', { roleId: 'admin' })
  })
  afterAll(() => api.stop())

  /** Types of the events since a number, with what they are about. */
  async function eventsAfter(seq: number): Promise<string[]> {
    const { store } = api.hub.ctx
    const rows = await store.db.select().from(store.t.events)
    return rows.filter((row) => row.seq > seq).map((row) => `${row.type} ${row.subjectId}`)
  }
  async function newest(): Promise<number> {
    const { store } = api.hub.ctx
    return Math.max(0, ...(await store.db.select({ seq: store.t.events.seq }).from(store.t.events)).map(({ seq }) => seq))
  }

  describe('inboxes', () => {
    const config = {
      channelId: '1234567890',
      channelSecret: 'secret-0123456789abcdef',
      channelAccessToken: 'token-0123456789abcdef',
      providerId: 'prov-1',
    }

    it('keep their secrets to themselves', async () => {
      const queueId = await api.queue('LINE queue')
      const made = await admin.post<InboxDetail>('/api/v1/inboxes', { channel: 'line', name: 'LINE', queueId, config })
      expect(made.status).toBe(201)
      expect(made.json).toMatchObject({
        secretsSet: ['channelAccessToken', 'channelSecret'],
        webhookUrl: `http://desk.test/webhooks/line/${made.json.id}`,
        config: { channelId: '1234567890' },
      })
      const path = `/api/v1/inboxes/${made.json.id}`
      const changed = await admin.ask<InboxDetail>('PATCH', path, { body: { config: { ...made.json.config, sendPolicy: 'push_only' } } })
      expect(changed.json).toMatchObject({ secretsSet: ['channelAccessToken', 'channelSecret'], config: { sendPolicy: 'push_only' } })
      const rolled = await admin.ask<InboxDetail>('PATCH', path, {
        body: { config: { ...made.json.config, channelSecret: 'another-0123456789abcdef', previousChannelSecret: config.channelSecret } },
      })
      expect(rolled.json.secretsSet).toEqual(['channelAccessToken', 'channelSecret', 'previousChannelSecret'])
      expect((await api.hub.ctx.inboxes.get(made.json.id)).config).toMatchObject({ channelSecret: 'another-0123456789abcdef' })
      const gone = await admin.ask<InboxDetail>('PATCH', path, { body: { config: { ...made.json.config, previousChannelSecret: null } } })
      expect(gone.json.secretsSet).toEqual(['channelAccessToken', 'channelSecret'])
      expect(
        problemIn(await admin.ask('PATCH', path, { body: { config: { ...made.json.config, channelSecret: null } } })).fields?.[0]?.path,
      ).toBe('config.channelSecret')
      const { store } = api.hub.ctx
      const everything = JSON.stringify([
        made.text,
        changed.text,
        rolled.text,
        (await admin.get(path)).text,
        (await admin.get('/api/v1/inboxes')).text,
        await store.db.select().from(store.t.inboxes),
        await store.db.select().from(store.t.events),
        api.logged,
      ])
      for (const secret of [config.channelSecret, config.channelAccessToken, 'another-0123456789abcdef'])
        expect(everything).not.toContain(secret)
    })

    it('refuse settings that their channel does not know, naming the place', async () => {
      const queueId = await api.queue('Wrong queue')
      const post = (more: object) => admin.post('/api/v1/inboxes', { channel: 'line', name: 'Wrong', queueId, config, ...more })
      expect(
        problemIn(await post({ config: { ...config, channelId: 'abc', extra: 1 } }))
          .fields?.map(({ path }) => path)
          .toSorted(),
      ).toEqual(['config.channelId', 'config.extra'])
      expect(problemIn(await post({ queueId: 'none' })).fields?.[0]?.path).toBe('queueId')
      expect(problemIn(await post({ channel: 'pigeon' })).fields?.[0]?.path).toBe('channel')
      expect(problemIn(await post({ memberIds: ['none'] })).fields?.[0]?.path).toBe('memberIds.0')
      const channels = await admin.get<{ items: ChannelInfo[] }>('/api/v1/channels')
      const line = channels.json.items.find(({ id }) => id === 'line')
      expect(line?.secretKeys).toContain('channelSecret')
      expect(Object.keys(line?.configSchema['properties'] ?? {})).toContain('channelAccessToken')
    })

    it('that are restricted are seen by their members and by who sees all', async () => {
      const queueId = await api.queue('Restricted queue')
      const member = await api.person('Vera', { queueIds: [queueId] })
      const outsider = await api.person('Olaf', { queueIds: [queueId] })
      const inboxId = await api.inbox('Secret', queueId, { restricted: true, memberIds: [member.agentId] })
      const conversationId = await api.receive(inboxId, 'quiet one', 'psst')
      const sees = async (who: Client) => [
        (await who.get('/api/v1/inboxes')).text.includes(inboxId),
        (await who.get(`/api/v1/conversations/${conversationId}`)).status,
      ]
      expect(await sees(member)).toEqual([true, 200])
      expect(await sees(outsider)).toEqual([false, 404])
      expect(await sees(admin)).toEqual([true, 200])
      await admin.ask('PATCH', `/api/v1/inboxes/${inboxId}`, { body: { memberIds: [outsider.agentId] } })
      expect(await sees(member)).toEqual([false, 404])
      expect(await sees(outsider)).toEqual([true, 200])
      await admin.ask('PATCH', `/api/v1/inboxes/${inboxId}`, { body: { restricted: false } })
      expect(await sees(member)).toEqual([true, 200])
    })
  })

  describe('customers', () => {
    it('are found by the beginning of a name or address, page by page', async () => {
      const { store, clock } = api.hub.ctx
      const names = ['Miller, Ann', 'miller bob', 'Millicent', 'Mühle', '王小明', '王大同', 'Zed_%']
      for (const [i, name] of names.entries()) {
        const id = `contact-${i}`
        await store.tx(async (tx) => {
          await tx.db.insert(tx.t.contacts).values({
            id,
            name,
            companyId: null,
            locale: null,
            fields: {},
            avatarUrl: null,
            createdAt: clock.now(),
            updatedAt: clock.now() + i,
          })
          for (const [kind, address] of [
            ['phone', `+88691234500${i}`],
            ['email', `mill${i}@shop.test`],
          ] as const) {
            await tx.db.insert(tx.t.contactPoints).values({
              id: `point-${kind}-${i}`,
              contactId: id,
              kind,
              address,
              displayName: null,
              verified: false,
              blockedAt: null,
              profileFetchedAt: null,
              createdAt: clock.now(),
            })
          }
        })
      }
      const find = async (q: string, limit = 50) => {
        const found: string[] = []
        let cursor: string | null = ''
        for (let pages = 0; cursor !== null && pages < 20; pages++) {
          const more: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
          const page = await admin.get<Page<Contact>>(`/api/v1/contacts?q=${encodeURIComponent(q)}&limit=${limit}${more}`)
          expect(page.status).toBe(200)
          found.push(...page.json.items.map(({ name }) => name))
          cursor = page.json.nextCursor
        }
        return found
      }
      const byMill = ['miller bob', 'Miller, Ann', 'Millicent', 'Mühle', '王小明', '王大同', 'Zed_%']
      expect(await find('MILL')).toEqual(byMill)
      for (const limit of [1, 2, 3]) expect(await find('mill', limit)).toEqual(byMill)
      expect((await find('王')).toSorted()).toEqual(['王大同', '王小明'])
      expect(await find('+886 912-345-002')).toEqual(['Millicent'])
      expect(await find('mill5@')).toEqual(['王大同'])
      expect(await find('zed_%')).toEqual(['Zed_%'])
      expect(await find('%')).toEqual([])
      expect(await find('_')).toEqual([])
      expect((await admin.get<Page<Contact>>('/api/v1/contacts?limit=2')).json.items.map(({ name }) => name)).toEqual(['Zed_%', '王大同'])
      expect((await admin.get('/api/v1/contacts?q=mill&cursor=WyJjIiwxLCJ4Il0')).status).toBe(400)
    })

    it('are changed and noted about', async () => {
      const queue = await api.queue('Customers')
      const agent = await api.person('Nora', { queueIds: [queue] })
      const conversationId = await api.receive(await api.inbox('Customers site', queue), 'noted one', 'hello')
      const conversation = await agent.get<{ contact: { id: string } }>(`/api/v1/conversations/${conversationId}`)
      const path = `/api/v1/contacts/${conversation.json.contact.id}`
      const changed = await agent.ask<Contact>('PATCH', path, {
        body: { name: 'Mrs Noted', company: 'Noted Ltd', fields: { tier: 'gold' } },
      })
      expect(changed.json).toMatchObject({ name: 'Mrs Noted', company: { name: 'Noted Ltd' }, fields: { tier: 'gold' } })
      const again = await agent.ask<Contact>('PATCH', path, { body: { company: 'Noted Ltd' } })
      expect(again.json.company?.id).toBe(changed.json.company?.id)
      expect((await agent.ask<Contact>('PATCH', path, { body: { company: null } })).json).toMatchObject({
        company: null,
        name: 'Mrs Noted',
      })
      const tooMany = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`f${i}`, 'x']))
      expect(problemIn(await agent.ask('PATCH', path, { body: { fields: tooMany } })).fields?.[0]?.path).toBe('fields')
      for (const text of ['one', 'two', 'three']) expect((await agent.post(`${path}/notes`, { text })).status).toBe(201)
      const first = await agent.get<Page<{ text: string; author: { name: string } }>>(`${path}/notes?limit=2`)
      expect(first.json.items).toMatchObject([{ text: 'three', author: { name: 'Nora' } }, { text: 'two' }])
      const second = await agent.get<Page<{ text: string }>>(`${path}/notes?limit=2&cursor=${first.json.nextCursor}`)
      expect(second.json).toMatchObject({ items: [{ text: 'one' }], nextCursor: null })
      const conversations = await agent.get<ConversationPage>(`${path}/conversations`)
      expect(conversations.json.items.map(({ id }) => id)).toEqual([conversationId])
      const stranger = await api.person('Otto')
      expect((await stranger.get<ConversationPage>(`${path}/conversations`)).json.items).toEqual([])
    })
  })

  describe('the ledger', () => {
    it('lists what was quarantined, shows it as it came, and takes it again after a fix', async () => {
      const { ctx } = api.hub
      const inboxId = await api.inbox('Ledger', await api.queue('Ledger'))
      const inbox = await ctx.inboxes.get(inboxId)
      const ids = ['bad-1', 'bad-2', 'bad-3']
      for (const externalId of ids) await acceptPayloads(ctx, inbox, [{ externalId, raw: `not understood ${externalId}` }])
      const first = await admin.get<Page<Delivery>>('/api/v1/deliveries?limit=2')
      expect(first.json.items.map(({ externalId }) => externalId)).toEqual(['bad-3', 'bad-2'])
      const second = await admin.get<Page<Delivery>>(`/api/v1/deliveries?limit=2&cursor=${first.json.nextCursor}`)
      expect(second.json).toMatchObject({ items: [{ externalId: 'bad-1' }], nextCursor: null })
      const [item] = first.json.items
      expect(item).not.toHaveProperty('raw')
      expect((await admin.get(`/api/v1/deliveries/${item?.id}`)).json).toMatchObject({
        raw: 'not understood bad-3',
        encoding: 'utf8',
        status: 'quarantined',
      })
      const replayed = await admin.post<{ status: string; error: string | null }>(`/api/v1/deliveries/${item?.id}/replay`)
      expect(replayed.json).toMatchObject({ status: 'quarantined', error: expect.stringMatching(/\w/) })
      expect((await admin.get<Page<Delivery>>('/api/v1/deliveries?status=processed')).status).toBe(200)
      expect(problemIn(await admin.get('/api/v1/deliveries?status=lost')).fields?.[0]?.path).toBe('status')
    })
  })

  describe('what has ended', () => {
    it('is swept: sessions tell their sockets, keys and links go', async () => {
      const person = await api.person('Swept')
      await person.post('/api/v1/tokens', { name: 'kept' }, { 'idempotency-key': 'sweep-me-please' })
      const seq = await newest()
      api.clock.jump(24 * 3_600_000 + 1)
      await sweepAccess(api.hub.ctx)
      const { store } = api.hub.ctx
      expect(await store.db.select().from(store.t.sessions)).toEqual([])
      expect(await store.db.select().from(store.t.idempotencyKeys)).toEqual([])
      expect(await eventsAfter(seq)).toContain(`session.ended ${person.agentId}`)
      const rows = await store.db.select().from(store.t.events)
      expect(rows.find((row) => row.subjectId === person.agentId && row.type === 'session.ended')?.data).toMatchObject({
        reason: 'expired',
      })
    })
  })
})
