import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { agentCallTable } from '../../src/realtime/calls.ts'
import { endSession } from '../../src/services/access/end-sessions.ts'
import { systemViewer } from '../../src/services/access/system-viewer.ts'
import { disableAgent } from '../../src/services/agents/disable-agent.ts'
import { updateAgent } from '../../src/services/agents/update-agent.ts'
import { assignConversation } from '../../src/services/conversations/assign-conversation.ts'
import { sendMessage } from '../../src/services/conversations/send-message.ts'
import { updateInbox } from '../../src/services/inboxes/write-inbox.ts'
import { updateQueue } from '../../src/services/queues/write-queue.ts'
import { createRole, updateRole } from '../../src/services/roles/write-role.ts'
import { createApiToken } from '../../src/services/tokens/create-api-token.ts'
import { revokeApiToken } from '../../src/services/tokens/revoke-api-token.ts'
import { agentCalls } from '../../src/wire/calls.ts'
import { queueSettingsSchema } from '../../src/wire/queues.ts'
import { type ConsoleOptions, inSync, openConsole, type TestConsole, until } from './console.ts'
import { type RealtimeHub, startRealtimeHub, type TestAgent } from './harness.ts'

let hub: RealtimeHub
let sales: string
let support: string
let inbox: string
let mei: TestAgent
let wei: TestAgent
let opened: TestConsole[] = []

beforeEach(async () => {
  hub = await startRealtimeHub()
  sales = await hub.addQueue('Sales')
  support = await hub.addQueue('Support')
  inbox = await hub.addInbox('Site', sales)
  mei = await hub.addAgent('Mei', { queueIds: [sales] })
  wei = await hub.addAgent('Wei', { queueIds: [support] })
  await hub.addAgent('Root', { roleId: 'admin' })
})
afterEach(async () => {
  for (const console of opened) console.close()
  opened = []
  await hub.stop()
})

async function open(agent: TestAgent | null, options?: ConsoleOptions): Promise<TestConsole> {
  const console = await openConsole(hub, agent, options)
  opened.push(console)
  return console
}

/** Everything a console was ever told, as one text to search for canaries. */
const heard = ({ events, signals }: TestConsole) => JSON.stringify([events, signals])
const refusal = (attempt: Promise<unknown>) =>
  attempt.then(
    () => null,
    (error: { refusal?: { kind: string; code: string } }) => error.refusal ?? error,
  )
const settings = queueSettingsSchema.parse({})

describe('the handshake', () => {
  test('lets in a session’s cookie from our own page', async () => {
    const console = await open(mei)
    await inSync(hub, console)
    expect(console.signals.map((s) => s.name)).toContain('heartbeat')
  })

  test.each([
    ['nobody', () => ({ origin: 'http://desk.test' })],
    ['a wrong cookie', () => ({ origin: 'http://desk.test', cookie: 'onequeue_session=oqs_wrong' })],
    ['a wrong token', () => ({ authorization: 'Bearer oqt_0123456789012345678901234567' })],
  ])('refuses %s', async (_who, headers) => {
    expect(await refusal(open(null, { headers: headers() }))).toMatchObject({ kind: 'unauthenticated' })
  })

  test.each([
    ['another site', (cookie: string) => ({ origin: 'http://evil.test', cookie })],
    ['a look-alike of ours', (cookie: string) => ({ origin: 'http://desk.test.evil.test', cookie })],
    ['our host under another scheme', (cookie: string) => ({ origin: 'https://desk.test', cookie })],
    ['no origin at all', (cookie: string) => ({ cookie })],
    ['a sandboxed frame', (cookie: string) => ({ origin: 'null', cookie })],
  ])('refuses a good cookie that comes from %s', async (_where, headers) => {
    expect(await refusal(open(null, { headers: headers(mei.cookie) }))).toMatchObject({ kind: 'forbidden', code: 'foreign_origin' })
  })

  test('lets in an API token without an origin, with no more than its permissions', async () => {
    const { token } = await createApiToken(hub.ctx, mei.id, { name: 'reader', permissions: ['agent.read'] })
    const program = await open(null, { headers: { authorization: `Bearer ${token}` } })
    await hub.receive(inbox, 'ann', 'CANARY')
    await updateAgent(hub.ctx, systemViewer, wei.id, { name: 'Wei Huang' })
    await inSync(hub, program)
    expect(program.names()).toEqual(['agent.changed'])
    expect(await program.call('presence.renew', {})).toMatchObject({ ok: false, error: { kind: 'forbidden' } })
  })

  test('refuses an `auth` that does not fit, and an agent’s twenty-first window', async () => {
    expect(await refusal(open(mei, { since: -1 }))).toMatchObject({ kind: 'invalid_input', code: 'invalid_input' })
    for (let i = 0; i < 20; i++) await open(mei)
    expect(await refusal(open(mei))).toMatchObject({ kind: 'rate_limited', code: 'too_many_sockets' })
    await open(wei)
  })
})

