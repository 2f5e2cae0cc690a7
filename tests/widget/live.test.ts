import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Failure } from '../../channels/webchat/widget/src/chat/live/failure.ts'
import { createReceipts } from '../../channels/webchat/widget/src/chat/live/receipts.ts'
import { createSender, type Outgoing } from '../../channels/webchat/widget/src/chat/live/sender.ts'
import { openOutbox } from '../../channels/webchat/widget/src/chat/model/outbox.ts'
import { memoryStorage } from '../../channels/webchat/widget/src/chat/model/storage.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('the sender', () => {
  /** A server that answers as it is told, in turn; then with success. */
  const start = (answers: (Failure | 'taken' | 'lost')[]) => {
    const outbox = openOutbox(memoryStorage(), 'inbox')
    const asked: Outgoing[] = []
    const told: string[] = []
    const sender = createSender({
      outbox,
      deliver: async (message) => {
        asked.push(message)
        const answer = answers.shift() ?? 'taken'
        if (answer !== 'taken') throw answer === 'lost' ? new Failure('unreachable', 'unreachable') : answer
        return { message: { id: message.clientId } as never, state: {} as never, seq: 1 }
      },
      sent: ({ clientId }) => void told.push(`sent ${clientId}`),
      changed: () => undefined,
      busy: () => void told.push('busy'),
      stranger: () => void told.push('stranger'),
    })
    const write = (clientId: string, at: number) => outbox.put({ clientId, text: clientId, files: [], at, failure: null })
    return { outbox, sender, asked, told, write, ids: () => asked.map(({ clientId }) => clientId) }
  }

  it('sends in the order of writing, one at a time', async () => {
    const { sender, ids, told, write, outbox } = start([])
    for (const [n, id] of ['a', 'b', 'c'].entries()) write(id, n)
    sender.flush()
    sender.flush()
    await vi.runAllTimersAsync()
    expect(ids()).toEqual(['a', 'b', 'c'])
    expect(told).toEqual(['sent a', 'sent b', 'sent c'])
    expect(outbox.list()).toEqual([])
  })

  it('repeats under the same name until it is answered, before anything later', async () => {
    const { sender, ids, write, outbox } = start(['lost', 'lost'])
    write('a', 1)
    write('b', 2)
    sender.flush()
    await vi.advanceTimersByTimeAsync(0)
    expect(outbox.list()).toHaveLength(2)
    await vi.runAllTimersAsync()
    expect(ids()).toEqual(['a', 'a', 'a', 'b'])
    expect(outbox.list()).toEqual([])
  })

  it('waits as long as the server says', async () => {
    const { sender, ids, told, write } = start([new Failure('rate_limited', 'rate_limited', 20_000)])
    write('a', 1)
    sender.flush()
    await vi.advanceTimersByTimeAsync(19_900)
    expect([ids(), told]).toEqual([['a'], ['busy']])
    await vi.advanceTimersByTimeAsync(200)
    expect(told).toEqual(['busy', 'sent a'])
  })

  it.each([
    [new Failure('invalid_input', 'file_gone'), 'errorFileGone'],
    [new Failure('invalid_input', 'invalid_input'), 'errorRefused'],
    [new Failure('conflict', 'quarantined'), 'errorRefused'],
  ])('leaves a refused message to its writer and goes on (%s)', async (failure, shown) => {
    const { sender, told, write, outbox } = start([failure])
    write('a', 1)
    write('b', 2)
    sender.flush()
    await vi.runAllTimersAsync()
    expect(told).toEqual(['sent b'])
    expect(outbox.list()).toMatchObject([{ clientId: 'a', failure: shown }])
  })

  it('keeps the message when the server no longer knows the browser', async () => {
    const { sender, told, write } = start([new Failure('unauthenticated', 'visitor_token')])
    write('a', 1)
    sender.flush()
    await vi.runAllTimersAsync()
    expect(told).toEqual(['stranger', 'sent a'])
  })

  it('does not leave lying what was written while the last answer came', async () => {
    const { sender, ids, write } = start([])
    write('a', 1)
    sender.flush()
    await Promise.resolve()
    write('b', 2)
    sender.flush()
    await vi.runAllTimersAsync()
    expect(ids()).toEqual(['a', 'b'])
  })
})

describe('receipts', () => {
  const start = (fails = 0) => {
    const told: string[] = []
    let left = fails
    const receipts = createReceipts(async ({ conversationId, ordinal, read }) => {
      told.push(`${conversationId} ${ordinal} ${read ? 'read' : 'here'}`)
      if (left-- > 0) throw new Failure('unreachable', 'unreachable')
    })
    const note = (ordinal: number, read: boolean, conversationId = 'c1') => receipts.note({ conversationId, ordinal }, read)
    return { receipts, told, note }
  }

  it('tell a burst once and nothing twice', async () => {
    const { told, note } = start()
    for (const n of [1, 2, 3, 3]) note(n, false)
    await vi.runAllTimersAsync()
    for (const n of [2, 3]) note(n, false)
    await vi.runAllTimersAsync()
    expect(told).toEqual(['c1 3 here'])
  })

  it('tell that what arrived was read, and go on to the next conversation', async () => {
    const { receipts, told, note } = start()
    note(3, false)
    await vi.runAllTimersAsync()
    note(3, true)
    await vi.runAllTimersAsync()
    note(1, true, 'c2')
    await vi.runAllTimersAsync()
    note(9, true, 'c1')
    await vi.runAllTimersAsync()
    expect(told).toEqual(['c1 3 here', 'c1 3 read', 'c2 1 read'])
    expect(receipts.seen).toEqual({ conversationId: 'c2', ordinal: 1 })
  })

  it('tell again what could not be told', async () => {
    const { told, note } = start(1)
    note(2, true)
    await vi.runAllTimersAsync()
    note(2, true)
    await vi.runAllTimersAsync()
    expect(told).toEqual(['c1 2 read', 'c1 2 read'])
  })
})
