import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { apiRoutes } from '../../src/http/api/index.ts'
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

describe('the API document', () => {
  interface Document {
    openapi: string
    paths: Record<
      string,
      Record<
        string,
        {
          operationId: string
          'x-permission': string
          parameters?: { in: string; name: string }[]
          responses: Record<string, unknown>
          security: unknown[]
        }
      >
    >
    components: { schemas: Record<string, unknown> }
  }

  it('describes each route with its inputs, its answers and its permission', async () => {
    const { json: document } = await api.stranger.get<Document>('/api/openapi.json')
    expect(document.openapi).toBe('3.1.0')
    const described = Object.entries(document.paths).flatMap(([path, item]) => Object.keys(item).map((method) => `${method} ${path}`))
    const served = apiRoutes.map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`)
    expect(described.toSorted()).toEqual(served.toSorted())
    const ids = Object.values(document.paths).flatMap((item) => Object.values(item).map(({ operationId }) => operationId))
    expect(new Set(ids).size).toBe(ids.length)
    for (const route of apiRoutes) {
      const operation = document.paths[route.path.replaceAll(/:(\w+)/g, '{$1}')]?.[route.method]
      expect(operation?.['x-permission']).toBe(route.permission)
      expect(operation?.security.length).toBe(route.permission === 'public' ? 0 : 2)
      const inPath = operation?.parameters?.filter((parameter) => parameter.in === 'path').map(({ name }) => name) ?? []
      expect(inPath.toSorted()).toEqual([...route.path.matchAll(/:(\w+)/g)].map(([, name]) => name ?? '').toSorted())
      expect(Object.keys(operation?.responses ?? {}).some((status) => status.startsWith('2'))).toBe(true)
    }
  })

  it('refers only to what it defines', async () => {
    const { json: document, text } = await api.stranger.get<Document>('/api/openapi.json')
    const refs = [...text.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name ?? '')
    expect(refs.length).toBeGreaterThan(20)
    for (const name of refs) expect(Object.keys(document.components.schemas)).toContain(name)
  })

  it('has an example of each body, which its own schema takes', () => {
    const withBody = apiRoutes.filter((route) => route.body !== undefined)
    expect(withBody.length).toBeGreaterThan(20)
    for (const { method, path, body, example } of withBody) expect(body?.safeParse(example).error, `${method} ${path}`).toBeUndefined()
  })

  it('has pages that load nothing from elsewhere', async () => {
    const page = await api.stranger.get('/api/docs')
    const addresses = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, address]) => address ?? '')
    expect(addresses.length).toBeGreaterThan(3)
    for (const address of addresses) {
      expect(address).toMatch(/^\/api\/docs\//)
      expect((await api.stranger.get(address)).status).toBe(200)
    }
    expect(page.text).not.toMatch(/<script>|<style>| on\w+=/)
    expect((await api.stranger.get('/api/docs/package.json')).status).toBe(404)
    expect((await api.stranger.get('/api/docs/..%2f..%2fpackage.json')).status).toBe(404)
  })
})

describe('health', () => {
  it('is alive and ready, with reasons', async () => {
    expect((await api.stranger.get('/healthz')).json).toEqual({ status: 'ok' })
    const ready = await api.stranger.get<{ status: string; checks: Record<string, { ok: boolean }> }>('/readyz')
    expect(ready.status).toBe(200)
    expect(Object.keys(ready.json.checks).toSorted()).toEqual(['database', 'eventLog', 'migrations', 'queue'])
    expect(Object.values(ready.json.checks).every(({ ok }) => ok)).toBe(true)
  })

  it('says that it is not ready once its database is gone', async () => {
    const dying = await startApi({ ROLE: 'web' })
    await dying.hub.ctx.store.close()
    const ready = await dying.stranger.get<{ status: string; checks: Record<string, { ok: boolean; detail?: string }> }>('/readyz')
    expect(ready.status).toBe(503)
    expect(ready.json.status).toBe('not_ready')
    expect(ready.json.checks['database']).toMatchObject({ ok: false, detail: expect.stringMatching(/\w/) })
    expect((await dying.stranger.get('/healthz')).status).toBe(200)
    await dying.stop()
  })

  it('counts requests by the template of their route', async () => {
    await admin.get('/api/v1/queues/some-id-nobody-has')
    const { text } = await api.stranger.get('/metrics')
    expect(text).toContain('onequeue_http_request_seconds_count{method="GET",route="/api/v1/queues/:id",status="4xx"}')
    expect(text).not.toContain('some-id-nobody-has')
    expect(text).toMatch(/onequeue_event_lag 0/)
    expect(text).toMatch(/process_resident_memory_bytes/)
  })
})

describe('every answer', () => {
  it('carries the headers that keep browsers in check', async () => {
    for (const path of ['/', '/api/v1/session', '/healthz', '/api/docs']) {
      const { headers } = await api.stranger.get(path)
      const policy = headers.get('content-security-policy') ?? ''
      expect(policy).toContain("default-src 'none'")
      expect(policy).toMatch(/script-src 'self';/)
      expect(policy).not.toMatch(/script-src[^;]*unsafe/)
      expect(headers.get('x-content-type-options')).toBe('nosniff')
      expect(headers.get('x-powered-by')).toBeNull()
      expect(headers.get('referrer-policy')).toBe('no-referrer')
    }
  })

  it('asks for https alone where the hub is reached by it', async () => {
    const secure = await startApi({ PUBLIC_URL: 'https://desk.test' })
    await secure.person('Sec', { withPassword: true })
    const answer = await secure.stranger.post('/api/v1/session', { email: 'sec@desk.test', password: 'pass phrase of Sec' })
    expect(answer.headers.get('strict-transport-security')).toMatch(/max-age=31536000/)
    expect(answer.headers.getSetCookie()[0]).toMatch(/; Secure/)
    await secure.stop()
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
