import { describe, expect, it } from 'vitest'
import { retryMessage } from '../../src/services/conversations/retry-message.ts'
import { databases, useHub } from '../support/hub.ts'
import { advanceUntil, becomes, standingOf, type Talk, talk } from '../support/talk.ts'

/** Calls of the account that send: their way, retry key, status and number of bubbles. */
const sends = ({ centre }: Talk) =>
  centre.line.account.calls().flatMap(({ path, retryKey, status, body }) => {
    if (!/message\/(reply|push)$/.test(path)) return []
    const { messages = [] } = body as { messages?: unknown[] }
    return [{ way: path.split('/').at(-1), retryKey, status, bubbles: messages.length }]
  })

describe.each(databases)('messages that wait together on LINE, %s', (database) => {
  const hub = useHub({ database })

  /** A talk in which the first message is turned away, so that others come to wait behind it. */
  async function behind(texts: readonly string[], lineConfig: Record<string, unknown> = { sendPolicy: 'push_only' }) {
    const t = await talk(hub(), { lineConfig })
    t.centre.line.account.failNext(
      { kind: 'answer', status: 429, body: { message: 'The API rate limit has been exceeded. Try again later.' } },
      /push$/,
    )
    const ids: string[] = []
    for (const text of texts) ids.push(await t.answer(text))
    return { ...t, ids }
  }

  it('leave in one call of at most five bubbles, in the order they were written, each with ids of its own', async () => {
    const t = await behind(['1', '2', '3', '4', '5', '6', '7'])
    await advanceUntil(hub(), 'all are accepted', 2_000, async () => {
      const standings = await Promise.all(t.ids.map((id) => standingOf(hub(), id)))
      return standings.every(({ status }) => status === 'accepted')
    })
    expect(t.shown()).toEqual(['1', '2', '3', '4', '5', '6', '7'])
    const taken = sends(t).filter(({ status }) => status === 200)
    expect(taken.every(({ bubbles }) => bubbles <= 5)).toBe(true)
    expect(taken.length).toBeLessThan(7)
    const { db, t: tables } = hub().ctx.store
    const rows = (await db.select().from(tables.messages)).filter(({ id }) => t.ids.includes(id))
    expect(new Set(rows.map(({ externalId }) => externalId)).size).toBe(7)
    t.close()
  })

  it('arrive once when the answer to their call is lost: the repeat carries the very same messages', async () => {
    const t = await behind(['1', '2', '3'])
    t.centre.line.account.failNext({ kind: 'lose_answer' }, /push$/)
    await advanceUntil(hub(), 'all are accepted', 2_000, async () => {
      const standings = await Promise.all(t.ids.map((id) => standingOf(hub(), id)))
      return standings.every(({ status }) => status === 'accepted')
    })
    expect(t.shown()).toEqual(['1', '2', '3'])
    for (const key of new Set(sends(t).map(({ retryKey }) => retryKey))) {
      const answered = sends(t).filter(({ retryKey, status }) => retryKey === key && (status === 200 || status === null))
      expect(new Set(answered.map(({ bubbles }) => bubbles)).size).toBeLessThanOrEqual(1)
    }
    t.close()
  })

  it('go again together when a person sends one of them again whose outcome nobody knows', async () => {
    const t = await talk(hub())
    t.centre.line.account.failNext({ kind: 'lose_request' }, /reply$/)
    const id = await t.answer('alone')
    await becomes(hub(), id, 'unconfirmed')
    await retryMessage(hub().ctx, await t.centre.agent('ann').viewer(), id)
    await becomes(hub(), id, 'accepted')
    expect(t.shown()).toEqual(['alone'])
    t.close()
  })
})
