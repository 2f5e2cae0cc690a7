import { eq } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemViewer } from '../../src/services/access/system-viewer.ts'
import { assignConversation } from '../../src/services/conversations/assign-conversation.ts'
import { expirePresence } from '../../src/services/presence/expire-presence.ts'
import { absenceGraceMs, closingMs, leaseMs } from '../../src/services/presence/lease.ts'
import { setAgentState } from '../../src/services/presence/set-agent-state.ts'
import { inSync, openConsole, type TestConsole, until } from './console.ts'
import { type RealtimeHub, startRealtimeHub, type TestAgent } from './harness.ts'
import { offerTo } from './offers.ts'

let hub: RealtimeHub
let sales: string
let inbox: string
let mei: TestAgent
let hao: TestAgent
let opened: TestConsole[] = []

beforeEach(async () => {
  hub = await startRealtimeHub()
  sales = await hub.addQueue('Sales')
  inbox = await hub.addInbox('Site', sales)
  mei = await hub.addAgent('Mei', { queueIds: [sales] })
  hao = await hub.addAgent('Hao', { queueIds: [sales] })
})
afterEach(async () => {
  for (const console of opened) console.close()
  opened = []
  await hub.stop()
})

async function open(agent: TestAgent): Promise<TestConsole> {
  const console = await openConsole(hub, agent)
  opened.push(console)
  await inSync(hub, console)
  return console
}

const heartbeats = (console: TestConsole) => console.signals.filter((s) => s.name === 'heartbeat')
const named = (console: TestConsole, name: string) => console.signals.filter((s) => s.name === name).map((s) => s.body)

describe('the heartbeat', () => {
  test('comes every ten seconds and tells the newest number, also of what one may not see', async () => {
    const console = await open(mei)
    const before = heartbeats(console).length
    const elsewhere = await hub.addInbox('Other', await hub.addQueue('Other'))
    await hub.receive(elsewhere, 'ann', 'not for Mei')
    await hub.tail.advance()
    await hub.clock.advance(30_000)
    await until('three came', () => heartbeats(console).length === before + 3)
    expect(heartbeats(console).at(-1)?.body.seq).toBe(await hub.newestSeq())
    expect(heartbeats(console).at(-1)?.body.at).toBe(hub.clock.now())
  })

  test('does not claim queue numbers that are still to be told', async () => {
    const console = await open(mei)
    await hub.receive(inbox, 'ann', 'one')
    await hub.tail.advance()
    const before = await hub.newestSeq()
    // The first change went out at once; this one waits for its quarter of a second.
    await hub.receive(inbox, 'bob', 'two')
    await hub.tail.advance()
    const second = await openConsole(hub, mei, { since: before })
    opened.push(second)
    await until('it is told how far it knows', () => second.inSyncTo > 0)
    expect(second.inSyncTo).toBeLessThan(await hub.newestSeq())
    await hub.clock.advance(250)
    await inSync(hub, console, second)
    for (const each of [console, second]) {
      const told = each.events.filter((e) => e.name === 'queue.stats').at(-1)
      expect(told).toMatchObject({ body: { stats: { queueId: sales, waiting: 2 } } })
    }
  })
})

describe('queue numbers', () => {
  test('come at most four times a second, the last one true', async () => {
    const console = await open(mei)
    for (let i = 0; i < 20; i++) {
      await hub.receive(inbox, `customer ${i}`, 'hello')
      await hub.tail.advance()
      await hub.clock.advance(50)
    }
    await inSync(hub, console)
    const told = console.events.flatMap((e) => (e.name === 'queue.stats' ? [e.body.stats] : []))
    expect(told.length).toBeGreaterThanOrEqual(2)
    expect(told.length).toBeLessThanOrEqual(6)
    expect(told.at(-1)).toMatchObject({ waiting: 20, waitingByChannel: { webchat: 20 }, active: 0 })
  })
})

