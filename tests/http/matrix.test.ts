import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtinRoles, type Permission } from '../../src/core/access/permissions.ts'
import { apiRoutes } from '../../src/http/api/index.ts'
import type { Route } from '../../src/http/route.ts'
import { newId } from '../../src/lib/ids.ts'
import { acceptPayloads } from '../../src/services/deliveries/accept-delivery.ts'
import type { Message } from '../../src/wire/messages.ts'
import { type Answer, type Api, type Ask, type Client, clientOf, problemIn, sessionFor, startApi } from './harness.ts'

/** Stands in everything that only team A, supervisors and administrators may read. */
const canary = 'CANARY-7f3a'

type Role = 'nobody' | 'bare' | 'agentB' | 'agentA' | 'supervisor' | 'admin'
const roles: readonly Role[] = ['nobody', 'bare', 'agentB', 'agentA', 'supervisor', 'admin']

let api: Api
let people: Record<Exclude<Role, 'nobody'>, string>
/** Existing ids, all of team A's world, by the beginning of the address they stand in. */
let ids: Record<string, string>

beforeAll(async () => {
  api = await startApi()
  const supervisor = await api.person('Sunny', { roleId: 'supervisor' })
  const admin = await api.person('Ada', { roleId: 'admin' })
  const bare = await admin.post<{ id: string }>('/api/v1/roles', { name: 'Bare', permissions: [], visibility: 'all' })
  const queueA = await api.queue('Team A')
  const queueB = await api.queue('Team B')
  const alice = await api.person('Alice', { queueIds: [queueA] })
  const bob = await api.person('Bob', { queueIds: [queueB] })
  const nick = await api.person('Nick', { roleId: bare.json.id })
  people = { bare: nick.agentId, agentB: bob.agentId, agentA: alice.agentId, supervisor: supervisor.agentId, admin: admin.agentId }
  ids = await teamAsWorld(queueA, alice, supervisor, admin)
})
afterAll(() => api.stop())

async function teamAsWorld(queueA: string, alice: Client, supervisor: Client, admin: Client): Promise<Record<string, string>> {
  const inboxId = await api.inbox('Inbox A', queueA)
  const conversationId = await api.receive(inboxId, 'customer one', `${canary} in a message`)
  expect((await supervisor.post(`/api/v1/conversations/${conversationId}/assign`, { agentId: alice.agentId })).status).toBe(200)
  const form = new FormData()
  form.set('file', new Blob([`${canary} in a file`]), `${canary}.txt`)
  const file = await alice.ask<{ id: string }>('POST', '/api/v1/files', { rawBody: form })
  const parts = [
    { type: 'text', text: `${canary} in a note` },
    { type: 'file', fileId: file.json.id },
  ]
  const note = await alice.post<Message>(`/api/v1/conversations/${conversationId}/messages`, { clientId: 'note-0001', kind: 'note', parts })
  expect(note.status).toBe(201)
  const token = await alice.post<{ apiToken: { id: string } }>('/api/v1/tokens', { name: `${canary} token` })
  const skill = await admin.post<{ id: string }>('/api/v1/skills', { name: 'Skill' })
  const week = { mon: [], tue: [], wed: [], thu: [], fri: [], sat: [], sun: [] }
  const calendar = await admin.post<{ id: string }>('/api/v1/calendars', { name: 'Hours', settings: { zone: 'Asia/Taipei', week } })
  const role = await admin.post<{ id: string }>('/api/v1/roles', { name: 'Spare', permissions: [], visibility: 'own' })
  const victim = await api.person('Victim')
  const [conversation] = await api.hub.ctx.store.db.select().from(api.hub.ctx.store.t.conversations)
  return {
    conversations: conversationId,
    messages: note.json.id,
    files: file.json.id,
    offers: await pendingOffer(await api.receive(inboxId, 'customer two', `${canary} in an offer`), queueA, alice.agentId),
    deliveries: await quarantined(inboxId),
    contacts: conversation?.contactId ?? '',
    tokens: token.json.apiToken.id,
    'me/sessions': (await alice.get<{ items: { id: string }[] }>('/api/v1/me/sessions')).json.items[0]?.id ?? '',
    agents: victim.agentId,
    queues: queueA,
    inboxes: inboxId,
    roles: role.json.id,
    skills: skill.json.id,
    calendars: calendar.json.id,
  }
}

async function pendingOffer(conversationId: string, queueId: string, agentId: string): Promise<string> {
  const { store, clock } = api.hub.ctx
  const id = newId()
  const now = clock.now()
  const order = { priority: 5, since: now, personal: false }
  const why = { ring: 0, selection: 'longest_idle', order, candidates: 1, chosen: { agentId, keys: {} }, excluded: [] }
  await store.tx(async (tx) => {
    const offer = {
      id,
      conversationId,
      agentId,
      queueId,
      status: 'pending',
      createdAt: now,
      expiresAt: now + 60_000,
      endedAt: null,
      reason: null,
      why,
    } as const
    await tx.db.insert(tx.t.offers).values(offer)
    await tx.db.update(tx.t.conversations).set({ status: 'offered', offeredTo: agentId })
  })
  return id
}

async function quarantined(inboxId: string): Promise<string> {
  const { ctx } = api.hub
  const [accepted] = await acceptPayloads(ctx, await ctx.inboxes.get(inboxId), [{ externalId: 'broken', raw: `${canary} broken` }])
  expect(accepted?.outcome).toBe('quarantined')
  const rows = await ctx.store.db.select().from(ctx.store.t.deliveries)
  return rows.find((row) => row.status === 'quarantined')?.id ?? ''
}