describe('what is told', () => {
  test('nothing of a conversation to another team, whatever happens to it', async () => {
    const console = await open(wei)
    const id = await hub.receive(inbox, 'ann', 'CANARY text')
    await assignConversation(hub.ctx, systemViewer, id, { agentId: mei.id, note: 'CANARY note' })
    await sendMessage(hub.ctx, await mei.viewer(), id, {
      clientId: 'client-0001',
      kind: 'reply',
      parts: [{ type: 'text', text: 'CANARY reply' }],
      force: true,
    })
    await inSync(hub, console)
    expect(heard(console)).not.toContain('CANARY')
    expect(heard(console)).not.toContain(id)
    expect(new Set(console.names())).toEqual(new Set(['agent.changed']))
  })

  test('messages only to who has the conversation or has opened it', async () => {
    const colleague = await hub.addAgent('Hao', { queueIds: [sales] })
    const id = await hub.receive(inbox, 'ann', 'hello')
    await assignConversation(hub.ctx, systemViewer, id, { agentId: mei.id })
    const [owner, looker, other] = [await open(mei), await open(colleague), await open(colleague)]
    await looker.ask('thread.open', { conversationId: id })
    await hub.receive(inbox, 'ann', 'CANARY')
    await inSync(hub, owner, looker, other)
    const messages = (console: TestConsole) => console.names().filter((name) => name === 'message.changed').length
    expect([messages(owner), messages(looker), messages(other)]).toEqual([1, 1, 0])
    await looker.ask('thread.close', { conversationId: id })
    await hub.receive(inbox, 'ann', 'again')
    await inSync(hub, looker)
    expect(messages(looker)).toBe(1)
  })

  test('that a conversation is gone to who could see it, and nothing more of it', async () => {
    const console = await open(mei)
    const id = await hub.receive(inbox, 'ann', 'hello')
    await inSync(hub, console)
    await console.ask('thread.open', { conversationId: id })
    await assignConversation(hub.ctx, systemViewer, id, { queueId: support })
    await hub.receive(inbox, 'ann', 'CANARY')
    await inSync(hub, console)
    expect(console.names().filter((name) => name === 'conversation.gone')).toHaveLength(1)
    expect(heard(console)).not.toContain('CANARY')
    expect(await console.call('thread.open', { conversationId: id })).toMatchObject({ ok: false, error: { kind: 'not_found' } })
    expect(await console.call('typing', { conversationId: id })).toMatchObject({ ok: true })
  })

  test('queue numbers only of queues one may see', async () => {
    const [seller, helper] = [await open(mei), await open(wei)]
    await hub.receive(inbox, 'ann', 'hello')
    await inSync(hub, seller, helper)
    expect(seller.names()).toContain('queue.stats')
    expect(helper.names()).not.toContain('queue.stats')
  })

  test('a restricted inbox’s conversations only to its members', async () => {
    const vip = await hub.addInbox('VIP', sales, { restricted: true, memberIds: [wei.id] })
    const console = await open(mei)
    const id = await hub.receive(vip, 'ann', 'CANARY')
    await inSync(hub, console)
    expect(heard(console)).not.toContain('CANARY')
    expect(await console.call('thread.open', { conversationId: id })).toMatchObject({ ok: false, error: { kind: 'not_found' } })
  })
})

