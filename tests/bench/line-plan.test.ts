import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { bodyOf, eventIdOf, kindOf, type LinePlan, messageIdOf, numberIn, originalOf, requestsOf } from '../../src/bench/line-plan.ts'
import { Tally } from '../../src/bench/push.ts'
import { judge, type StoredRun } from '../../src/bench/verify-ingest.ts'

const plan: LinePlan = {
  run: '100001',
  path: '/webhooks/line/x',
  channelSecret: '0123456789abcdef',
  senders: 10,
  kind: 'mixed',
  repeats: true,
  at: 1_767_574_800_000,
}
const numbers = Array.from({ length: 2_000 }, (_, n) => n)

describe('a plan of webhooks', () => {
  it('repeats one in twenty, earlier ones and no repeat itself', () => {
    const repeats = numbers.filter((n) => originalOf(plan, n) !== n)
    expect(repeats).toHaveLength(100)
    for (const n of repeats) expect(originalOf(plan, originalOf(plan, n))).toBe(originalOf(plan, n))
    expect(numbers.filter((n) => originalOf({ repeats: false }, n) !== n)).toEqual([])
  })

  it('writes the same bytes for a repeat', () => {
    const requests = requestsOf(plan, 0, 20)
    expect(requests[19]).toBe(requests[originalOf(plan, 19)])
  })

  it('mixes texts, images and follows, with ids of their own', () => {
    const kinds = numbers.map((n) => kindOf(plan, n))
    expect(kinds.filter((kind) => kind === 'image')).toHaveLength(200)
    expect(kinds.filter((kind) => kind === 'follow')).toHaveLength(100)
    expect(new Set(numbers.map((n) => messageIdOf(plan.run, n))).size).toBe(numbers.length)
    expect(eventIdOf(plan.run, 7)).toHaveLength(26)
  })

  it('signs what it sends and marks its texts', () => {
    const [request] = requestsOf(plan, 0, 1)
    const [head = '', body = ''] = request?.toString('utf8').split('\r\n\r\n') ?? []
    expect(head).toContain(`x-line-signature: ${createHmac('sha256', plan.channelSecret).update(body).digest('base64')}`)
    expect(head).toContain(`Content-Length: ${Buffer.byteLength(body)}`)
    expect(body).toBe(bodyOf(plan, 0))
    expect(numberIn((JSON.parse(body) as { events: [{ message: { text: string } }] }).events[0].message.text)).toBe(0)
    expect(numberIn('no mark')).toBeNull()
  })
})

describe('the judgement of a run', () => {
  const stored = (
    change: (rows: { deliveries: Map<string, number>; messages: Map<string, number>; events: Map<string, number> }) => void,
  ): StoredRun => {
    const originals = numbers.slice(0, 20).filter((n) => originalOf(plan, n) === n)
    const said = originals.filter((n) => kindOf(plan, n) !== 'follow').map((n): [string, number] => [messageIdOf(plan.run, n), 1])
    const rows = {
      deliveries: new Map(originals.map((n): [string, number] => [eventIdOf(plan.run, n), 1])),
      messages: new Map(said),
      events: new Map(said),
    }
    change(rows)
    return rows
  }
  const acked = numbers.slice(0, 20)
  const id = messageIdOf(plan.run, 3)

  it('finds nothing where everything is there once', () => {
    expect(
      judge(
        plan,
        acked,
        stored(() => undefined),
      ),
    ).toEqual({ missing: 0, duplicate: 0 })
  })

  it('misses a ledger row, a message, an event', () => {
    expect(
      judge(
        plan,
        acked,
        stored((rows) => rows.deliveries.delete(eventIdOf(plan.run, 3))),
      ).missing,
    ).toBe(1)
    expect(
      judge(
        plan,
        acked,
        stored((rows) => rows.messages.delete(id)),
      ).missing,
    ).toBe(1)
    expect(
      judge(
        plan,
        acked,
        stored((rows) => rows.events.delete(id)),
      ).missing,
    ).toBe(1)
  })

  it('does not miss what was never acknowledged', () => {
    expect(
      judge(
        plan,
        acked.filter((n) => n !== 3),
        stored((rows) => rows.messages.delete(id)),
      ).missing,
    ).toBe(0)
  })

  it('counts what is there more than once', () => {
    expect(
      judge(
        plan,
        acked,
        stored((rows) => rows.messages.set(id, 3)),
      ).duplicate,
    ).toBe(2)
    expect(
      judge(
        plan,
        acked,
        stored((rows) => rows.events.set(id, 2)),
      ).duplicate,
    ).toBe(1)
  })
})

describe('the tally of pushes', () => {
  it('knows who has not heard, and who has heard twice', () => {
    const tally = new Tally(2, 2)
    tally.sent(0, 100)
    tally.sent(1, 200)
    tally.hear(0, 0, 104)
    tally.hear(0, 0, 105)
    tally.hear(1, 0, 110)
    tally.hear(0, 1, 203)
    tally.hear(1, null, 204)
    expect(tally.complete).toBe(false)
    expect(tally.outcome()).toEqual({ latency: { count: 3, p50: 4, p99: 10, max: 10 }, missing: 1, duplicate: 1 })
    tally.hear(1, 1, 204)
    expect(tally.complete).toBe(true)
  })
})
