import { describe, expect, test } from 'vitest'
import { readSearch } from '../../agent-ui/src/search/search-address.ts'
import { ordinalIn } from '../../agent-ui/src/search/use-jump.ts'
import { groupHits } from '../../agent-ui/src/search/use-search.ts'
import type { MessageHit } from '../../src/wire/search.ts'

const agentId = '01900000-0000-7000-8000-000000000001'

function hit(conversationId: string, ordinal: number): MessageHit {
  return {
    conversation: {
      id: conversationId,
      channel: 'line',
      status: 'active',
      subject: null,
      contact: { id: 'c', name: 'Chen', avatarUrl: null },
      assigneeId: null,
    },
    message: { id: `${conversationId}-${ordinal}`, ordinal, direction: 'in', author: { type: 'contact', name: 'Chen' } },
    at: ordinal,
    place: 'text',
    snippet: { text: 'hello', marks: [] },
  }
}

describe('the address of a search', () => {
  test('says what is searched', () => {
    const search = { q: '配送', channel: 'line', agent: agentId, days: '7' }
    expect(readSearch(search)).toEqual(search)
  })

  test('is read from what routers make of numbers', () => {
    expect(readSearch({ q: 500017, days: 30 })).toEqual({ q: '500017', days: '30' })
  })

  test('loses what means nothing', () => {
    expect(readSearch({ q: '', channel: 'fax', agent: '', days: '8', other: 1 })).toEqual({})
    expect(readSearch({ q: 'x'.repeat(500) }).q).toHaveLength(200)
  })
})

test('hits of one conversation stand together, in the place of the newest', () => {
  const groups = groupHits([hit('a', 9), hit('b', 5), hit('a', 2)])
  expect(groups.map(({ conversation, hits }) => [conversation.id, hits.map((h) => h.message?.ordinal)])).toEqual([
    ['a', [9, 2]],
    ['b', [5]],
  ])
})

test.each([
  ['m12', 12],
  ['#m1', 1],
  ['', null],
  ['m0', null],
  ['m1x', null],
  ['main', null],
])('the place %s leads to the message %s', (hash, ordinal) => {
  expect(ordinalIn(hash)).toBe(ordinal)
})
