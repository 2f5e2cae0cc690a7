import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApiToken } from '../../src/services/tokens/create-api-token.ts'
import type { Queue } from '../../src/wire/queues.ts'
import { type Api, type Client, problemIn, startApi } from './harness.ts'

let api: Api
let admin: Client
let agent: Client
beforeAll(async () => {
  api = await startApi()
  admin = await api.person('Ada', { roleId: 'admin' })
  agent = await api.person('Bea')
})
afterAll(() => api.stop())

const queueBody = (name: string, more: object = {}) => ({ name, settings: {}, ...more })

describe('API tokens', () => {
  it('do at most what they were given, and never more than their owner', async () => {
    const { token } = await createApiToken(api.hub.ctx, agent.agentId, { name: 'narrow', permissions: ['queue.read', 'queue.manage'] })
    const headers = { authorization: `Bearer ${token}` }
    expect((await api.stranger.ask('GET', '/api/v1/queues', { headers })).status).toBe(200)
    expect((await api.stranger.ask('GET', '/api/v1/agents', { headers })).status).toBe(403)
    expect((await api.stranger.ask('POST', '/api/v1/queues', { headers, body: queueBody('By token') })).status).toBe(403)
  })

  it('are shown once, stored hashed, end when told, and cannot make others', async () => {
    const made = await agent.post<{ token: string; apiToken: { id: string; hint: string } }>('/api/v1/tokens', {
      name: 'mine',
      expiresInDays: 1,
    })
    expect(made.status).toBe(201)
    const { token, apiToken } = made.json
    const headers = { authorization: `Bearer ${token}` }
    const list = await agent.get('/api/v1/tokens')
    expect(list.text).toContain(apiToken.id)
    expect(list.text).not.toContain(token)
    const { store } = api.hub.ctx
    expect(JSON.stringify(await store.db.select().from(store.t.apiTokens))).not.toContain(token)
    expect(problemIn(await api.stranger.ask('POST', '/api/v1/tokens', { headers, body: { name: 'child' } })).code).toBe('session_required')
    expect((await admin.ask('DELETE', `/api/v1/tokens/${apiToken.id}`)).status).toBe(404)
    expect((await agent.ask('DELETE', `/api/v1/tokens/${apiToken.id}`)).status).toBe(204)
    expect(problemIn(await api.stranger.ask('GET', '/api/v1/me', { headers })).code).toBe('bad_token')
    const short = await createApiToken(api.hub.ctx, agent.agentId, { name: 'short', permissions: ['*'], expiresInDays: 1 })
    api.clock.jump(86_400_000)
    expect((await api.stranger.ask('GET', '/api/v1/me', { headers: { authorization: `Bearer ${short.token}` } })).status).toBe(401)
    api.clock.jump(-86_400_000)
  })
})

