import { describe, expect, it } from 'vitest'
import { apiOf } from '../../support/agent-client.ts'
import { databases, useHub } from '../../support/hub.ts'
import { advanceUntil, becomes, passTime, standingOf, type Talk, talk } from '../../support/talk.ts'
import { until } from '../../support/until.ts'

const busy = { kind: 'answer', status: 500, body: { message: 'try later' } } as const

/** The account's calls that send, with their retry keys. */
const sends = ({ centre }: Talk) =>
  centre.line.account
    .calls()
    .flatMap(({ path, retryKey, status }) =>
      /message\/(reply|push)$/.test(path) ? [{ way: path.split('/').at(-1), retryKey, status }] : [],
    )

describe.each(databases)('what leaves by LINE, %s', (database) => {
  const hub = useHub({ database })

  it('goes by the reply token once, then by push with a retry key, and shows each state on the message', async () => {
    const t = await talk(hub())
    const [first, second] = [await t.answer('one'), await t.answer('two')]
    await becomes(hub(), first, 'accepted')
    const { retryKey } = await becomes(hub(), second, 'accepted')
    expect(sends(t)).toEqual([
      { way: 'reply', retryKey: null, status: 200 },
      { way: 'push', retryKey, status: 200 },
    ])
    expect(t.shown()).toEqual(['one', 'two'])
    const { db, t: tables } = hub().ctx.store
    const told = (await db.select().from(tables.events))
      .filter(({ subjectId, data }) => subjectId === second && data.what === 'delivery')
      .map(({ data }) => data.status)
    expect(told).toEqual(['sending', 'accepted'])
    t.close()
  })

  it('is tried again under one key after the provider failed, and arrives once', async () => {
    const t = await talk(hub(), { lineConfig: { sendPolicy: 'push_only' } })
    for (const fault of [busy, { kind: 'lose_answer' }, { kind: 'lose_request' }] as const) t.centre.line.account.failNext(fault, /push$/)
    const id = await t.answer('once')
    const standing = await advanceUntil(hub(), 'it is accepted', 2_000, async () => {
      const now = await standingOf(hub(), id)
      return now.status === 'accepted' ? now : null
    })
    expect(standing).toMatchObject({ attempts: 4, error: null, nextAttemptAt: null })
    expect(new Set(sends(t).map(({ retryKey }) => retryKey))).toEqual(new Set([standing.retryKey]))
    expect(sends(t).at(-1)).toMatchObject({ status: 409 })
    expect(t.shown()).toEqual(['once'])
    t.close()
  })

  it('waits as long as the provider asks', async () => {
    const t = await talk(hub(), { lineConfig: { sendPolicy: 'push_only' } })
    t.centre.line.account.failNext(
      { kind: 'answer', status: 429, body: { message: 'slow down' }, headers: { 'retry-after': '90' } },
      /push$/,
    )
    const id = await t.answer('later')
    const { nextAttemptAt } = await until('it waits', async () => {
      const now = await standingOf(hub(), id)
      return now.attempts === 1 && now.status === 'queued' ? now : null
    })
    expect(nextAttemptAt).toBeGreaterThanOrEqual(hub().clock.now() + 90_000)
    await hub().fake.advance(80_000)
    expect(await standingOf(hub(), id)).toMatchObject({ status: 'queued', attempts: 1 })
    await hub().fake.advance(15_000)
    await becomes(hub(), id, 'accepted')
    t.close()
  })

  it('keeps the provider’s refusal on the message, and sends it again when its author asks', async () => {
    const t = await talk(hub(), { lineConfig: { sendPolicy: 'push_only' } })
    const refusal = { message: 'The request body has 1 error(s)', details: [{ message: 'May not be empty', property: 'messages[0].text' }] }
    t.centre.line.account.failNext({ kind: 'answer', status: 400, body: refusal, headers: { 'x-line-request-id': 'request-1' } }, /push$/)
    const id = await t.answer('refused')
    const { error, retryKey } = await becomes(hub(), id, 'failed')
    expect(error).toMatchObject({
      code: 'rejected',
      provider: { code: '400', message: expect.stringContaining('May not be empty'), requestId: 'request-1' },
    })
    const shown = await t.ann.heard('message.changed', ({ message }) => message.id === id && message.delivery?.status === 'failed')
    expect(shown.message.delivery?.error).toEqual(error)
    await passTime(hub(), 600_000)
    expect((await standingOf(hub(), id)).attempts).toBe(1)
    const api = apiOf(hub(), t.centre.agent('ann'))
    const asked = await Promise.all([1, 2, 3].map(() => api.send('POST', `/api/v1/messages/${id}/retry`)))
    expect(asked.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 409, 409])
    const again = await becomes(hub(), id, 'accepted')
    expect(again.retryKey).not.toBe(retryKey)
    expect(t.shown()).toEqual(['refused'])
    expect((await api.send('POST', `/api/v1/messages/${id}/retry`)).status).toBe(409)
    t.close()
  })

  it('says that the account is in trouble when the platform does', async () => {
    const t = await talk(hub(), { lineConfig: { sendPolicy: 'push_only' } })
    t.centre.line.account.setMonthlyQuota(0)
    const { error } = await becomes(hub(), await t.answer('too many'), 'failed')
    expect(error).toMatchObject({ code: 'quota', provider: { code: '429' } })
    const { db, t: tables } = hub().ctx.store
    const inbox = (await db.select().from(tables.inboxes)).find(({ id }) => id === t.centre.line.inboxId)
    expect(inbox?.health.state).toBe('quota_exhausted')
    t.close()
  })

  it('ends unconfirmed when nobody knows whether an answer by token arrived, and is never sent again by itself', async () => {
    const t = await talk(hub())
    t.centre.line.account.failNext({ kind: 'lose_answer' }, /reply$/)
    const id = await t.answer('perhaps')
    const { retryKey } = await becomes(hub(), id, 'unconfirmed')
    await passTime(hub(), 3_600_000)
    expect(await standingOf(hub(), id)).toMatchObject({ status: 'unconfirmed', attempts: 1 })
    expect(sends(t)).toHaveLength(1)
    expect((await apiOf(hub(), t.centre.agent('ann')).send('POST', `/api/v1/messages/${id}/retry`)).status).toBe(200)
    expect((await becomes(hub(), id, 'accepted')).retryKey).toBe(retryKey)
    expect(sends(t).map(({ way }) => way)).toEqual(['reply', 'push'])
    t.close()
  })

  it('keeps its order inside a conversation while one waits, and does not hold other conversations back', async () => {
    const t = await talk(hub(), { lineConfig: { sendPolicy: 'push_only' } })
    const other = t.centre.customer('Wu')
    await other.sendText('me too')
    const beside = await t.ann.acceptNext()
    for (let i = 0; i < 3; i++) t.centre.line.account.failNext(busy, /push$/)
    const texts = ['one', 'two', 'three', 'four', 'five']
    const ids: string[] = []
    for (const text of texts) ids.push(await t.answer(text))
    await until('the first has been refused', async () => (await standingOf(hub(), ids[0] ?? '')).attempts === 1)
    t.centre.line.account.failNext(busy, /push$/)
    const { message } = await t.ann.ask('message.send', {
      conversationId: beside,
      clientId: 'client-beside',
      parts: [{ type: 'text', text: 'for you' }],
    })
    await advanceUntil(hub(), 'all have arrived', 1_000, async () => {
      const standings = await Promise.all([...ids, message.id].map((id) => standingOf(hub(), id)))
      return standings.every(({ status }) => status === 'accepted')
    })
    expect(t.shown()).toEqual(texts)
    t.close()
  })

  it('ends as unconfirmed when the provider only ever fails: it may have taken one attempt', async () => {
    const t = await talk(hub(), { lineConfig: { sendPolicy: 'push_only' } })
    for (let i = 0; i < 20; i++) t.centre.line.account.failNext(busy, /push$/)
    const id = await t.answer('never')
    const ended = await advanceUntil(hub(), 'it has ended', 300_000, async () => {
      // Minutes must not pass while an attempt is under way: it would be taken for one whose process died.
      const now = await until('no attempt is under way', async () => {
        const standing = await standingOf(hub(), id)
        return standing.status === 'sending' ? null : standing
      })
      return now.status === 'unconfirmed' ? now : null
    })
    expect(ended).toMatchObject({ attempts: 10, error: { code: 'unavailable', provider: { code: '500' } } })
    t.close()
  })
})
