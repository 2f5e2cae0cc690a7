import { describe, expect, it } from 'vitest'
import { insertOutbox } from '../../../db/queries/outbox.ts'
import { sweep } from '../../../src/jobs/sweep.ts'
import { newId } from '../../../src/lib/ids.ts'
import { appendMessage } from '../../../src/services/conversations/append-message.ts'
import { makeCentre } from '../../support/centre.ts'
import { factsOf } from '../../support/facts.ts'
import { forgetfulJobs } from '../../support/forgetful-jobs.ts'
import { databases, type TestHub, useHub } from '../../support/hub.ts'
import { becomes, talk } from '../../support/talk.ts'
import { postEvents, textEvent } from '../../support/webhooks.ts'

const jobs = forgetfulJobs()

describe.each(databases)('what is due to be sent, %s', (database) => {
  const hub = useHub({ database, overrides: { createJobs: jobs.create } })

  it('is found behind any number of conversations whose first message must wait', async () => {
    const crowd = await makeCentre(hub())
    const people = Array.from({ length: 220 }, () => crowd.customer().userId)
    for (let i = 0; i < people.length; i += 20)
      expect(
        (
          await postEvents(
            crowd.line,
            people.slice(i, i + 20).map((userId) => textEvent(userId, 'hello')),
          )
        ).status,
      ).toBe(200)
    const now = hub().clock.now()
    const { conversations } = await factsOf(hub(), crowd.line.inboxId)
    await writeTwoInEach(hub(), conversations, now + 3_600_000)
    await hub().fake.advance(1_000)
    jobs.forgets = true
    const t = await talk(hub(), { lineConfig: { sendPolicy: 'push_only' } })
    const id = await t.answer('for you')
    jobs.forgets = false
    await hub().fake.advance(1_000)
    await sweep(hub().ctx)
    await becomes(hub(), id, 'accepted')
    t.close()
  })
})

/** Two messages of ours in each: the first was refused and waits until an instant, the second waits behind it. */
async function writeTwoInEach(
  { ctx: { store, clock } }: TestHub,
  conversations: readonly { id: string; inboxId: string }[],
  until: number,
): Promise<void> {
  const now = clock.now()
  await store.tx(async (tx) => {
    for (const { id: conversationId, inboxId } of conversations) {
      for (const nextAttemptAt of [until, now]) {
        const actor = { type: 'system', id: 'tests' } as const
        const message = await appendMessage(tx, {
          conversationId,
          inboxId,
          direction: 'out',
          parts: [{ type: 'text', text: 'hi' }],
          actor,
          now,
          delivery: 'queued',
        })
        const blank = { leaseUntil: null, leaseToken: null, route: null, hold: null, approvedBy: null, error: null, attempts: 0 }
        await insertOutbox(tx, {
          ...blank,
          id: newId(),
          messageId: message.id,
          conversationId,
          inboxId,
          status: 'queued',
          nextAttemptAt,
          retryKey: newId(),
          createdAt: now,
          updatedAt: now,
        })
      }
    }
  })
}
