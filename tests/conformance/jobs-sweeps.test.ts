import { eq, getTableColumns } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { tables } from '../../db/schema/sqlite.ts'
import { dueWork } from '../../src/services/due/due-work.ts'
import { type AgentConsole, agentSocket, apiOf, logIn } from '../support/agent-client.ts'
import { type Centre, makeCentre } from '../support/centre.ts'
import { conversationRow, factsOf } from '../support/facts.ts'
import { forgetfulJobs } from '../support/forgetful-jobs.ts'
import { databases, type TestHub, useHub } from '../support/hub.ts'
import { standingOf, talk } from '../support/talk.ts'
import { until } from '../support/until.ts'

const minuteMs = 60_000

/** Something that becomes due by time alone. */
interface DueCase {
  readonly says: string
  /** Columns that hold when it is due, as `table.column`. */
  readonly columns: readonly string[]
  /** Brings it about; all wake-ups are lost meanwhile. */
  prepare(hub: TestHub): Promise<Prepared>
}

interface Prepared {
  readonly dueInMs: number
  /** Whether it was done; false before it is due. */
  done(): Promise<boolean>
  close?(): void
}

const talkingTo = async (hub: TestHub, queue: object = {}) => {
  const t = await talk(hub, { queues: { main: queue }, lineConfig: { sendPolicy: 'push_only' } })
  return {
    ...t,
    row: () => conversationRow(hub, t.conversationId),
    act: (verb: string, body?: object) =>
      apiOf(hub, t.centre.agent('ann')).send('POST', `/api/v1/conversations/${t.conversationId}/${verb}`, body),
  }
}

const offered = async (hub: TestHub): Promise<{ centre: Centre; ann: AgentConsole; conversationId: string }> => {
  const centre = await makeCentre(hub)
  const ann = await agentSocket(hub, centre.agent('ann'))
  await ann.goAvailable()
  await centre.customer().sendText('hello')
  return { centre, ann, conversationId: (await ann.nextOffer()).conversationId }
}

async function offerOf({ ctx: { store } }: TestHub, conversationId: string): Promise<string | undefined> {
  const offers = await store.db.select().from(store.t.offers).where(eq(store.t.offers.conversationId, conversationId))
  return offers[0]?.status
}

const cases: readonly DueCase[] = [
  {
    says: 'an offer’s deadline',
    columns: ['offers.expiresAt'],
    prepare: async (hub) => {
      const { ann, conversationId } = await offered(hub)
      return { dueInMs: minuteMs, done: async () => (await offerOf(hub, conversationId)) === 'expired', close: ann.close }
    },
  },
  {
    says: 'a presence lease that ran out',
    columns: ['agentStates.leaseUntil'],
    prepare: async (hub) => {
      const { ann, conversationId } = await offered(hub)
      return { dueInMs: 45_000, done: async () => (await offerOf(hub, conversationId)) === 'withdrawn', close: ann.close }
    },
  },
  {
    says: 'a customer who waits for an agent long absent',
    columns: ['agentStates.absentSince'],
    prepare: async (hub) => {
      const t = await talkingTo(hub)
      hub.fake.jump(45_000)
      const { agentStates } = hub.ctx.store.t
      const absent = async () =>
        (await hub.ctx.store.db.select().from(agentStates)).find(({ agentId }) => agentId === t.centre.agent('ann').id)?.absentSince != null
      await until('the agent is absent', async () => {
        await hub.fake.advance(2_000)
        return absent()
      })
      return { dueInMs: 2 * minuteMs, done: async () => (await t.row()).status === 'queued', close: t.close }
    },
  },
  {
    says: 'a snooze',
    columns: ['conversations.snoozedUntil'],
    prepare: async (hub) => {
      const t = await talkingTo(hub)
      await t.act('snooze', { until: hub.clock.now() + 10 * minuteMs })
      return { dueInMs: 10 * minuteMs, done: async () => (await t.row()).status !== 'snoozed', close: t.close }
    },
  },
  {
    says: 'a wrap-up',
    columns: ['conversations.wrapUpUntil'],
    prepare: async (hub) => {
      const t = await talkingTo(hub, { wrapUpMs: 5 * minuteMs })
      await t.act('finish')
      return { dueInMs: 5 * minuteMs, done: async () => (await t.row()).status === 'resolved', close: t.close }
    },
  },
  {
    says: 'a target that is not met',
    columns: ['conversations.slaDueAt'],
    prepare: async (hub) => {
      const { customer, line } = await makeCentre(hub, { queues: { main: { firstResponseMs: 3 * minuteMs } } })
      await customer().sendText('hello')
      return { dueInMs: 3 * minuteMs, done: async () => (await factsOf(hub, line.inboxId)).conversations[0]?.slaBreachedAt != null }
    },
  },
  {
    says: 'a silent customer’s slot',
    columns: ['conversations.lastMessageAt'],
    prepare: async (hub) => {
      const t = await talkingTo(hub)
      await t.answer('anything else?')
      return { dueInMs: 10 * minuteMs, done: async () => (await t.row()).parkedAt !== null, close: t.close }
    },
  },
  {
    says: 'a first attempt nobody was woken for',
    columns: ['outbox.nextAttemptAt'],
    prepare: async (hub) => {
      const t = await talkingTo(hub)
      const id = await t.answer('hi')
      return { dueInMs: 0, done: async () => (await standingOf(hub, id)).status === 'accepted', close: t.close }
    },
  },
  {
    says: 'a send whose worker is gone',
    columns: ['outbox.leaseUntil'],
    prepare: async (hub) => {
      const t = await talkingTo(hub)
      const id = await t.answer('hi')
      const { db, t: tables } = hub.ctx.store
      const items = await db.select().from(tables.outbox)
      const item = items.find(({ messageId }) => messageId === id)
      await leaveBehind(hub, item?.id ?? '', id)
      return { dueInMs: minuteMs, done: async () => (await standingOf(hub, id)).status === 'accepted', close: t.close }
    },
  },
  {
    says: 'a picture that was not fetched',
    columns: ['files.nextAttemptAt'],
    prepare: async (hub) => {
      const { customer, line } = await makeCentre(hub)
      await customer().sendImage({ bytes: Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), mime: 'image/png' })
      const { files } = hub.ctx.store.t
      const state = async () => (await hub.ctx.store.db.select().from(files)).find(({ inboxId }) => inboxId === line.inboxId)?.state
      return { dueInMs: 0, done: async () => (await state()) === 'ready' }
    },
  },
  {
    says: 'a log-in that is over',
    columns: ['sessions.expiresAt'],
    prepare: async (hub) => {
      const { agent } = await makeCentre(hub, { agents: { ann: { logsIn: true } } })
      await logIn(hub, agent('ann'))
      const { sessions } = hub.ctx.store.t
      const done = async () => !(await hub.ctx.store.db.select().from(sessions)).some(({ agentId }) => agentId === agent('ann').id)
      return { dueInMs: 14 * 86_400_000, done }
    },
  },
]