describe('changed rights reach open sockets before anything else does', () => {
  const cut = (console: TestConsole) => until('the socket is cut', () => !console.socket.connected)

  test('log-out cuts that log-in’s sockets and no other', async () => {
    const [one, other] = [await open(mei), await open(wei)]
    await hub.ctx.store.tx((tx) => endSession(tx, hub.clock.now(), { type: 'agent', id: mei.id }, mei.sessionId, 'logged_out'))
    await hub.tail.advance()
    await cut(one)
    expect(one.signals.at(-1)).toEqual({ name: 'session.ended', body: { reason: 'logged_out' } })
    expect(other.socket.connected).toBe(true)
  })

  test('a disabled agent hears nothing of what follows', async () => {
    const console = await open(mei)
    await disableAgent(hub.ctx, systemViewer, mei.id)
    await hub.receive(inbox, 'ann', 'CANARY')
    await cut(console)
    expect(heard(console)).not.toContain('CANARY')
    expect(await refusal(open(mei))).toMatchObject({ kind: 'unauthenticated' })
  })

  test('a revoked API token is cut', async () => {
    const { token, apiToken } = await createApiToken(hub.ctx, mei.id, { name: 'reader', permissions: ['*'] })
    const program = await open(null, { headers: { authorization: `Bearer ${token}` } })
    await revokeApiToken(hub.ctx, await mei.viewer(), apiToken.id)
    await hub.tail.advance()
    await cut(program)
  })

  test('an expired session and an expired token are cut by the clock alone', async () => {
    const { token } = await createApiToken(hub.ctx, mei.id, { name: 'reader', permissions: ['*'], expiresInDays: 1 })
    const program = await open(null, { headers: { authorization: `Bearer ${token}` } })
    const console = await open(wei)
    // The hour comes without a timer in between, as when a machine wakes up.
    hub.clock.jump(86_400_001)
    await hub.clock.advance(4_000)
    await cut(program)
    await hub.clock.advance(32_000)
    await cut(console)
  })

  test.each([
    ['out of the team', () => updateAgent(hub.ctx, systemViewer, mei.id, { queueIds: [] })],
    ['by the queue’s list', () => updateQueue(hub.ctx, systemViewer, sales, { name: 'Sales', enabled: true, settings, memberIds: [] })],
    ['by a restricted inbox', () => updateInbox(hub.ctx, systemViewer, inbox, { restricted: true, memberIds: [] })],
  ])('taken %s, an agent hears nothing more of its conversations', async (_how, act) => {
    const console = await open(mei)
    const id = await hub.receive(inbox, 'ann', 'before')
    await inSync(hub, console)
    await console.ask('thread.open', { conversationId: id })
    await act()
    await hub.receive(inbox, 'ann', 'CANARY')
    await inSync(hub, console)
    expect(heard(console)).not.toContain('CANARY')
    expect(console.signals.filter((s) => s.name === 'resync').map((s) => s.body.reason)).toEqual(['rights_changed'])
  })

  test('a role that loses a right silences its people, one that gains it tells them', async () => {
    const role = await createRole(hub.ctx, systemViewer, { name: 'Reader', visibility: 'all', permissions: ['conversation.read'] })
    const reader = await hub.addAgent('Rea', { roleId: role.id })
    const console = await open(reader)
    await updateRole(hub.ctx, systemViewer, role.id, { name: 'Reader', visibility: 'own', permissions: ['conversation.read'] })
    await hub.receive(inbox, 'ann', 'CANARY')
    await inSync(hub, console)
    expect(heard(console)).not.toContain('CANARY')
    await updateRole(hub.ctx, systemViewer, role.id, { name: 'Reader', visibility: 'all', permissions: ['conversation.read'] })
    await hub.receive(inbox, 'ann', 'welcome back')
    await inSync(hub, console)
    expect(heard(console)).toContain('welcome back')
  })
})

describe('calls', () => {
  test('every call of the wire has a permission, and there is no other', () => {
    expect(Object.keys(agentCallTable).sort()).toEqual(Object.keys(agentCalls).sort())
  })

  test('an unknown call, a wrong input and a foreign thing are refused with the reason', async () => {
    const console = await open(mei)
    const call = (name: string, input: unknown) => console.socket.timeout(5_000).emitWithAck(name, input)
    expect(await call('conversation.steal', {})).toMatchObject({ ok: false, error: { kind: 'not_found', code: 'unknown_call' } })
    expect(await call('constructor', {})).toMatchObject({ ok: false, error: { code: 'unknown_call' } })
    expect(await call('message.send', { conversationId: 'x', parts: [] })).toMatchObject({
      ok: false,
      error: { kind: 'invalid_input', fields: expect.arrayContaining([expect.objectContaining({ path: 'clientId' })]) },
    })
    expect(await call('offer.accept', { offerId: 'nothing' })).toMatchObject({ ok: false, error: { kind: 'not_found' } })
    expect(await call('state.set', { state: 'wrap_up' })).toMatchObject({ ok: false, error: { kind: 'invalid_input' } })
  })

  test('a flood is refused and does not touch the neighbours', async () => {
    const [flooder, other] = [await open(mei), await open(wei)]
    const replies = await Promise.all(Array.from({ length: 400 }, () => flooder.call('presence.renew', {})))
    const refused = replies.filter((reply) => !reply.ok)
    expect(refused.length).toBeGreaterThan(50)
    expect(refused[0]).toMatchObject({ error: { kind: 'rate_limited', details: { retryAfterMs: expect.any(Number) } } })
    expect(await other.call('presence.renew', {})).toMatchObject({ ok: true })
  })
})
