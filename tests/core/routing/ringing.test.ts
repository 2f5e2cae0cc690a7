import { describe, expect, test } from 'vitest'
import { route } from '../../../src/core/routing/route.ts'
import { agent, item, now, queue } from './support.ts'

const items = ['1', '2', '3', '4'].map((id, i) => item(id, { createdAt: now - 10_000 + i }))

describe('unanswered offers of one agent', () => {
  test('stay within the limit, oldest items first, and the rest goes to others', () => {
    const agents = [agent('a', { maxRinging: 2, idleSince: now - 90_000 }), agent('b', { maxRinging: 1 })]
    const { decisions } = route({ queues: [queue('q', ['a', 'b'])], agents, items }, now)
    expect(decisions.map(({ itemId, agentId }) => [itemId, agentId])).toEqual([
      ['1', 'a'],
      ['2', 'b'],
      ['3', 'a'],
    ])
  })

  test('count those that ring already', () => {
    const agents = [agent('a', { maxRinging: 2, ringing: 2, held: { webchat: 2 } })]
    expect(route({ queues: [queue('q', ['a'])], agents, items }, now).decisions).toEqual([])
  })

  test('have no limit where none is said', () => {
    const { decisions } = route({ queues: [queue('q', ['a'])], agents: [agent('a')], items }, now)
    expect(decisions).toHaveLength(4)
  })
})
