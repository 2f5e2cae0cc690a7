import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { windowSize } from '../../src/realtime/connection.ts'
import { maxGap } from '../../src/realtime/feed.ts'
import { systemViewer } from '../../src/services/access/system-viewer.ts'
import { assignConversation } from '../../src/services/conversations/assign-conversation.ts'
import { listMessages } from '../../src/services/conversations/list-messages.ts'
import { getSnapshot } from '../../src/services/snapshot/get-snapshot.ts'
import { type AgentViewState, applySnapshot, emptyState } from '../../src/wire/state.ts'
import { threadOf } from '../../src/wire/thread.ts'
import { inSync, openConsole, type TestConsole, until } from './console.ts'
import { type RealtimeHub, startRealtimeHub, type TestAgent } from './harness.ts'

let hub: RealtimeHub
let inbox: string
let mei: TestAgent
let conversation: string

beforeEach(async () => {
  hub = await startRealtimeHub({ checkOutgoing: false })
  const sales = await hub.addQueue('Sales')
  inbox = await hub.addInbox('Site', sales)
  mei = await hub.addAgent('Mei', { queueIds: [sales] })
  conversation = await hub.receive(inbox, 'ann', 'hello')
  await assignConversation(hub.ctx, systemViewer, conversation, { agentId: mei.id })
})
afterEach(() => hub.stop())

/** What a console has after loading the page: the snapshot and one open thread. */
async function freshState(): Promise<AgentViewState> {
  const viewer = await mei.viewer()
  const state = applySnapshot(emptyState, await getSnapshot(hub.ctx, viewer))
  return { ...state, threads: { [conversation]: threadOf(await listMessages(hub.ctx, viewer, conversation, { limit: 100 })) } }
}

const textsOf = (state: AgentViewState) =>
  (state.threads[conversation]?.messages ?? []).flatMap((m) => m.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])))

/** Puts events into the log that are about nothing anybody sees, as fast as the store takes them. */
async function fillLog(count: number): Promise<void> {
  const event = {
    type: 'delivery.replayed',
    at: hub.clock.now(),
    actorType: 'system',
    actorId: 'test',
    conversationId: null,
    subjectId: null,
    data: {},
  } as const
  for (let done = 0; done < count; done += 1_000) {
    await hub.ctx.store.tx(async (tx) => {
      for (let i = 0; i < Math.min(1_000, count - done); i++) tx.append(event)
    })
  }
}

describe('a console that comes', () => {
  test('without `since` is live from now on', async () => {
    await hub.receive(inbox, 'ann', 'long before')
    const console = await openConsole(hub, mei)
    await inSync(hub, console)
    expect(console.events).toEqual([])
    await hub.receive(inbox, 'ann', 'after')
    await inSync(hub, console)
    expect(console.names()).toContain('message.changed')
    expect(hub.counts.resyncs).toEqual({ fresh: 1, caught_up: 0, resync: 0 })
    console.close()
  })

  test('with `since` is told what it missed, each thing once, and then that it is in sync', async () => {
    const state = await freshState()
    for (let i = 0; i < 40; i++) await hub.receive(inbox, 'ann', `missed ${i}`)
    const console = await openConsole(hub, mei, { since: state.seq, state })
    await until('it is told to be in sync', () => console.inSyncTo > 0)
    expect(console.inSyncTo).toBe(await hub.newestSeq())
    expect(textsOf(console.state).slice(1)).toEqual(Array.from({ length: 40 }, (_, i) => `missed ${i}`))
    expect(console.names().filter((name) => name === 'conversation.changed')).toHaveLength(1)
    expect(console.signals[0]?.name).toBe('heartbeat')
    expect(hub.counts.resyncs).toEqual({ fresh: 0, caught_up: 1, resync: 0 })
    console.close()
  })

  test('with threads open in which others write is told of their messages too', async () => {
    const other = await hub.receive(inbox, 'bob', 'first')
    const state = await freshState()
    await hub.receive(inbox, 'bob', 'second')
    const [closed, open] = [
      await openConsole(hub, mei, { since: state.seq }),
      await openConsole(hub, mei, { since: state.seq, threads: [other] }),
    ]
    await inSync(hub, closed, open)
    expect(closed.names()).not.toContain('message.changed')
    expect(open.names()).toContain('message.changed')
    for (const console of [closed, open]) console.close()
  })

  test.each([
    ['from too long ago', () => 0, 'too_old'],
    ['from a log that is not ours', async () => (await hub.newestSeq()) + 1_000, 'log_reset'],
  ])('%s is sent to load afresh', async (_from, since, reason) => {
    await fillLog(maxGap + 1)
    const console = await openConsole(hub, mei, { since: await since() })
    await until('it is told', () => console.signals.length > 0)
    expect(console.signals[0]).toEqual({ name: 'resync', body: { seq: await hub.newestSeq(), reason } })
    await hub.receive(inbox, 'ann', 'and goes on')
    await inSync(hub, console)
    expect(console.names()).toContain('message.changed')
    console.close()
  })
})

