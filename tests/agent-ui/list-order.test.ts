import { describe, expect, test } from 'vitest'
import { belongs, heldBack, listOf } from '../../agent-ui/src/inbox/list-order.ts'
import { conversation, noon } from './things.ts'

const at = (id: string, minutes: number, changes = {}) =>
  conversation({ id, lastMessageAt: noon + minutes * 60_000, waitingSince: noon + minutes * 60_000, ...changes })
const wanted = { view: 'open', me: 'a1', edge: null, order: 'latest' } as const
const ids = (list: readonly { id: string }[]) => list.map((c) => c.id).join(' ')

describe('what a view shows', () => {
  test.each([
    ['mine', 'active', 'a1', true],
    ['mine', 'snoozed', 'a1', true],
    ['mine', 'resolved', 'a1', false],
    ['mine', 'active', 'a2', false],
    ['waiting', 'queued', null, true],
    ['waiting', 'offered', null, true],
    ['waiting', 'active', 'a1', false],
    ['open', 'snoozed', 'a2', true],
    ['open', 'resolved', 'a2', false],
    ['resolved', 'resolved', 'a2', true],
  ] as const)('%s: %s of %s is shown: %s', (view, status, assigneeId, shown) => {
    expect(belongs(conversation({ status, assigneeId }), view, 'a1')).toBe(shown)
  })

  test('the newest first, by id where two are equal', () => {
    expect(ids(listOf([at('a', 1), at('c', 3), at('b', 2), at('d', 3)], wanted))).toBe('d c b a')
  })

  test('who waits longest first among those who wait', () => {
    const all = [at('a', 5), at('b', 2), at('c', 9)].map((c) => ({ ...c, status: 'queued' as const, assigneeId: null }))
    expect(ids(listOf(all, { ...wanted, view: 'waiting' }))).toBe('b a c')
  })

  test('mine by deadline: what waits for an answer and is due first stands first', () => {
    const all = [
      at('answered', 1, { awaiting: 'customer', slaDueAt: noon }),
      at('late', 9, { slaDueAt: noon + 1 }),
      at('soon', 3, { slaDueAt: noon + 9_000 }),
      at('free', 2),
    ]
    expect(ids(listOf(all, { ...wanted, view: 'mine', order: 'sla' }))).toBe('late soon free answered')
  })

  test('a paged list stops at the edge of what is loaded', () => {
    const edge = { lastMessageAt: noon + 2 * 60_000, id: 'b' }
    expect(ids(listOf([at('a', 1), at('b', 2), at('c', 3)], { ...wanted, edge }))).toBe('c b')
  })

  test('one queue alone', () => {
    expect(ids(listOf([at('a', 1), at('b', 2, { queueId: 'q2' })], { ...wanted, queueId: 'q2' }))).toBe('b')
  })
})

describe('a list held still counts', () => {
  test.each([
    ['nothing, while nothing changes', 'a b c', 'a b c', 0],
    ['what is new', 'a b c', 'x a b c', 1],
    ['what moved up', 'a b c d', 'c a b d', 1],
    ['not what moved down', 'a b c d', 'b c d a', 0],
    ['not what has gone', 'a b c d', 'b c', 0],
    ['all together', 'a b c d', 'x d y a c', 3],
  ])('%s', (_name, shown, present, count) => {
    expect(heldBack(shown.split(' '), present.split(' '))).toBe(count)
  })
})
