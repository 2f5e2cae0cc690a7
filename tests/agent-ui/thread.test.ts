import { describe, expect, test } from 'vitest'
import { announcementOf } from '../../agent-ui/src/thread/announce.ts'
import { deliveryOf } from '../../agent-ui/src/thread/delivery-of.ts'
import { safeHref, stretchesOf } from '../../agent-ui/src/thread/parts/stretches.ts'
import { snoozeTimes } from '../../agent-ui/src/thread/snooze-times.ts'
import { rowsOf } from '../../agent-ui/src/thread/thread-rows.ts'
import { message, noon } from './things.ts'

const shape = (rows: ReturnType<typeof rowsOf>) =>
  rows.map((r) => (r.type === 'message' ? `${r.message.ordinal}${r.first ? '^' : ''}${r.last ? '$' : ''}` : r.type)).join(' ')

describe('rows of a thread', () => {
  test('a run of one author begins once and ends once; a system line ends it', () => {
    const out = { direction: 'out', author: { type: 'agent', id: 'a1', name: '陳美玲' } } as const
    const system = { direction: 'system', author: { type: 'system', id: null, name: '' } } as const
    const rows = rowsOf([message(1), message(2), message(3, out), message(4, system), message(5, out)], { readCount: 5, messageCount: 5 })
    expect(shape(rows)).toBe('day 1^ 2$ 3^$ 4^$ 5^$')
  })

  test('a long pause begins a new run, a new day its own line', () => {
    const later = noon + 10 * 60_000
    const nextDay = noon + 26 * 3_600_000
    const rows = rowsOf(
      [message(1), message(2, { occurredAt: later, createdAt: later }), message(3, { occurredAt: nextDay, createdAt: nextDay })],
      { readCount: 3, messageCount: 3 },
    )
    expect(shape(rows)).toBe('day 1^$ 2^$ day 3^$')
  })

  test('the line for what is new stands before the first unread, and only for what had come before the opening', () => {
    const messages = [message(1), message(2), message(3)]
    expect(shape(rowsOf(messages, { readCount: 1, messageCount: 3 }))).toBe('day 1^$ new 2^ 3$')
    expect(shape(rowsOf(messages, { readCount: 2, messageCount: 2 }))).toBe('day 1^ 2 3$')
    expect(shape(rowsOf(messages, { readCount: 0, messageCount: 3 }))).toBe('day 1^ 2 3$')
  })
})

describe('text', () => {
  test('is cut at addresses, whose closing marks stay outside', () => {
    const cut = stretchesOf({ text: '請看 https://shop.example/a?b=1。（https://x.example/）謝謝' })
    expect(cut.map((s) => [s.text, s.entity?.kind ?? null])).toEqual([
      ['請看 ', null],
      ['https://shop.example/a?b=1', 'link'],
      ['。（', null],
      ['https://x.example/', 'link'],
      ['）謝謝', null],
    ])
  })

  test('keeps an entity’s own reading over ours, and ignores one that lies outside', () => {
    const text = '@Mei see https://x.example'
    const cut = stretchesOf({
      text,
      entities: [
        { kind: 'mention', index: 0, length: 4 },
        { kind: 'emoji', index: 90, length: 2 },
      ],
    })
    expect(cut.map((s) => s.entity?.kind ?? null)).toEqual(['mention', null, 'link'])
    expect(cut.map((s) => s.text).join('')).toBe(text)
  })

  test.each([
    ['https://x.example/', 'https://x.example/'],
    ['mailto:a@x.example', 'mailto:a@x.example'],
    ['javascript:alert(1)', null],
    ['data:text/html,x', null],
    ['not an address', null],
    [undefined, null],
  ])('%s may be followed as %s', (value, href) => expect(safeHref(value)).toBe(href))
})

describe('delivery', () => {
  const out = (status: 'accepted' | 'delivered' | 'failed' | 'unconfirmed') =>
    message(3, { direction: 'out', delivery: { status, error: null } })
  test('is read once the customer has read past it, never when it failed', () => {
    expect(deliveryOf(out('accepted'), 2)).toBe('accepted')
    expect(deliveryOf(out('accepted'), 3)).toBe('read')
    expect(deliveryOf(out('delivered'), 9)).toBe('read')
    expect(deliveryOf(out('failed'), 9)).toBe('failed')
    expect(deliveryOf(out('unconfirmed'), 9)).toBe('unconfirmed')
    expect(deliveryOf(message(3), 9)).toBeNull()
  })
})

describe('what is told to a screen reader', () => {
  const words = (m: { ordinal: number }) => `m${m.ordinal}`
  const many = (count: number) => `${count} new`
  test('is the words of up to three messages, and a number beyond', () => {
    expect(announcementOf([message(1), message(2), message(3)], words, many)).toBe('m1\nm2\nm3')
    expect(announcementOf([message(1), message(2), message(3), message(4)], words, many)).toBe('4 new')
  })
})

describe('times to put aside until', () => {
  const local = (at: number) => {
    const d = new Date(at)
    return `${d.getDay()} ${d.getHours()}:${d.getMinutes()}`
  }
  test.each([0, 1, 2, 3, 4, 5, 6])('on day %s of the week lie ahead; next week begins on Monday at nine', (day) => {
    const now = new Date(2026, 10, 1 + day, 15, 30).getTime()
    const times = snoozeTimes(now)
    expect(times.every(({ at }) => at > now)).toBe(true)
    expect(local(times[3]?.at ?? 0)).toBe('1 9:0')
    expect((times[3]?.at ?? 0) - now).toBeLessThanOrEqual(7 * 86_400_000)
    expect(local(times[2]?.at ?? 0).split(' ')[1]).toBe('9:0')
  })
})
