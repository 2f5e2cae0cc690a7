import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createHttpApp } from '../../src/http/app.ts'
import { createApiToken } from '../../src/services/tokens/create-api-token.ts'
import { problemSchema } from '../../src/wire/errors.ts'
import type { Queue } from '../../src/wire/queues.ts'
import { type Answer, type Api, type Client, clientOf, problemIn, startApi } from './harness.ts'

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

describe('errors', () => {
  it('are problems with a request id that is also in the header', async () => {
    const answers = [
      await api.stranger.get('/api/v1/agents'),
      await agent.get('/api/v1/deliveries'),
      await agent.get('/api/v1/nothing/here'),
      await admin.get('/api/v1/queues/none'),
      await admin.post('/api/v1/queues', { name: '' }),
      await agent.get('/api/v1/agents/%E0%A4%A'),
    ]
    expect(answers.map(({ status }) => status)).toEqual([401, 403, 404, 404, 400, 400])
    for (const answer of answers) {
      const problem = problemSchema.parse(problemIn(answer))
      expect(problem.status).toBe(answer.status)
      expect(problem.type).toBe(`urn:onequeue:error:${problem.code}`)
      expect(answer.headers.get('x-request-id')).toBe(problem.requestId)
      expect(answer.headers.get('cache-control')).toBe('no-store')
    }
  })

  it('name the path of each wrong field', async () => {
    const settings = { priority: 12, requiredSkills: [{ skillId: 'x', minLevel: 9 }] }
    const problem = problemIn(await admin.post('/api/v1/queues', { name: 'Q', settings, memberIds: [7] }))
    expect(problem.code).toBe('invalid_input')
    expect(problem.fields?.map(({ path }) => path).toSorted()).toEqual([
      'memberIds.0',
      'settings.priority',
      'settings.requiredSkills.0.minLevel',
    ])
    expect(
      problemIn(await admin.get('/api/v1/conversations?limit=0&view=odd'))
        .fields?.map(({ path }) => path)
        .toSorted(),
    ).toEqual(['limit', 'view'])
    expect(problemIn(await admin.get('/api/v1/agents?cursor=abc')).fields?.[0]?.path).toBe('cursor')
  })

  it('refuse bodies that are no JSON, another kind, too large or too deep', async () => {
    const post = (rawBody: string, type = 'application/json') =>
      admin.ask('POST', '/api/v1/queues', { rawBody, headers: { 'content-type': type } })
    expect(problemIn(await post('{"name":')).code).toBe('invalid_json')
    expect(problemIn(await post('"text"')).code).toBe('invalid_json')
    expect(problemIn(await post('name=Q', 'application/x-www-form-urlencoded')).code).toBe('not_json')
    expect(problemIn(await post(JSON.stringify({ name: 'x'.repeat(300_000) }))).status).toBe(413)
    expect(problemIn(await post(`{"name":"Q","settings":${'['.repeat(500)}${']'.repeat(500)}}`)).status).toBe(400)
  })

  it('hide what went wrong inside', async () => {
    const { store } = api.hub.ctx
    await store.db.insert(store.t.settings).values({ key: 'lock:administrators', value: 0 }).onConflictDoNothing()
    const role = await admin.post<{ id: string }>('/api/v1/roles', { name: 'Odd', permissions: ['conversation.read'], visibility: 'own' })
    // A row of another version, which the answer's schema refuses.
    await store.db.update(store.t.roles).set({ visibility: 'everything' as 'all' })
    const answer = await admin.get('/api/v1/roles')
    await store.db.update(store.t.roles).set({ visibility: 'all' })
    expect(role.status).toBe(201)
    expect(problemIn(answer)).toMatchObject({ status: 500, code: 'bug' })
    expect(answer.text).not.toMatch(/everything|visibility|zod/i)
    expect(api.logged.some((line) => line.includes(problemIn(answer).requestId))).toBe(true)
  })
})

describe('writes', () => {
  it('take only what their schema names', async () => {
    const planted = {
      id: 'planted-id',
      passwordHash: 'planted',
      totpSecret: 'planted',
      disabledAt: 1,
      createdAt: 1,
      builtin: true,
      agentId: 'planted',
      roleId: 'admin',
    }
    const me = await agent.ask<{ agent: { id: string; roleId: string; name: string } }>('PATCH', '/api/v1/me', {
      body: { ...planted, name: 'Bea Two' },
    })
    expect(me.json.agent).toMatchObject({ id: agent.agentId, roleId: 'agent', name: 'Bea Two' })
    const made = await admin.post<{ id: string; builtin: boolean }>('/api/v1/roles', {
      ...planted,
      name: 'Planted',
      permissions: [],
      visibility: 'own',
    })
    expect(made.json).toMatchObject({ builtin: false, permissions: ['self'] })
    expect(made.json.id).not.toBe(planted.id)
    const { store } = api.hub.ctx
    expect(JSON.stringify(await store.db.select().from(store.t.agents))).not.toContain('planted')
  })

  it('take values of their type alone', async () => {
    for (const name of [['Q'], { $ne: '' }, 1, true, null]) expect((await admin.post('/api/v1/skills', { name })).status).toBe(400)
    for (const priority of ['5', '1e0', [5], { $gt: 1 }])
      expect((await admin.post('/api/v1/queues', queueBody('Typed', { settings: { priority } }))).status).toBe(400)
  })

  it('leave the prototype of objects alone', async () => {
    const rawBody =
      '{"name":"Proto","settings":{"__proto__":{"priority":9,"polluted":true},"constructor":{"prototype":{"polluted":true}}},"__proto__":{"polluted":true}}'
    const made = await admin.ask<Queue>('POST', '/api/v1/queues', { rawBody, headers: { 'content-type': 'application/json' } })
    expect(made.status).toBe(201)
    expect(made.json.settings.priority).toBe(5)
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    await admin.get('/api/v1/agents?__proto__[polluted]=1&constructor[prototype][polluted]=1')
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })

  it('store no characters that a database refuses', async () => {
    const made = await admin.post<Queue>('/api/v1/queues', queueBody('Nul\u0000 and \ud800 lone'))
    expect(made.json.name).toBe('Nul and  lone')
  })
})