describe('two tabs of one agent', () => {
  test('see the same offer, and one of them gets it', async () => {
    const [one, two] = [await open(mei), await open(mei)]
    await one.ask('presence.renew', {})
    await one.ask('state.set', { state: 'available' })
    const conversation = await hub.receive(inbox, 'ann', 'hello')
    const offerId = await offerTo(hub.ctx, mei.id, conversation)
    const colleague = await open(hao)
    await inSync(hub, one, two, colleague)
    for (const tab of [one, two]) expect(tab.state.offers[offerId]?.value?.status).toBe('pending')
    const replies = await Promise.all([one.call('offer.accept', { offerId }), two.call('offer.accept', { offerId })])
    expect(replies.filter((reply) => reply.ok)).toHaveLength(1)
    expect(replies.find((reply) => !reply.ok)).toMatchObject({ error: { kind: 'conflict', code: 'offer_ended' } })
    await inSync(hub, one, two, colleague)
    for (const tab of [one, two]) {
      expect(tab.state.offers[offerId]?.value?.status).toBe('accepted')
      expect(tab.state.conversations[conversation]?.value).toMatchObject({ status: 'active', assigneeId: mei.id })
    }
    expect(colleague.names()).not.toContain('offer.changed')
  })

  test('one send with one client id on both is one message', async () => {
    const conversation = await hub.receive(inbox, 'ann', 'hello')
    await assignConversation(hub.ctx, systemViewer, conversation, { agentId: mei.id })
    const [one, two] = [await open(mei), await open(mei)]
    const input = { conversationId: conversation, clientId: 'client-0001', parts: [{ type: 'text' as const, text: 'good day' }] }
    const [a, b] = await Promise.all([one.ask('message.send', input), two.ask('message.send', input)])
    expect(a.message.id).toBe(b.message.id)
  })
})

describe('what passes without being kept', () => {
  test('typing reaches the others in the thread, at most every two seconds', async () => {
    const conversation = await hub.receive(inbox, 'ann', 'hello')
    const [one, two, three] = [await open(mei), await open(hao), await open(hao)]
    for (const console of [one, two]) await console.ask('thread.open', { conversationId: conversation })
    for (let i = 0; i < 5; i++) await one.ask('typing', { conversationId: conversation })
    await until('it is told', () => named(two, 'typing').length > 0)
    expect(named(two, 'typing')).toEqual([
      { conversationId: conversation, who: 'agent', id: mei.id, name: 'Mei', until: hub.clock.now() + 6_000, mode: 'reply' },
    ])
    await hub.clock.advance(2_000)
    await one.ask('typing', { conversationId: conversation })
    await until('it is told again', () => named(two, 'typing').length === 2)
    expect([...named(one, 'typing'), ...named(three, 'typing')]).toEqual([])
  })

  test('who looks on is told to all in the thread, and that they left', async () => {
    const conversation = await hub.receive(inbox, 'ann', 'hello')
    const [one, two] = [await open(mei), await open(hao)]
    const agentsSeen = (console: TestConsole) =>
      (named(console, 'viewers').at(-1)?.agents as { name: string }[] | undefined)?.map((a) => a.name).sort()
    await one.ask('thread.open', { conversationId: conversation })
    await two.ask('thread.open', { conversationId: conversation })
    await until('both are seen', () => agentsSeen(one)?.length === 2 && agentsSeen(two)?.length === 2)
    expect(agentsSeen(one)).toEqual(['Hao', 'Mei'])
    two.close()
    await until('one has left', () => agentsSeen(one)?.length === 1)
    expect(agentsSeen(one)).toEqual(['Mei'])
  })

  test('viewers on another node run out by the server’s clock', async () => {
    const conversation = await hub.receive(inbox, 'ann', 'hello')
    const one = await open(mei)
    await one.ask('thread.open', { conversationId: conversation })
    await hub.ctx.broadcast.publish('viewers', { node: 'elsewhere', conversationId: conversation, agents: [{ id: 'x', name: 'Xu' }] })
    const count = () => (named(one, 'viewers').at(-1)?.agents as unknown[] | undefined)?.length ?? 0
    await until('both are seen', () => count() === 2)
    await hub.clock.advance(60_000)
    await until('the other ran out', () => count() === 1)
  })
})

