import { asc } from 'drizzle-orm'
import type { Store, Tx } from '../../db/store.ts'
import { capacityViolations } from './invariants/capacity.ts'
import { conversationViolations } from './invariants/conversations.ts'
import { counterViolations } from './invariants/counters.ts'
import type { CapacityHistory, Everything } from './invariants/everything.ts'
import { logViolations } from './invariants/log.ts'
import { messageViolations } from './invariants/messages.ts'
import { offerViolations } from './invariants/offers.ts'

/** What the checker cannot read from the database. */
export interface InvariantOptions {
  /** What agents were allowed to hold over time, where a test has changed it; their present rules otherwise. */
  readonly capacityAt?: CapacityHistory
}

/**
 * Holds what is in a database against everything that must always be true of it (`faults.md` §2: I1 to I5, I8), reading each
 * table whole: the log is replayed, the kept numbers are counted again. For a store at rest.
 * @returns one sentence for each violation, with ids; empty when all is well.
 */
export async function violationsOf(on: Pick<Store | Tx, 'db' | 't'>, options: InvariantOptions = {}): Promise<string[]> {
  const all = await readEverything(on)
  return [
    ...counterViolations(all),
    ...conversationViolations(all),
    ...messageViolations(all),
    ...offerViolations(all),
    ...logViolations(all),
    ...capacityViolations(all, options.capacityAt),
  ]
}

async function readEverything({ db, t }: Pick<Store | Tx, 'db' | 't'>): Promise<Everything> {
  const [conversations, messages, offers, outbox, deliveries, counters, agents, queues, points, events] = await Promise.all([
    db.select().from(t.conversations),
    db.select().from(t.messages).orderBy(asc(t.messages.conversationId), asc(t.messages.ordinal)),
    db.select().from(t.offers),
    db.select().from(t.outbox),
    db.select().from(t.deliveries),
    db.select().from(t.counters),
    db.select().from(t.agents),
    db.select().from(t.queues),
    db.select().from(t.contactPoints),
    db.select().from(t.events).orderBy(asc(t.events.seq)),
  ])
  return { conversations, messages, offers, outbox, deliveries, counters, agents, queues, points, events }
}