describe('forged writes', () => {
  const patch = (headers: Record<string, string>, who = agent) => who.ask('PATCH', '/api/v1/me', { body: { name: 'Bea' }, headers })

  it('are refused without the session’s own token', async () => {
    expect(problemIn(await patch({ 'x-csrf-token': '' })).code).toBe('csrf')
    expect(problemIn(await patch({ 'x-csrf-token': admin.csrfToken })).code).toBe('csrf')
    expect((await patch({})).status).toBe(200)
  })

  it('are refused from another site', async () => {
    for (const origin of ['http://evil.test', 'null', 'http://desk.test.evil.test', 'https://desk.test', 'http://desk.test:81']) {
      expect(problemIn(await patch({ origin })).code, origin).toBe('cross_site')
    }
    for (const site of ['cross-site', 'same-site']) expect(problemIn(await patch({ 'sec-fetch-site': site })).code).toBe('cross_site')
    expect((await patch({ origin: 'http://desk.test', 'sec-fetch-site': 'same-origin' })).status).toBe(200)
    expect((await patch({ origin: new URL(api.hub.url).origin })).status).toBe(200)
    const logIn = await api.stranger.post(
      '/api/v1/session',
      { email: 'a@desk.test', password: 'anything at all' },
      { origin: 'http://evil.test' },
    )
    expect(problemIn(logIn).code).toBe('cross_site')
  })

  it('do not concern programs with a token of their own', async () => {
    const { token } = await createApiToken(api.hub.ctx, agent.agentId, { name: 'script', permissions: ['*'] })
    const headers = { authorization: `Bearer ${token}`, origin: 'http://elsewhere.test' }
    expect((await api.stranger.ask('PATCH', '/api/v1/me', { body: { name: 'Bea' }, headers })).status).toBe(200)
    expect(
      (await api.stranger.ask('PATCH', '/api/v1/me', { body: { name: 'Bea' }, headers: { authorization: `Bearer ${token}x` } })).status,
    ).toBe(401)
    // A cookie beside a dead token does not help.
    expect((await agent.ask('GET', '/api/v1/me', { headers: { authorization: 'Bearer oqt_0123456789abcdef' } })).status).toBe(401)
  })
})

describe('cursors', () => {
  it('walk a list without gaps or repeats while it grows', async () => {
    for (let i = 0; i < 7; i++) await api.person(`Crowd ${i}`)
    const seen: string[] = []
    let cursor: string | null = null
    do {
      const query: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const page = await admin.get<{ items: { id: string }[]; nextCursor: string | null }>(`/api/v1/agents?limit=2${query}`)
      expect(page.status).toBe(200)
      seen.push(...page.json.items.map(({ id }) => id))
      cursor = page.json.nextCursor
    } while (cursor !== null)
    const { store } = api.hub.ctx
    const all = (await store.db.select({ id: store.t.agents.id }).from(store.t.agents)).map(({ id }) => id)
    expect(seen).toEqual(all.toSorted())
  })
})

describe('limits', () => {
  it('hold back who asks too much, and say for how long', async () => {
    const other = await startApi({ ROLE: 'web' })
    const { app } = createHttpApp(other.hub.ctx, {
      tailedSeq: () => null,
      pendingMigrations: async () => 0,
      limits: { perStranger: 3, perLogIn: 5, perAddress: 12 },
    })
    const server = createServer(app)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const statuses = async (client: Client, count: number) => {
      const answers: Answer[] = []
      for (let i = 0; i < count; i++) answers.push(await client.get('/api/v1/session'))
      return answers
    }
    const at = (who: Client) => clientOf({ ...other.hub, url }, who)
    const strangers = await statuses(at(other.stranger), 4)
    expect(strangers.map(({ status }) => status)).toEqual([401, 401, 401, 429])
    expect(Number(strangers[3]?.headers.get('retry-after'))).toBe(60)
    const person = at(await other.person('Still served'))
    expect((await statuses(person, 6)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429])
    const third = at(await other.person('Neighbour'))
    expect((await statuses(third, 3)).map(({ status }) => status)).toEqual([200, 200, 429])
    await other.clock.advance(60_000)
    expect((await statuses(person, 1))[0]?.status).toBe(200)
    server.close()
    await other.stop()
  })
})
