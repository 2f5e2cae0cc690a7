import Database from 'better-sqlite3'
import { eventIdOf, kindOf, type LinePlan, messageIdOf, originalOf } from './line-plan.ts'

/** What the database holds of what was acknowledged. */
export interface Verdict {
  /** Acknowledged webhooks whose ledger row, message or event is not there. */
  readonly missing: number
  /** Messages, ledger rows or events beyond one for each webhook. */
  readonly duplicate: number
  /** Conversations without a message, or whose count is not that of their messages. */
  readonly broken: number
}

/** Rows of one run, by the provider's id: how often each is there. */
export interface StoredRun {
  readonly deliveries: ReadonlyMap<string, number>
  readonly messages: ReadonlyMap<string, number>
  /** Message events by the provider's id of their message. */
  readonly events: ReadonlyMap<string, number>
}

/** Holds acknowledgements against rows. */
export function judge(
  plan: Pick<LinePlan, 'run' | 'kind' | 'repeats'>,
  acked: Iterable<number>,
  stored: StoredRun,
): Omit<Verdict, 'broken'> {
  let missing = 0
  const originals = new Set<number>()
  for (const n of acked) originals.add(originalOf(plan, n))
  for (const n of originals) {
    const delivered = stored.deliveries.has(eventIdOf(plan.run, n))
    const id = messageIdOf(plan.run, n)
    const said = kindOf(plan, n) === 'follow' || (stored.messages.has(id) && stored.events.has(id))
    if (!delivered || !said) missing += 1
  }
  const beyondOne = (counts: ReadonlyMap<string, number>) => [...counts.values()].reduce((sum, count) => sum + count - 1, 0)
  return { missing, duplicate: beyondOne(stored.deliveries) + beyondOne(stored.messages) + beyondOne(stored.events) }
}

/** Reads the rows of a run and judges them. The hub may be running. */
export function verifyIngest(file: string, plan: LinePlan, acked: Iterable<number>): Verdict {
  const database = new Database(file, { readonly: true })
  try {
    const counts = (sql: string, prefix: string) =>
      new Map((database.prepare(sql).raw(true).all(`${prefix}*`) as [string, number][]).map(([id, count]) => [id, count]))
    const deliveries = counts('select external_id, count(*) from deliveries where external_id glob ? group by 1', `01${plan.run}`)
    const messages = counts('select external_id, count(*) from messages where external_id glob ? group by 1', plan.run)
    const events = counts(
      "select m.external_id, count(*) from messages m join events e on e.subject_id = m.id and e.type = 'message.created' where m.external_id glob ? group by 1",
      plan.run,
    )
    return { ...judge(plan, acked, { deliveries, messages, events }), broken: brokenConversations(database) }
  } finally {
    database.close()
  }
}

/** Conversations that are empty or whose messages are not numbered 1… without gaps. */
function brokenConversations(database: Database.Database): number {
  const sql = `select count(*) from conversations c left join
    (select conversation_id, count(*) n, max(ordinal) last from messages group by 1) m on m.conversation_id = c.id
    where m.n is null or m.n <> c.message_count or m.last <> c.message_count`
  return Number(database.prepare(sql).pluck().get())
}
