import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../../src/config.ts'
import { ensureAdministrator } from '../../src/services/access/ensure-administrator.ts'
import { expirePresence } from '../../src/services/presence/expire-presence.ts'
import { absenceGraceMs } from '../../src/services/presence/lease.ts'
import { renewPresence } from '../../src/services/presence/renew-presence.ts'
import type { AgentAccount } from '../../src/wire/access.ts'
import type { Me } from '../../src/wire/agents.ts'
import type { Queue } from '../../src/wire/queues.ts'
import { createDatabase } from '../support/postgres.ts'
import { type Api, type Client, problemIn, startApi } from './harness.ts'

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

  describe('the first administrator', () => {
    it('comes by a link that works once, is never stored in the clear, and is no way in later', async () => {
      const fresh = await start({ ROLE: 'web' })
      const token = fresh.hub.setupUrl?.split('#')[1]
      expect(token).toMatch(/^oql_/)
      expect(fresh.logged.join('\n')).not.toContain(token)
      const use = (body: object) => fresh.stranger.post('/api/v1/links/use', { token, password: 'a long pass phrase', ...body })
      expect(problemIn(await use({ name: 'First' })).fields?.[0]?.path).toBe('email')
      expect(problemIn(await use({ email: 'first@desk.test' })).fields?.[0]?.path).toBe('name')
      const made = await Promise.all([use({ email: 'first@desk.test', name: 'First' }), use({ email: 'second@desk.test', name: 'Second' })])
      expect(made.filter(({ status }) => status === 200)).toHaveLength(1)
      const email = made[0]?.status === 200 ? 'first@desk.test' : 'second@desk.test'
      const me = await fresh.stranger.post<Me>('/api/v1/session', { email, password: 'a long pass phrase' })
      expect(me.json.role.id).toBe('admin')
      expect(me.json.permissions).toContain('role.manage')
      expect(await ensureAdministrator(fresh.hub.ctx)).toBeNull()
      await fresh.stop()
    })

    it('comes from ADMIN_EMAIL and ADMIN_PASSWORD, once, also when two nodes start together', async () => {
      const fresh = await start({ ROLE: 'web', ADMIN_EMAIL: 'Boss@Desk.test', ADMIN_PASSWORD: 'set by the operator' })
      expect(fresh.hub.setupUrl).toBeNull()
      const { ctx } = fresh.hub
      await Promise.all([ensureAdministrator(ctx), ensureAdministrator(ctx)])
      expect(await ctx.store.db.select().from(ctx.store.t.agents)).toHaveLength(1)
      const me = await fresh.stranger.post<Me>('/api/v1/session', { email: 'boss@desk.test', password: 'set by the operator' })
      expect(me.json.role.id).toBe('admin')
      await fresh.stop()
    })

    it('of ADMIN_EMAIL alone chooses a password by link', async () => {
      const fresh = await start({ ROLE: 'web', ADMIN_EMAIL: 'boss@desk.test' })
      const token = fresh.hub.setupUrl?.split('#')[1]
      expect((await fresh.stranger.post('/api/v1/links/inspect', { token })).json).toMatchObject({
        purpose: 'setup',
        email: 'boss@desk.test',
      })
      expect((await fresh.stranger.post('/api/v1/links/use', { token, password: 'chosen by the boss', name: 'Boss' })).json).toEqual({
        email: 'boss@desk.test',
      })
      expect(
        (await fresh.stranger.post<Me>('/api/v1/session', { email: 'boss@desk.test', password: 'chosen by the boss' })).json.agent.name,
      ).toBe('Boss')
      await fresh.stop()
    })

    it('is not refused by the settings alone', () => {
      expect(() => readConfig({ ADMIN_PASSWORD: 'without an address' })).toThrow(/ADMIN_EMAIL/)
    })
  })

  describe('agents', () => {
    it('are made, changed and shown with what they may hold', async () => {
      const queue = await api.queue('Agents queue')
      const { json: skill } = await admin.post<{ id: string }>('/api/v1/skills', { name: 'Thai' })
      const seq = await newest()
      const body = {
        email: 'Zoe@Desk.test',
        name: 'Zoe',
        roleId: 'agent',
        locale: 'ja',
        password: 'zoe has a phrase',
        queueIds: [queue],
        skills: [{ skillId: skill.id, level: 3 }],
        capacity: { max: { webchat: 2 } },
      }
      const made = await admin.post<{ agent: AgentAccount; invite: unknown }>('/api/v1/agents', body)
      expect(made.json.invite).toBeNull()
      expect(made.json.agent).toMatchObject({
        email: 'zoe@desk.test',
        locale: 'ja',
        hasPassword: true,
        totpEnabled: false,
        queueIds: [queue],
        skills: [{ skillId: skill.id, level: 3 }],
      })
      expect(await eventsAfter(seq)).toEqual([`agent.changed ${made.json.agent.id}`, `queue.changed ${queue}`])
      const path = `/api/v1/agents/${made.json.agent.id}`
      const changed = await admin.ask<AgentAccount>('PATCH', path, {
        body: { name: 'Zoë', skills: [], queueIds: [], capacity: { max: { line: 1 }, total: 40 } },
      })
      expect(changed.json).toMatchObject({
        name: 'Zoë',
        email: 'zoe@desk.test',
        skills: [],
        queueIds: [],
        capacity: { max: { line: 1 }, weights: {}, total: 40 },
      })
      expect((await admin.get<AgentAccount>(`${path}/account`)).json).toEqual(changed.json)
      expect(problemIn(await admin.post('/api/v1/agents', { ...body, email: 'zoe@desk.test' }))).toMatchObject({
        status: 409,
        code: 'taken',
        fields: [{ path: 'email' }],
      })
      for (const [wrong, place] of [
        [{ roleId: 'none' }, 'roleId'],
        [{ queueIds: ['none'] }, 'queueIds.0'],
        [{ skills: [{ skillId: 'none', level: 1 }] }, 'skills.0'],
      ] as const) {
        expect(problemIn(await admin.ask('PATCH', path, { body: wrong })).fields?.[0]?.path).toBe(place)
      }
    })

    it('lose everything at once when they are disabled', async () => {
      const person = await api.person('Yan', { withPassword: true })
      const token = await person.post<{ token: string; apiToken: { id: string } }>('/api/v1/tokens', { name: 'script' })
      await person.ask('PUT', `/api/v1/agents/${person.agentId}/state`, { body: { state: 'available' } })
      const link = await admin.post<{ url: string }>(`/api/v1/agents/${person.agentId}/link`)
      const seq = await newest()
      expect((await admin.post<AgentAccount>(`/api/v1/agents/${person.agentId}/disable`)).json).toMatchObject({
        disabled: true,
        state: 'offline',
      })
      expect((await person.get('/api/v1/session')).status).toBe(401)
      expect((await api.stranger.ask('GET', '/api/v1/me', { headers: { authorization: `Bearer ${token.json.token}` } })).status).toBe(401)
      expect(
        (await api.stranger.post('/api/v1/links/use', { token: link.json.url.split('#')[1], password: 'a way back in?' })).status,
      ).toBe(404)
      expect(problemIn(await admin.post(`/api/v1/agents/${person.agentId}/link`)).code).toBe('disabled')
      const { store } = api.hub.ctx
      const ended = (await store.db.select().from(store.t.events)).find((row) => row.seq > seq && row.type === 'session.ended')
      expect(ended).toMatchObject({
        subjectId: person.agentId,
        data: { reason: 'disabled', sessionIds: [expect.any(String)], tokenIds: [token.json.apiToken.id] },
      })
      expect((await admin.post(`/api/v1/agents/${person.agentId}/disable`)).status).toBe(200)
      expect((await admin.post<AgentAccount>(`/api/v1/agents/${person.agentId}/enable`)).json.disabled).toBe(false)
      expect((await person.get('/api/v1/session')).status).toBe(401)
      expect((await api.stranger.post('/api/v1/session', { email: 'yan@desk.test', password: 'pass phrase of Yan' })).status).toBe(200)
      expect(problemIn(await admin.post(`/api/v1/agents/${admin.agentId}/disable`)).code).toBe('own_account')
    })
  })

  describe('a disabled agent', () => {
    it('leaves no customer waiting for them', async () => {
      const queueId = await api.queue('Left behind')
      const inboxId = await api.inbox('Left behind site', queueId)
      const leaver = await api.person('Leo', { queueIds: [queueId] })
      const { ctx } = api.hub
      await renewPresence(ctx, leaver.agentId)
      const held = await api.receive(inboxId, 'held one', 'hello')
      expect((await admin.post(`/api/v1/conversations/${held}/assign`, { agentId: leaver.agentId })).status).toBe(200)
      expect((await admin.post(`/api/v1/agents/${leaver.agentId}/disable`)).status).toBe(200)
      await expirePresence(ctx)
      expect((await admin.get<{ connected: boolean; state: string }>(`/api/v1/agents/${leaver.agentId}`)).json).toMatchObject({
        connected: false,
        state: 'offline',
      })
      api.clock.jump(absenceGraceMs)
      await expirePresence(ctx)
      expect((await admin.get(`/api/v1/conversations/${held}`)).json).toMatchObject({ status: 'queued', assigneeId: null, queueId })
      api.clock.jump(-absenceGraceMs)
    })
  })

  describe('queues, skills and roles', () => {
    it('say what depends on them before they go', async () => {
      const { json: skill } = await admin.post<{ id: string }>('/api/v1/skills', { name: 'Korean' })
      const settings = { requiredSkills: [{ skillId: skill.id, minLevel: 2 }] }
      const { json: queue } = await admin.post<Queue>('/api/v1/queues', { name: 'Korean desk', settings })
      const inboxId = await api.inbox('Korean site', queue.id)
      const holder = await api.person('Min')
      await admin.ask('PATCH', `/api/v1/agents/${holder.agentId}`, { body: { skills: [{ skillId: skill.id, level: 5 }] } })
      const remove = (path: string) => admin.ask('DELETE', `/api/v1/${path}`)
      expect(problemIn(await remove(`skills/${skill.id}`))).toMatchObject({
        code: 'in_use',
        details: { agents: ['Min'], queues: ['Korean desk'], conversations: false },
      })
      expect(problemIn(await remove(`queues/${queue.id}`))).toMatchObject({ code: 'in_use', details: { inboxes: ['Korean site'] } })
      expect((await remove(`inboxes/${inboxId}`)).status).toBe(204)
      const plain = await admin.ask<Queue>('PUT', `/api/v1/queues/${queue.id}`, { body: { name: 'Korean desk', settings: {} } })
      expect(plain.json.settings.requiredSkills).toEqual([])
      expect((await remove(`queues/${queue.id}`)).status).toBe(204)
      expect((await remove(`queues/${queue.id}`)).status).toBe(404)
      await admin.ask('PATCH', `/api/v1/agents/${holder.agentId}`, { body: { skills: [] } })
      expect((await remove(`skills/${skill.id}`)).status).toBe(204)
      const { json: role } = await admin.post<{ id: string }>('/api/v1/roles', {
        name: 'Temp',
        permissions: ['queue.read'],
        visibility: 'own',
      })
      const temp = await api.person('Tom', { roleId: role.id })
      expect(problemIn(await remove(`roles/${role.id}`))).toMatchObject({ code: 'in_use', details: { agents: ['Tom'] } })
      await admin.ask('PATCH', `/api/v1/agents/${temp.agentId}`, { body: { roleId: 'agent' } })
      expect((await remove(`roles/${role.id}`)).status).toBe(204)
      expect(problemIn(await remove('roles/agent')).code).toBe('builtin')
      expect(problemIn(await admin.post('/api/v1/roles', { name: 'Odd', permissions: ['fly'], visibility: 'own' })).fields?.[0]?.path).toBe(
        'permissions.0',
      )
    })

    it('keep the past of a queue that was used', async () => {
      const { json: queue } = await admin.post<Queue>('/api/v1/queues', { name: 'Used', settings: {} })
      const inboxId = await api.inbox('Used site', queue.id)
      await api.receive(inboxId, 'someone', 'hi')
      expect(problemIn(await admin.ask('DELETE', `/api/v1/inboxes/${inboxId}`)).code).toBe('in_use')
      const elsewhere = await api.queue('Elsewhere')
      await admin.ask('PATCH', `/api/v1/inboxes/${inboxId}`, { body: { queueId: elsewhere } })
      expect(problemIn(await admin.ask('DELETE', `/api/v1/queues/${queue.id}`))).toMatchObject({
        code: 'in_use',
        details: { openConversations: true },
      })
      const stats = await admin.get<{ waiting: number; asOf: number }>(`/api/v1/queues/${queue.id}/stats`)
      expect(stats.json).toMatchObject({ waiting: 1, asOf: api.clock.now() })
    })
  })
})