test('under random cuts while customers write, a console ends with every message once and in order', async () => {
  let state = await freshState()
  let random = 7
  const below = (n: number) => (random = (random * 48_271) % 2_147_483_647) % n
  let console: TestConsole | null = null
  const sent: string[] = []
  for (let i = 0; i < 300; i++) {
    const text = `message ${i}`
    sent.push(text)
    await hub.receive(inbox, 'ann', text)
    if (below(4) === 0) await new Promise((resolve) => setImmediate(resolve))
    if (console !== null && below(12) === 0) {
      // Cut in the middle of whatever is under way; what was applied by then is what it comes back with.
      console.socket.io.engine.close()
      state = console.state
      console.close()
      console = null
    } else if (console === null && below(3) === 0) {
      console = await openConsole(hub, mei, { since: state.seq, state })
    }
  }
  console ??= await openConsole(hub, mei, { since: state.seq, state })
  await inSync(hub, console)
  expect(textsOf(console.state)).toEqual(['hello', ...sent])
  expect(hub.counts.resyncs.caught_up).toBeGreaterThan(5)
  expect(hub.counts.resyncs.resync).toBe(0)
  console.close()
})

describe('a console that does not read', { timeout: 60_000 }, () => {
  /** Stops the socket below the client, as a stalled network does. */
  const rawSocket = (console: TestConsole) => {
    const { ws } = console.socket.io.engine.transport as unknown as { ws: { pause(): void; resume(): void } }
    return ws
  }

  test('is kept by a cursor alone, holds nobody up, and loses nothing when it wakes', async () => {
    const colleague = await hub.addAgent('Lin', { roleId: 'supervisor' })
    const [stalled, awake] = [await openConsole(hub, mei, { state: await freshState() }), await openConsole(hub, colleague)]
    await inSync(hub, stalled, awake)
    rawSocket(stalled).pause()
    const total = 600
    for (let i = 0; i < total; i++) {
      await hub.receive(inbox, 'ann', `message ${i}`)
      if (i % 50 === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    await inSync(hub, awake)
    const { behind, outstanding } = hub.gateway.figures()
    expect(behind).toBe(1)
    // One stretch of the log may be under way when the window closes.
    expect(outstanding).toBeLessThan(windowSize + 1_100)
    rawSocket(stalled).resume()
    await inSync(hub, stalled)
    expect(textsOf(stalled.state)).toHaveLength(total + 1)
    expect(textsOf(stalled.state).slice(1)).toEqual(Array.from({ length: total }, (_, i) => `message ${i}`))
    expect(hub.gateway.figures()).toMatchObject({ behind: 0 })
    for (const console of [stalled, awake]) console.close()
  })

  test('is sent to load afresh when the log has run away from it', async () => {
    const stalled = await openConsole(hub, mei, { state: await freshState(), acks: false })
    await inSync(hub, stalled)
    for (let i = 0; i < windowSize; i++) await hub.receive(inbox, 'ann', `message ${i}`)
    await until('it has fallen behind', async () => {
      await hub.tail.advance()
      await hub.receive(inbox, 'ann', 'more')
      return hub.gateway.figures().behind === 1
    })
    await fillLog(maxGap + 1)
    await hub.tail.advance()
    await stalled.ask('ack', { seq: stalled.state.seq })
    await until('it is told', () => stalled.signals.some((s) => s.name === 'resync'))
    expect(stalled.signals.find((s) => s.name === 'resync')?.body.reason).toBe('too_far_behind')
    stalled.close()
  })
})
