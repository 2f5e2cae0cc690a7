import { and, eq } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { holdsLease, takeLease } from '../../db/queries/leases.ts'
import { offerById, pendingOffersOf } from '../../db/queries/offers.ts'
import type { Viewer } from '../../src/core/access/authorize.ts'
import { AppError } from '../../src/lib/errors.ts'
import { systemViewer } from '../../src/services/access/system-viewer.ts'
import { assignConversation } from '../../src/services/conversations/assign-conversation.ts'
import { acceptOffer } from '../../src/services/offers/accept-offer.ts'
import { createOffer } from '../../src/services/offers/create-offer.ts'
import { declineOffer } from '../../src/services/offers/decline-offer.ts'
import { expireOffer } from '../../src/services/offers/expire-offer.ts'
import { renewPresence } from '../../src/services/presence/renew-presence.ts'
import { setAgentState } from '../../src/services/presence/set-agent-state.ts'
import { type Centre, makeCentre } from '../support/centre.ts'
import { conversationRow } from '../support/facts.ts'
import { databases, type TestHub, useHub } from '../support/hub.ts'

/** How often one offer is raced for; RACE_ROUNDS asks for more. */
const rounds = Number(process.env['RACE_ROUNDS'] ?? 100)
const racers = 50
/** Tabs of the agent who is offered; the rest are colleagues who must not get it. */
const tabs = 10

interface Race {
  readonly hub: TestHub
  readonly centre: Centre
  readonly viewers: readonly Viewer[]
  readonly conversationId: string
  readonly token: number
}

const capacity = { max: { line: 100 }, weights: { line: 0 } }
const roomy = { capacity }

/** A waiting conversation in a centre without a router, and everybody who will try for it. */
async function raceIn(hub: TestHub): Promise<Race> {
  const names = Array.from({ length: racers - tabs + 1 }, (_, i) => `racer${i}`)
  const centre = await makeCentre(hub, { agents: Object.fromEntries(names.map((name) => [name, roomy])) })
  await centre.customer().sendText('hello')
  const { ctx } = hub
  const viewers = await Promise.all(names.map((name) => centre.agent(name).viewer()))
  for (const { agentId } of viewers) {
    await renewPresence(ctx, agentId)
    await setAgentState(ctx, systemViewer, agentId, { state: 'available' })
  }
  const { conversations } = ctx.store.t
  const [row] = await ctx.store.db.select().from(conversations).where(eq(conversations.inboxId, centre.line.inboxId))
  const now = ctx.clock.now()
  const token = await ctx.store.tx((tx) => takeLease(tx, { name: 'races', holder: 'test', now, expiresAt: now + 1e12 }))
  return { hub, centre, viewers, conversationId: row?.id ?? '', token: token ?? 0 }
}

async function offerTo({ hub, conversationId, token }: Race, agentId: string, queueId: string): Promise<string> {
  const { ctx } = hub
  const order = { priority: 5, since: 0, personal: false }
  const why = { ring: 0, selection: 'test', order, candidates: 1, chosen: { agentId, keys: {} }, excluded: [] }
  const expiresAt = ctx.clock.now() + 60_000
  const decision = { kind: 'offer' as const, itemId: conversationId, queueId, agentId, channel: 'line' as const, expiresAt, why }
  expect(await createOffer(ctx, decision, { name: 'races', token })).toBe('offered')
  const [made] = await pendingOffersOf(ctx.store, agentId)
  return made?.id ?? ''
}

const codeOf = (reason: unknown) => (reason instanceof AppError ? (reason.details['code'] ?? reason.kind) : String(reason))

describe.each(databases)('races for an offer, %s', (database) => {
  const hub = useHub({ database, env: { ROLE: 'web' } })

  it(`fifty at a barrier, ${rounds} times: one has it each time (F33)`, { timeout: 600_000 }, async () => {
    const race = await raceIn(hub())
    const { ctx } = hub()
    const queueId = race.centre.queue('main')
    const [chosen] = race.viewers
    if (chosen === undefined) throw new Error('nobody races')
    const others = race.viewers.slice(1)
    for (let round = 0; round < rounds; round++) {
      const offerId = await offerTo(race, chosen.agentId, queueId)
      const tries = others.map((viewer) => () => acceptOffer(ctx, viewer, offerId))
      for (let tab = 0; tab < tabs; tab++) tries.splice((tab * 7 + round) % (tries.length + 1), 0, () => acceptOffer(ctx, chosen, offerId))
      const outcomes = await Promise.allSettled(tries.map((attempt) => attempt()))
      const won = outcomes.filter(({ status }) => status === 'fulfilled').length
      const codes = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [codeOf(outcome.reason)] : []))
      expect([won, codes.filter((code) => code === 'offer_ended').length, codes.filter((code) => code === 'not_found').length]).toEqual([
        1,
        tabs - 1,
        racers - tabs,
      ])
      const row = await conversationRow(hub(), race.conversationId)
      expect(row).toMatchObject({ status: 'active', assigneeId: chosen.agentId })
      await assignConversation(ctx, systemViewer, race.conversationId, { queueId })
    }
    expect(await ctx.store.tx((tx) => holdsLease(tx, 'races', race.token))).toBe(true)
  })

  it('accepting, declining, expiring, withdrawing and leaving around the deadline: one outcome and a place, each time (F34)', async () => {
    const race = await raceIn(hub())
    const { ctx } = hub()
    const queueId = race.centre.queue('main')
    const [chosen] = race.viewers
    if (chosen === undefined) throw new Error('nobody races')
    const ends = new Map<string, number>()
    for (let round = 0; round < rounds / 5; round++) {
      await renewPresence(ctx, chosen.agentId)
      await setAgentState(ctx, systemViewer, chosen.agentId, { state: 'available' })
      const offerId = await offerTo(race, chosen.agentId, queueId)
      const [offer] = await offerById(ctx.store, { id: offerId })
      hub().fake.jump((offer?.expiresAt ?? 0) + (round % 11) - 5 - ctx.clock.now())
      const acts = [
        () => acceptOffer(ctx, chosen, offerId),
        () => declineOffer(ctx, chosen, offerId),
        () => expireOffer(ctx, offerId),
        () => setAgentState(ctx, chosen, chosen.agentId, { state: 'offline' }),
        () => assignConversation(ctx, systemViewer, race.conversationId, { queueId }),
      ]
      const turned = [...acts.slice(round % acts.length), ...acts.slice(0, round % acts.length)]
      const outcomes = await Promise.allSettled(turned.map((act) => act()))
      for (const outcome of outcomes) if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(AppError)
      const [after] = await offerById(ctx.store, { id: offerId })
      const { events } = ctx.store.t
      const told = await ctx.store.db
        .select()
        .from(events)
        .where(and(eq(events.subjectId, offerId), eq(events.type, 'offer.ended')))
      const row = await conversationRow(hub(), race.conversationId)
      expect(after?.status).not.toBe('pending')
      expect(told.map(({ data }) => data['outcome'])).toEqual([after?.status])
      expect(['queued', 'active']).toContain(row.status)
      if (row.status === 'active') {
        expect([after?.status, row.assigneeId]).toEqual(['accepted', chosen.agentId])
        await assignConversation(ctx, systemViewer, race.conversationId, { queueId })
      }
      ends.set(after?.status ?? '', (ends.get(after?.status ?? '') ?? 0) + 1)
    }
    // A race that always ends the same way proves little.
    expect(ends.size).toBeGreaterThan(2)
  })
})
