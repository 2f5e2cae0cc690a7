import { expect } from 'vitest'
import { getConversation } from '../../src/services/conversations/get-conversation.ts'
import { listMessages } from '../../src/services/conversations/list-messages.ts'
import { getSnapshot } from '../../src/services/snapshot/get-snapshot.ts'
import type { Snapshot } from '../../src/wire/snapshot.ts'
import { type AgentViewState, applySnapshot, emptyState, ownConversations, pendingOffers, valuesOf } from '../../src/wire/state.ts'
import { threadOf } from '../../src/wire/thread.ts'
import { inSync, openConsole, type TestConsole } from '../realtime/console.ts'
import type { RealtimeHub, TestAgent } from '../realtime/harness.ts'

/** What a fresh load shows, in an order of its own, without the instants at which it was read. */
function shown(snapshot: Snapshot) {
  return {
    me: { ...snapshot.me, permissions: [...snapshot.me.permissions].sort() },
    agents: byId(snapshot.agents),
    queues: byId(snapshot.queues),
    inboxes: byId(snapshot.inboxes),
    roles: byId(snapshot.roles),
    skills: byId(snapshot.skills),
    stats: statsOf(snapshot.stats),
    offers: byId(snapshot.offers),
    conversations: byId(snapshot.conversations),
  }
}

/** The same of what a console has made of events. */
function known(state: AgentViewState, agentId: string) {
  return {
    me: state.me === null ? null : { ...state.me, permissions: [...state.me.permissions].sort() },
    agents: byId(valuesOf(state.agents)),
    queues: byId(valuesOf(state.queues)),
    inboxes: byId(valuesOf(state.inboxes)),
    roles: byId(valuesOf(state.roles)),
    skills: byId(valuesOf(state.skills)),
    stats: statsOf(valuesOf(state.stats)),
    offers: byId(pendingOffers(state, agentId)),
    conversations: byId(ownConversations(state, agentId)),
  }
}

const byId = <T extends { readonly id: string }>(things: readonly T[]) => Object.fromEntries(things.map((thing) => [thing.id, thing]))
const statsOf = (all: Snapshot['stats']) => Object.fromEntries(all.map(({ asOf: _read, ...stats }) => [stats.queueId, stats]))

/** A console's state straight after loading, with some threads opened. */
async function loaded(hub: RealtimeHub, agent: TestAgent, threads: readonly string[]): Promise<AgentViewState> {
  const viewer = await agent.viewer()
  const state = applySnapshot(emptyState, await getSnapshot(hub.ctx, viewer))
  const opened: Record<string, ReturnType<typeof threadOf>> = {}
  for (const id of threads) opened[id] = threadOf(await listMessages(hub.ctx, viewer, id, { limit: 100 }))
  return { ...state, threads: opened }
}

/** Loads afresh where the server said so, as a console does. */
async function obeyResync(hub: RealtimeHub, agent: TestAgent, console: TestConsole): Promise<void> {
  if (!console.signals.some((signal) => signal.name === 'resync')) return
  const open = Object.keys(console.state.threads)
  const viewer = await agent.viewer()
  const state = applySnapshot(console.state, await getSnapshot(hub.ctx, viewer))
  const threads: Record<string, ReturnType<typeof threadOf>> = {}
  for (const id of open) {
    const page = await listMessages(hub.ctx, viewer, id, { limit: 100 }).catch(() => null)
    if (page !== null) threads[id] = threadOf(page)
  }
  console.setState({ ...state, threads })
}

async function expectFresh(hub: RealtimeHub, agent: TestAgent, console: TestConsole, way: string): Promise<void> {
  await obeyResync(hub, agent, console)
  const viewer = await agent.viewer()
  expect(known(console.state, agent.id), `state of ${agent.name}, ${way}`).toEqual(shown(await getSnapshot(hub.ctx, viewer)))
  for (const conversation of valuesOf(console.state.conversations)) {
    expect(conversation, `conversation known to ${agent.name}, ${way}`).toEqual(await getConversation(hub.ctx, viewer, conversation.id))
  }
  for (const [id, thread] of Object.entries(console.state.threads)) {
    const page = await listMessages(hub.ctx, viewer, id, { limit: 100 })
    expect(thread.messages, `thread ${id} of ${agent.name}, ${way}`).toEqual(page.items)
  }
}

/** Somebody who looks on, and the threads they have open. */
export interface Onlooker {
  readonly agent: TestAgent
  readonly threads?: readonly string[]
}

/**
 * Promise P6 for one act: what each onlooker had loaded before, plus the events since, is what they would load
 * now. Holds both ways in which events come: live, and told to a console that comes back after the act.
 */
export async function verifyState(hub: RealtimeHub, onlookers: readonly Onlooker[], act: () => Promise<unknown>): Promise<void> {
  const open: { agent: TestAgent; threads: readonly string[]; before: AgentViewState; console: TestConsole }[] = []
  try {
    for (const { agent, threads = [] } of onlookers) {
      const before = await loaded(hub, agent, threads)
      open.push({ agent, threads, before, console: await openConsole(hub, agent, { since: before.seq, state: before, threads }) })
    }
    await inSync(hub, ...open.map((each) => each.console))
    await act()
    await inSync(hub, ...open.map((each) => each.console))
    for (const { agent, console } of open) await expectFresh(hub, agent, console, 'live')
  } finally {
    for (const { console } of open) console.close()
  }
  for (const { agent, threads, before } of open) {
    const back = await openConsole(hub, agent, { since: before.seq, state: before, threads })
    try {
      await inSync(hub, back)
      await expectFresh(hub, agent, back, 'after coming back')
    } finally {
      back.close()
    }
  }
}