describe('Idempotency-Key', () => {
  const key = (text: string) => ({ 'idempotency-key': text })

  it('gives repeats the first answer and does the work once', async () => {
    const first = await admin.post<Queue>('/api/v1/queues', queueBody('Once'), key('make-queue-1'))
    const again = await admin.post<Queue>('/api/v1/queues', queueBody('Once'), key('make-queue-1'))
    expect([first.status, again.status]).toEqual([201, 201])
    expect(again.json).toEqual(first.json)
    expect(first.headers.get('idempotent-replayed')).toBeNull()
    expect(again.headers.get('idempotent-replayed')).toBe('true')
  })

  it('does the work once for parallel repeats', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => admin.post<Queue>('/api/v1/queues', queueBody('Parallel'), key('make-queue-2'))),
    )
    const ids = new Set(answers.filter(({ status }) => status === 201).map(({ json }) => json.id))
    expect(ids.size).toBe(1)
    for (const answer of answers.filter(({ status }) => status !== 201)) expect(problemIn(answer).code).toBe('idempotency_in_progress')
  })

  it('refuses the same key for another request, and keeps keys of people apart', async () => {
    await admin.post('/api/v1/skills', { name: 'Keyed' }, key('skill-key-1'))
    expect(problemIn(await admin.post('/api/v1/skills', { name: 'Other' }, key('skill-key-1'))).code).toBe('idempotency_key_reused')
    expect((await agent.post('/api/v1/tokens', { name: 'other person' }, key('skill-key-1'))).status).toBe(201)
    expect(problemIn(await admin.post('/api/v1/skills', { name: 'Bad key' }, key('short'))).fields?.[0]?.path).toBe('Idempotency-Key')
  })

  it('repeats a refusal, but gives the key back for what may pass', async () => {
    const refused = () => admin.post('/api/v1/skills', { name: 'Keyed' }, key('skill-key-2'))
    expect([(await refused()).status, (await refused()).status]).toEqual([409, 409])
    expect((await refused()).headers.get('idempotent-replayed')).toBe('true')
    expect((await agent.post('/api/v1/skills', { name: 'Not mine' }, key('skill-key-3'))).status).toBe(403)
    const { store } = api.hub.ctx
    expect(JSON.stringify(await store.db.select().from(store.t.idempotencyKeys))).not.toContain('skill-key-3')
  })

  it('stores answers sealed, for some hold a token shown once', async () => {
    const made = await agent.post<{ token: string }>('/api/v1/tokens', { name: 'sealed' }, key('token-key-1'))
    const again = await agent.post<{ token: string }>('/api/v1/tokens', { name: 'sealed' }, key('token-key-1'))
    expect(again.json.token).toBe(made.json.token)
    const { store } = api.hub.ctx
    expect(JSON.stringify(await store.db.select().from(store.t.idempotencyKeys))).not.toContain(made.json.token)
  })

  it('tells when the first request never ended', async () => {
    const { store, clock } = api.hub.ctx
    const body = { name: 'Died' }
    await admin.post('/api/v1/skills', body, key('skill-key-4'))
    await store.db.update(store.t.idempotencyKeys).set({ status: null, body: null, createdAt: clock.now() - 120_000 })
    expect(problemIn(await admin.post('/api/v1/skills', body, key('skill-key-4'))).code).toBe('idempotency_outcome_unknown')
  })
})

describe('roles', () => {
  it('are never handed out beyond one’s own', async () => {
    const hr = await admin.post<{ id: string }>('/api/v1/roles', {
      name: 'HR',
      permissions: ['agent.read', 'agent.manage', 'role.manage'],
      visibility: 'own',
    })
    const clerk = await api.person('Clerk', { roleId: hr.json.id })
    const attempts = [
      await clerk.post('/api/v1/agents', { email: 'up@desk.test', name: 'Up', roleId: 'admin' }),
      await clerk.ask('PATCH', `/api/v1/agents/${clerk.agentId}`, { body: { roleId: 'supervisor' } }),
      await clerk.ask('PATCH', `/api/v1/agents/${admin.agentId}`, { body: { email: 'mine@desk.test' } }),
      await clerk.post(`/api/v1/agents/${admin.agentId}/link`),
      await clerk.post(`/api/v1/agents/${admin.agentId}/disable`),
      await clerk.ask('DELETE', `/api/v1/agents/${admin.agentId}/totp`),
      await clerk.post('/api/v1/roles', { name: 'More', permissions: ['*'], visibility: 'all' }),
      await clerk.ask('PUT', `/api/v1/roles/${hr.json.id}`, { body: { name: 'HR', permissions: ['inbox.manage'], visibility: 'all' } }),
    ]
    for (const answer of attempts) expect(problemIn(answer)).toMatchObject({ status: 403, code: 'beyond_own' })
  })

  it('count at once, and the last administrator stays', async () => {
    const other = await startApi()
    const boss = await other.person('Boss', { roleId: 'admin' })
    const made = await boss.post<{ id: string }>('/api/v1/roles', { name: 'Desk', permissions: ['queue.read'], visibility: 'own' })
    const clerk = await other.person('Clerk', { roleId: made.json.id })
    expect((await clerk.get('/api/v1/queues')).status).toBe(200)
    expect(
      (await boss.ask('PUT', `/api/v1/roles/${made.json.id}`, { body: { name: 'Desk', permissions: [], visibility: 'own' } })).status,
    ).toBe(200)
    expect((await clerk.get('/api/v1/queues')).status).toBe(403)
    const demote = (id: string, by = boss) => by.ask('PATCH', `/api/v1/agents/${id}`, { body: { roleId: 'agent' } })
    expect(problemIn(await demote(boss.agentId)).code).toBe('last_administrator')
    const second = await other.person('Second', { roleId: 'admin' })
    const both = await Promise.all([demote(second.agentId, boss), demote(boss.agentId, second)])
    // Whoever comes second is no administrator any more, or would be the last.
    expect(both.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const refused of both.filter(({ status }) => status !== 200)) expect([403, 409]).toContain(refused.status)
    await other.stop()
  })
})
