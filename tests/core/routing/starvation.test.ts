import { describe, expect, test } from 'vitest'
import { type Held, withItem } from '../../../src/core/capacity/load.ts'
import { route } from '../../../src/core/routing/route.ts'
import type { QueueRules, RoutingAgent, WorkItem } from '../../../src/core/routing/snapshot.ts'
import type { ChannelId } from '../../../src/wire/words.ts'
import { agent, item, now, pairs, queue } from './support.ts'

const names = ['ann', 'bob', 'cat']
const stepMs = 5_000

/**
 * Plays a centre whose agents always hold three chats and finish one every step, with a backlog of
 * chats that never ends and one more urgent item; the step at which that item is offered, or null.
 */
function stepsUntilServed(urgent: WorkItem, rules: Partial<QueueRules>, steps: number): number | null {
  const queues = [queue('q', names, rules)]
  let agents: RoutingAgent[] = names.map((id) => agent(id, { leaseUntil: now + 10_000_000, held: { webchat: 3 } }))
  for (let step = 0; step < steps; step++) {
    const at = now + step * stepMs
    const backlog = Array.from({ length: 12 }, (_, n) =>
      item(`chat-${step}-${n}`, { createdAt: now - 900_000, queuedAt: now - 900_000, priority: 4 }),
    )
    const { decisions } = route({ agents, queues, items: [urgent, ...backlog] }, at)
    if (decisions.some(({ itemId }) => itemId === urgent.id)) return step
    agents = agents.map((one, place) => {
      const taken = decisions.filter(({ agentId }) => agentId === one.id).reduce<Held>((held, d) => withItem(held, d.channel), one.held)
      const finishes = step % names.length === place
      return { ...one, idleSince: at, held: finishes ? withItem(taken, 'webchat', -1) : taken }
    })
  }
  return null
}

describe('§4 No starvation', () => {
  const call = item('call', { channel: 'phone', createdAt: now, queuedAt: now })

  test('a call gets an agent although chats would refill every slot', () => {
    const served = stepsUntilServed(call, { drainAfterMs: 20_000 }, 60)
    expect(served).not.toBeNull()
    // Four steps until the moment, then at most four chats of one agent at one every three steps.
    expect(served).toBeLessThanOrEqual(4 + 4 * names.length)
  })

  test('without the moment it would wait for ever', () => {
    expect(stepsUntilServed(call, { drainAfterMs: Number.POSITIVE_INFINITY }, 300)).toBeNull()
  })

  test('one agent drains for one item, the others go on', () => {
    const held = { webchat: 1 }
    const agents = names.map((id) => agent(id, { held: id === 'bob' ? held : { webchat: 2 } }))
    const waiting = [{ ...call, queuedAt: now - 30_000 }, ...['1', '2', '3'].map((id) => item(id, { priority: 4 }))]
    const { decisions } = route({ agents, queues: [queue('q', names)], items: waiting }, now)
    expect(new Set(decisions.map(({ agentId }) => agentId))).toEqual(new Set(['ann', 'cat']))
    expect(decisions[0]?.why.excluded).toContainEqual({ reason: 'reserved', count: 1, agentIds: ['bob'] })
  })

  test('before the moment nobody is kept', () => {
    const agents = [agent('ann', { held: { webchat: 1 } })]
    const waiting = [{ ...call, queuedAt: now - 19_999 }, item('1', { priority: 4 })]
    expect(pairs(route({ agents, queues: [queue('q', names)], items: waiting }, now).decisions)).toEqual(['1 → ann'])
  })

  test.each<{ newcomer: ChannelId; given: boolean }>([
    { newcomer: 'email', given: true },
    { newcomer: 'webchat', given: false },
  ])('an agent full of chats who drains for a chat still takes what does not prolong the wait: $newcomer', ({ newcomer, given }) => {
    const agents = [agent('ann', { held: { webchat: 4 } })]
    const waiting = [item('chat', { createdAt: now - 60_000 }), item('other', { channel: newcomer, priority: 1 })]
    const { decisions } = route({ agents, queues: [queue('q', ['ann'])], items: waiting }, now)
    expect(pairs(decisions)).toEqual(given ? ['other → ann'] : [])
  })

  test('mail does not creep into the weight a chat waits for', () => {
    const agents = [agent('ann', { held: { line: 6 } })]
    const waiting = [item('chat', { createdAt: now - 60_000 }), item('mail', { channel: 'email', priority: 1 })]
    expect(route({ agents, queues: [queue('q', ['ann'])], items: waiting }, now).decisions).toEqual([])
  })

  test('somebody who does not serve the channel is not kept for it', () => {
    const agents = [agent('ann', { held: { webchat: 1 } })].map((one) => ({
      ...one,
      capacity: { ...one.capacity, max: { ...one.capacity.max, phone: 0 } },
    }))
    const waiting = [{ ...call, queuedAt: now - 60_000 }, item('1', { priority: 4 })]
    expect(pairs(route({ agents, queues: [queue('q', ['ann'])], items: waiting }, now).decisions)).toEqual(['1 → ann'])
  })
})