describe('presence', () => {
  const stateOf = async (agentId: string) => {
    const { agentStates: s } = hub.ctx.store.t
    const [row] = await hub.ctx.store.db.select().from(s).where(eq(s.agentId, agentId))
    if (row === undefined) throw new Error('no state')
    return row
  }
  const renew = (console: TestConsole) => console.ask('presence.renew', {})

  test('a lease is renewed by a call, written only when nearly half is over', async () => {
    const console = await open(mei)
    const watcher = await open(hao)
    const first = await renew(console)
    expect(first.leaseUntil).toBe(hub.clock.now() + leaseMs)
    await hub.clock.advance(15_000)
    expect(await renew(console)).toEqual(first)
    await hub.clock.advance(15_000)
    expect((await renew(console)).leaseUntil).toBe(hub.clock.now() + leaseMs)
    await inSync(hub, watcher)
    const told = watcher.events.flatMap((e) => (e.name === 'agent.changed' ? [e.body.agent.connected] : []))
    expect(told).toEqual([true])
  })

  test('a reload keeps offers; a closed last console loses them within fifteen seconds', async () => {
    const console = await open(mei)
    await renew(console)
    await console.ask('state.set', { state: 'available' })
    const conversation = await hub.receive(inbox, 'ann', 'hello')
    const offerId = await offerTo(hub.ctx, mei.id, conversation)
    console.close()
    await until('the lease is shortened', async () => (await stateOf(mei.id)).leaseUntil === hub.clock.now() + closingMs)
    await hub.clock.advance(5_000)
    const back = await open(mei)
    await renew(back)
    await hub.clock.advance(closingMs)
    expect(await expirePresence(hub.ctx)).toEqual({ lapsed: 0, returned: 0 })
    back.close()
    await until('the lease is shortened', async () => ((await stateOf(mei.id)).leaseUntil ?? 0) <= hub.clock.now() + closingMs)
    await hub.clock.advance(closingMs)
    expect(await expirePresence(hub.ctx)).toEqual({ lapsed: 1, returned: 0 })
    const { offers } = hub.ctx.store.t
    const [offer] = await hub.ctx.store.db.select().from(offers).where(eq(offers.id, offerId))
    expect(offer).toMatchObject({ status: 'withdrawn', reason: 'agent_absent' })
    expect(await stateOf(mei.id)).toMatchObject({ leaseUntil: null, absentSince: hub.clock.now() })
  })

  test('a second console keeps the lease, on this node and on another', async () => {
    const [one, two] = [await open(mei), await open(mei)]
    await renew(one)
    await renew(two)
    const { leaseUntil } = await stateOf(mei.id)
    one.close()
    await until('the server has noticed', () => hub.gateway.figures().sockets === 1)
    expect((await stateOf(mei.id)).leaseUntil).toBe(leaseUntil)
    // What another node does when its last console of the agent goes.
    const { agentStates: s } = hub.ctx.store.t
    await hub.ctx.store.tx((tx) =>
      tx.db
        .update(s)
        .set({ leaseUntil: hub.clock.now() + closingMs })
        .where(eq(s.agentId, mei.id)),
    )
    await hub.ctx.broadcast.publish('presence', { node: 'elsewhere', agentId: mei.id })
    await until('the lease is made good', async () => (await stateOf(mei.id)).leaseUntil === hub.clock.now() + leaseMs)
  })

  test('an absent agent’s unanswered customers return to the head of the queue after the grace, the answered stay', async () => {
    const console = await open(mei)
    await renew(console)
    const [unanswered, answered] = [await hub.receive(inbox, 'ann', 'hello'), await hub.receive(inbox, 'bob', 'hello')]
    for (const id of [unanswered, answered]) await assignConversation(hub.ctx, systemViewer, id, { agentId: mei.id })
    await console.ask('message.send', { conversationId: answered, clientId: 'client-0001', parts: [{ type: 'text', text: 'good day' }] })
    const { conversations: c } = hub.ctx.store.t
    const row = async (id: string) => (await hub.ctx.store.db.select().from(c).where(eq(c.id, id)))[0]
    const age = (await row(unanswered))?.waitingSince
    await hub.clock.advance(leaseMs)
    expect(await expirePresence(hub.ctx)).toEqual({ lapsed: 1, returned: 0 })
    await hub.clock.advance(absenceGraceMs - 1)
    expect(await expirePresence(hub.ctx)).toEqual({ lapsed: 0, returned: 0 })
    await hub.clock.advance(1)
    expect(await expirePresence(hub.ctx)).toEqual({ lapsed: 0, returned: 1 })
    expect(await row(unanswered)).toMatchObject({ status: 'queued', assigneeId: null, waitingSince: age })
    expect(await row(answered)).toMatchObject({ status: 'active', assigneeId: mei.id })
    // A customer who answers later meets the same rule.
    await hub.receive(inbox, 'bob', 'thanks, and…')
    expect(await expirePresence(hub.ctx)).toEqual({ lapsed: 0, returned: 1 })
    expect(await expirePresence(hub.ctx)).toEqual({ lapsed: 0, returned: 0 })
  })

  test('whoever comes back in time keeps their customers', async () => {
    const console = await open(mei)
    await renew(console)
    const id = await hub.receive(inbox, 'ann', 'hello')
    await assignConversation(hub.ctx, systemViewer, id, { agentId: mei.id })
    await hub.clock.advance(leaseMs)
    await expirePresence(hub.ctx)
    await renew(console)
    await hub.clock.advance(1_000)
    expect(await stateOf(mei.id)).toMatchObject({ absentSince: null })
    expect(await expirePresence(hub.ctx)).toEqual({ lapsed: 0, returned: 0 })
  })

  test('available forgets missed offers and is idle from now on; the same again changes nothing', async () => {
    const { agentStates: s } = hub.ctx.store.t
    await hub.ctx.store.tx((tx) => tx.db.update(s).set({ state: 'not_responding', missedOffers: 3 }).where(eq(s.agentId, mei.id)))
    await hub.clock.advance(1_000)
    const viewer = await mei.viewer()
    await setAgentState(hub.ctx, viewer, mei.id, { state: 'available' })
    expect(await stateOf(mei.id)).toMatchObject({ state: 'available', missedOffers: 0, idleSince: hub.clock.now(), since: hub.clock.now() })
    const seq = await hub.newestSeq()
    await setAgentState(hub.ctx, viewer, mei.id, { state: 'available' })
    expect(await hub.newestSeq()).toBe(seq)
    await setAgentState(hub.ctx, viewer, mei.id, { state: 'busy', reason: 'training' })
    await setAgentState(hub.ctx, viewer, mei.id, { state: 'busy', reason: 'meeting' })
    expect(await stateOf(mei.id)).toMatchObject({ state: 'busy', reason: 'meeting' })
  })

  test('another’s state takes the right to set it', async () => {
    await expect(setAgentState(hub.ctx, await mei.viewer(), hao.id, { state: 'away' })).rejects.toMatchObject({ kind: 'forbidden' })
    const lin = await hub.addAgent('Lin', { roleId: 'supervisor' })
    await setAgentState(hub.ctx, await lin.viewer(), hao.id, { state: 'away' })
    expect(await stateOf(hao.id)).toMatchObject({ state: 'away' })
    await expect(setAgentState(hub.ctx, await lin.viewer(), 'nobody', { state: 'away' })).rejects.toMatchObject({ kind: 'not_found' })
  })
})
