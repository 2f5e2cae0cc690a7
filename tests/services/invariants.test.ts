import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Tx } from '../../db/store.ts'
import { newId } from '../../src/lib/ids.ts'
import { conversationRow } from '../support/facts.ts'
import { startTestHub, type TestHub } from '../support/hub.ts'
import { violationsOf } from '../support/invariants.ts'
import { becomes, type Talk, talk } from '../support/talk.ts'

/** Damage that no use case does, and the words by which the checker must know it. */
type Damage = (tx: Tx, t: Talk, messageId: string) => Promise<unknown>

const damages: readonly (readonly [string, RegExp, Damage])[] = [
  [
    'a counter that is off',
    /counter "all open" says/,
    (tx) =>
      tx.db
        .update(tx.t.counters)
        .set({ value: sql`${tx.t.counters.value} + 1` })
        .where(eq(tx.t.counters.name, 'open')),
  ],
  [
    'a conversation nobody owns',
    /has no owner/,
    (tx, t) => tx.db.update(tx.t.conversations).set({ assigneeId: null }).where(eq(tx.t.conversations.id, t.conversationId)),
  ],
  [
    'a queue that does not exist',
    /waits in a queue that does not exist/,
    (tx, t) =>
      tx.db
        .update(tx.t.conversations)
        .set({ status: 'queued', assigneeId: null, queueId: 'nowhere' })
        .where(eq(tx.t.conversations.id, t.conversationId)),
  ],
  [
    'a snooze without a time',
    /snooze that does not fit/,
    (tx, t) => tx.db.update(tx.t.conversations).set({ status: 'snoozed' }).where(eq(tx.t.conversations.id, t.conversationId)),
  ],
  [
    'a gap in the order',
    /has the ordinals/,
    (tx, _t, id) => tx.db.update(tx.t.messages).set({ ordinal: 77 }).where(eq(tx.t.messages.id, id)),
  ],
  ['a message from a delivery that is not there', /comes from a delivery that is missing/, (tx) => tx.db.delete(tx.t.deliveries)],
  [
    'a send that ended two ways',
    /its outbox item is "failed"/,
    (tx, _t, id) => tx.db.update(tx.t.outbox).set({ status: 'failed' }).where(eq(tx.t.outbox.messageId, id)),
  ],
  ['an outgoing message in no outbox', /is in no outbox/, (tx, _t, id) => tx.db.delete(tx.t.outbox).where(eq(tx.t.outbox.messageId, id))],
  [
    'an item stuck on "sending"',
    /has a lease that does not fit/,
    (tx, _t, id) => tx.db.update(tx.t.outbox).set({ status: 'sending' }).where(eq(tx.t.outbox.messageId, id)),
  ],
  [
    'an offer that is still live',
    /has 1 live offers/,
    (tx, t) => tx.db.update(tx.t.offers).set({ status: 'pending', endedAt: null }).where(eq(tx.t.offers.conversationId, t.conversationId)),
  ],
  [
    'an offer whose end the log does not know',
    /the log says: nothing/,
    (tx) => tx.db.delete(tx.t.events).where(eq(tx.t.events.type, 'offer.ended')),
  ],
  [
    'a message told of twice',
    /message\.created of .* is in the log 2 times/,
    (tx, t, id) =>
      tx.db.insert(tx.t.events).values({
        type: 'message.created',
        at: 0,
        actorType: 'system',
        actorId: 'x',
        conversationId: t.conversationId,
        subjectId: id,
        data: {},
      }),
  ],
  [
    'a move from nowhere',
    /moves .* from bot/,
    (tx, t) =>
      tx.db.insert(tx.t.events).values({
        type: 'conversation.changed',
        at: 0,
        actorType: 'system',
        actorId: 'x',
        conversationId: t.conversationId,
        subjectId: t.conversationId,
        data: { what: 'assigned', from: 'bot', to: 'active' },
      }),
  ],
  [
    'a move nobody told of',
    /the log ends with active/,
    (tx, t) =>
      tx.db
        .update(tx.t.conversations)
        .set({ status: 'resolved', open: false, resolvedAt: 1 })
        .where(eq(tx.t.conversations.id, t.conversationId)),
  ],
  [
    'hands that were fuller than they may be',
    /gives .* one more of line/,
    (tx, t) =>
      tx.db
        .update(tx.t.agents)
        .set({ capacity: { max: { line: 0 }, weights: {} } })
        .where(eq(tx.t.agents.id, t.ann.agent.id)),
  ],
  ['two live conversations of one thread', /has 2 live conversations/, twoLive],
  [
    'a conversation without a message',
    /has no message/,
    (tx, t) => tx.db.update(tx.t.conversations).set({ messageCount: 0 }).where(eq(tx.t.conversations.id, t.conversationId)),
  ],
]

/** The database itself refuses this, so its rule has to go first. */
async function twoLive(tx: Tx, t: Talk): Promise<void> {
  await tx.db.run(sql`drop index conversations_live_uq`)
  const { conversations } = tx.t
  const [row] = await tx.db.select().from(conversations).where(eq(conversations.id, t.conversationId))
  if (row !== undefined) await tx.db.insert(conversations).values({ ...row, id: newId() })
}

/** Takes the damage back. */
class Undo extends Error {}

describe('the checker of invariants', () => {
  let hub: TestHub
  let t: Talk
  let messageId = ''
  beforeAll(async () => {
    hub = await startTestHub()
    t = await talk(hub)
    messageId = await t.answer('hi')
    await becomes(hub, messageId, 'accepted')
  })
  afterAll(async () => {
    t.close()
    await hub.stop()
  })

  it('finds nothing where nothing is wrong', async () => {
    expect(await violationsOf(hub.ctx.store)).toEqual([])
    expect((await conversationRow(hub, t.conversationId)).status).toBe('active')
  })

  it.each(damages)('finds %s', async (_says, words, damage) => {
    const found: string[] = []
    const look = hub.ctx.store.tx(async (tx) => {
      await damage(tx, t, messageId)
      found.push(...(await violationsOf(tx)))
      throw new Undo()
    })
    await expect(look).rejects.toThrow(Undo)
    expect(found.join('\n')).toMatch(words)
    expect(await violationsOf(hub.ctx.store)).toEqual([])
  })
})