/** What has to be asked with an address that means nothing alone. */
const queries: Readonly<Record<string, string>> = {
  '/api/v1/search': `?q=${canary}`,
  '/api/v1/metrics': '?from=0&to=1000',
  '/api/v1/metrics/export': '?from=0&to=1000',
  '/api/v1/holidays': '?country=TW&year=2026',
  '/api/v1/messages/:id/picture': '?url=https%3A%2F%2Fpictures.example%2Ftea.png&proof=none',
}

/** What routes of one channel say, to those who may ask, of the chat that stands here. */
const ofOtherChannels: Readonly<Record<string, { readonly status: number; readonly code: string }>> = {
  '/api/v1/conversations/:id/menu': { status: 409, code: 'no_menus' },
  '/api/v1/conversations/:id/mail-head': { status: 400, code: 'no_mail' },
  '/api/v1/messages/:id/mail': { status: 404, code: 'not_found' },
  '/api/v1/messages/:id/source': { status: 404, code: 'not_found' },
  '/api/v1/messages/:id/picture': { status: 404, code: 'not_found' },
}

/** The part of an address that says what its id is of. */
const thingOf = (route: Route) => route.path.match(/^\/api\/v1\/(.+?)\/:id/)?.[1]

async function call(route: Route, role: Role, id?: string): Promise<Answer> {
  const thing = thingOf(route)
  const path = route.path.replace(':id', id ?? ids[thing ?? ''] ?? 'missing') + (queries[route.path] ?? '')
  const body = route.example === undefined ? {} : { body: route.path.endsWith('/read') ? { ordinal: 0 } : route.example }
  const ask: Ask = route.raw?.receive === undefined ? body : { rawBody: formOf('hello') }
  const client = role === 'nobody' ? api.stranger : clientOf(api.hub, await sessionFor(api.hub, people[role]))
  return client.ask(route.method.toUpperCase(), path, ask)
}

function formOf(text: string): FormData {
  const form = new FormData()
  form.set('file', new Blob([text]), 'hello.txt')
  return form
}

function granted(role: Role): ReadonlySet<Permission | '*'> {
  if (role === 'nobody') return new Set()
  if (role === 'bare') return new Set(['self'])
  const builtin = builtinRoles.find(({ id }) => id === (role === 'agentA' || role === 'agentB' ? 'agent' : role))
  return new Set<Permission | '*'>(builtin?.permissions)
}

/** Things of team A that others do not even learn the being of. */
const hidden: ReadonlySet<string> = new Set(['conversations', 'messages', 'files', 'offers', 'tokens', 'me/sessions'])

/** What must come: a status, or `served` for whatever the handler itself says. */
function expected(route: Route, role: Role): 401 | 403 | 404 | 'served' {
  if (route.permission === 'public') return 'served'
  if (role === 'nobody') return 401
  const permissions = granted(role)
  if (!permissions.has('*') && !permissions.has(route.permission)) return 403
  // Everybody sets their own state; the id here is a colleague's.
  if (route.path.endsWith('/state') && !permissions.has('agent.set_state') && !permissions.has('*')) return 403
  const own = thingOf(route)
  if (role === 'agentB' && own !== undefined && hidden.has(own)) return 404
  return 'served'
}

const nameOf = (route: Route) => `${route.method.toUpperCase()} ${route.path}`

describe.each(roles)('as %s', (role) => {
  it.each(apiRoutes.map((route) => [nameOf(route), route] as const))('%s', async (_name, route) => {
    const want = expected(route, role)
    const answer = await call(route, role)
    if (want === 'served') {
      // A public route may itself refuse a password; whoever is let in elsewhere meets the handler's own answer.
      expect(route.permission === 'public' ? [500] : [401, 403, 500], answer.text).not.toContain(answer.status)
      if (answer.status === 404) expect(problemIn(answer).code).not.toBe('no_such_route')
      const other = ofOtherChannels[route.path]
      if (other !== undefined && route.method === 'get') expect(problemIn(answer)).toMatchObject(other)
      else if (route.method === 'get' && reads(role)) expect(answer.status, answer.text).toBe(200)
    } else {
      expect(answer.status, answer.text).toBe(want)
      expect(problemIn(answer).status).toBe(want)
    }
    if (role === 'nobody' || role === 'bare' || role === 'agentB') {
      expect(answer.text).not.toContain(canary)
      expect([...answer.headers.values()].join('\n')).not.toContain(canary)
    }
    if (want === 404) {
      const missing = await call(route, role, newId())
      expect({ ...problemIn(answer), requestId: '' }).toEqual({ ...problemIn(missing), requestId: '' })
    }
  })
})

/** Whoever may read all of team A's world. */
const reads = (role: Role) => role === 'agentA' || role === 'supervisor' || role === 'admin'

describe('the canary', () => {
  it('is really there for those who may read it', async () => {
    const alice = clientOf(api.hub, await sessionFor(api.hub, people.supervisor))
    const messages = await alice.get(`/api/v1/conversations/${ids['conversations']}/messages`)
    expect(messages.text).toContain(`${canary} in a message`)
    expect(messages.text).toContain(`${canary} in a note`)
    expect((await alice.get(`/api/v1/files/${ids['files']}/content`)).text).toBe(`${canary} in a file`)
    expect((await alice.get(`/api/v1/deliveries/${ids['deliveries']}`)).text).toContain(`${canary} broken`)
  })
})