/** An item as a worker leaves it that took it and died. */
async function leaveBehind({ ctx: { store, clock } }: TestHub, outboxId: string, messageId: string): Promise<void> {
  const leaseUntil = clock.now() + minuteMs
  await store.tx(async (tx) => {
    const { outbox, messages } = tx.t
    await tx.db
      .update(outbox)
      .set({ status: 'sending', attempts: 1, leaseUntil, leaseToken: 'the dead', nextAttemptAt: leaseUntil })
      .where(eq(outbox.id, outboxId))
    await tx.db.update(messages).set({ delivery: 'sending' }).where(eq(messages.id, messageId))
  })
}

const jobs = forgetfulJobs()

describe.each(databases)('due work, when the job queue has forgotten everything, %s', (database) => {
  const hub = useHub({ database, overrides: { createJobs: jobs.create } })

  const prepared = async (due: DueCase): Promise<Prepared> => {
    jobs.forgets = true
    try {
      const given = await due.prepare(hub())
      expect(await given.done()).toBe(false)
      return given
    } finally {
      // From here on the sweeps themselves may be heard; what use cases told before is gone.
      jobs.forgets = false
    }
  }

  it.each(cases.map((due) => [due.says, due] as const))('%s is found at an interval', async (_says, due) => {
    const given = await prepared(due)
    if (given.dueInMs > 2 * minuteMs) {
      hub().fake.jump(given.dueInMs - minuteMs)
      await hub().fake.advance(4_000)
      expect(await given.done()).toBe(false)
      hub().fake.jump(minuteMs)
    } else hub().fake.jump(given.dueInMs)
    await until(due.says, async () => {
      await hub().fake.advance(due.columns[0] === 'sessions.expiresAt' ? 61_000 : 2_000)
      return given.done()
    })
    given.close?.()
  })

  it.each(cases.map((due) => [due.says, due] as const))('%s is found at the start', async (_says, due) => {
    const given = await prepared(due)
    given.close?.()
    hub().fake.jump(given.dueInMs + 1)
    await hub().restart()
    await until(due.says, given.done)
  })
})

describe('due work', () => {
  /** Instants with an end that nothing has to be done at: they are asked when they matter. */
  const askedAtUse = [
    'accountLinks.expiresAt',
    'apiTokens.expiresAt',
    'conversations.preferredUntil',
    'conversations.replyTokenExpiresAt',
    'leases.expiresAt',
    'oneTimeLinks.expiresAt',
  ]

  it('has a case here for every column that says until when', () => {
    const named = Object.entries(tables).flatMap(([table, columns]) =>
      Object.keys(getTableColumns(columns))
        .filter((column) => /(Until|ExpiresAt|DueAt|AttemptAt)$|^expiresAt$/.test(column))
        .map((column) => `${table}.${column}`),
    )
    const covered = new Set([...cases.flatMap(({ columns }) => columns), ...askedAtUse])
    expect(named.filter((column) => !covered.has(column))).toEqual([])
    expect(askedAtUse.filter((column) => !named.includes(column))).toEqual([])
  })

  it('has no two kinds of one name', () => {
    const names = dueWork.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })
})
