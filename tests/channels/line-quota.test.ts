import { eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { readQuota } from '../../src/services/quota/read-quota.ts'
import type { Inbox } from '../../src/wire/inboxes.ts'
import { apiOf } from '../support/agent-client.ts'
import { databases, useHub } from '../support/hub.ts'
import { becomes, passTime, standingOf, type Talk, talk } from '../support/talk.ts'
import { until } from '../support/until.ts'

const patient = new AbortController().signal
const agents = { ann: {}, sue: { role: 'supervisor' } } as const

describe.each(databases)('a monthly plan that is nearly used up, %s', (database) => {
  const hub = useHub({ database })

  /** A talk whose reply token is gone, on an account with nothing left of its plan. */
  async function shortOf(whenQuotaLow: 'warn' | 'ask' | 'defer'): Promise<Talk> {
    const t = await talk(hub(), { agents, lineConfig: { whenQuotaLow } })
    await becomes(hub(), await t.answer('free'), 'accepted')
    t.centre.line.account.setMonthlyQuota(0)
    await readQuota(hub().ctx, t.centre.line.inboxId, patient)
    t.centre.line.account.setMonthlyQuota(null)
    return t
  }

  const held = (id: string) =>
    until('it waits', async () => {
      const { ctx } = hub()
      const [item] = await ctx.store.db.select().from(ctx.store.t.outbox).where(eq(ctx.store.t.outbox.messageId, id))
      return item?.hold === null ? null : item
    })

  it('is read every hour, with what it leads to, for whoever writes', async () => {
    const t = await talk(hub(), { agents })
    t.centre.line.account.setMonthlyQuota(100)
    await passTime(hub(), 3_700_000)
    const api = apiOf(hub(), t.centre.agent('ann'))
    const shown = await until('it was read', async () => {
      const { body } = await api.get<{ items: Inbox[] }>('/api/v1/inboxes')
      const quota = body.items.find(({ id }) => id === t.centre.line.inboxId)?.quota
      return quota?.limit === 100 ? quota : null
    })
    expect(shown).toMatchObject({ limit: 100, used: 0, left: 100, level: 'ok', whenLow: 'warn' })
    t.close()
  })

  it('sends all the same under "warn"', async () => {
    const t = await shortOf('warn')
    await becomes(hub(), await t.answer('counted'), 'accepted')
    expect(t.shown()).toEqual(['free', 'counted'])
    t.close()
  })

  it('waits for a supervisor under "ask", and nobody else may allow it', async () => {
    const t = await shortOf('ask')
    const id = await t.answer('may I?')
    const item = await held(id)
    expect(item).toMatchObject({ hold: 'approval', status: 'queued', error: { code: 'needs_approval' } })
    expect(t.shown()).toEqual(['free'])
    const approve = (name: string) => apiOf(hub(), t.centre.agent(name)).send('POST', `/api/v1/messages/${id}/approve`)
    expect((await approve('ann')).status).toBe(403)
    expect((await approve('sue')).status).toBe(200)
    await becomes(hub(), id, 'accepted')
    expect(t.shown()).toEqual(['free', 'may I?'])
    expect((await approve('sue')).status).toBe(409)
    t.close()
  })

  it('has failed, visibly, when nobody allowed it within a day', async () => {
    const t = await shortOf('ask')
    const id = await t.answer('forgotten')
    await held(id)
    await passTime(hub(), 25 * 3_600_000)
    const { error } = await becomes(hub(), id, 'failed')
    expect(error?.code).toBe('not_approved')
    expect(t.shown()).toEqual(['free'])
    t.close()
  })

  it('waits for the customer under "defer", and then goes out free of charge', async () => {
    const t = await shortOf('defer')
    const id = await t.answer('when you write')
    expect(await held(id)).toMatchObject({ hold: 'customer', error: { code: 'deferred' } })
    await t.chen.sendText('hello again')
    await becomes(hub(), id, 'accepted')
    expect(t.centre.line.account.thread(t.chen.userId).entries.at(-1)).toMatchObject({ route: 'reply' })
    expect(t.centre.line.account.quotaUsed()).toBe(0)
    t.close()
  })

  it('shows as the health of the inbox when nothing is left, and a free reply does not hide it', async () => {
    const t = await talk(hub(), { agents })
    t.centre.line.account.setMonthlyQuota(0)
    await readQuota(hub().ctx, t.centre.line.inboxId, patient)
    await becomes(hub(), await t.answer('free'), 'accepted')
    const { inboxes } = hub().ctx.store.t
    const stateNow = async () => {
      const [row] = await hub().ctx.store.db.select().from(inboxes).where(eq(inboxes.id, t.centre.line.inboxId))
      return row?.health.state
    }
    expect(await stateNow()).toBe('quota_exhausted')
    const refused = await t.answer('counted')
    expect((await becomes(hub(), refused, 'failed')).error).toMatchObject({ code: 'quota', provider: { code: '429' } })
    t.centre.line.account.setMonthlyQuota(500)
    await readQuota(hub().ctx, t.centre.line.inboxId, patient)
    expect(await stateNow()).toBe('ok')
    t.close()
  })

  it('tells before sending whether an answer is free', async () => {
    const t = await talk(hub(), { agents })
    const api = apiOf(hub(), t.centre.agent('ann'))
    const freeUntil = async () => {
      const { body } = await api.get<{ freeUntil: number | null }>(`/api/v1/conversations/${t.conversationId}`)
      return body.freeUntil
    }
    expect(await freeUntil()).toBeGreaterThan(hub().clock.now())
    await becomes(hub(), await t.answer('free'), 'accepted')
    expect(await freeUntil()).toBeNull()
    expect(await standingOf(hub(), await t.answer('counted'))).toMatchObject({ attempts: expect.any(Number) })
    t.close()
  })
})
