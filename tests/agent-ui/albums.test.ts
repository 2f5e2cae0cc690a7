import { describe, expect, it } from 'vitest'
import { withAlbums } from '../../agent-ui/src/thread/albums.ts'
import type { Message } from '../../src/wire/messages.ts'

let ordinal = 0
function message(parts: Message['parts'], more: Partial<Message> = {}): Message {
  ordinal += 1
  return {
    id: `m${ordinal}`,
    conversationId: 'c',
    ordinal,
    direction: 'in',
    channel: 'line',
    author: { type: 'contact', id: 'p', name: 'Mei' },
    parts,
    clientId: null,
    quotedMessageId: null,
    delivery: null,
    mail: null,
    editedAt: null,
    unsentAt: null,
    occurredAt: ordinal,
    createdAt: ordinal,
    ...more,
  }
}
const picture = (id: string, index?: number): Message =>
  message([
    { type: 'media', kind: 'image', state: 'ready', fileId: `f${index ?? ordinal}`, album: { id, ...(index !== undefined && { index }) } },
  ])

describe('albums', () => {
  it('stand in one bubble, in their own order', () => {
    const shown = withAlbums([picture('a', 2), picture('a', 1), message([{ type: 'text', text: 'nice' }])])
    expect(shown).toHaveLength(2)
    expect(shown[0]?.parts.map((part) => (part.type === 'media' ? part.album?.index : null))).toEqual([1, 2])
  })

  it('keep the order they came in where they do not say', () => {
    expect(withAlbums([picture('a'), picture('a'), picture('a')])[0]?.parts).toHaveLength(3)
  })

  it('end where something else was said, where another begins, and where one was taken back', () => {
    const gone = message([], { unsentAt: 1 })
    const shown = withAlbums([
      picture('a'),
      picture('b'),
      picture('b'),
      gone,
      picture('b'),
      message([{ type: 'text', text: 'x' }]),
      picture('b'),
    ])
    expect(shown.map(({ parts }) => parts.length)).toEqual([1, 2, 0, 1, 1, 1])
  })

  it('of two people are two', () => {
    const kens = { ...picture('a'), author: { type: 'contact', id: null, name: 'Ken' } } as const
    expect(withAlbums([picture('a'), kens])).toHaveLength(2)
  })
})
