import Database from 'better-sqlite3'
import type { Centre } from './centre.ts'

/** Conversations that wait in the queue; a centre works its queue off, whatever its history. */
const waiting = 500
/** One in so many conversations is being worked on; the others are resolved. */
const activeEvery = 5

interface Column {
  readonly name: string
}

/**
 * Multiplies the one conversation of a centre, with its contact, address and message, until there are `total`: 500
 * wait, a fifth is with the agents, the rest is resolved. Counters are kept as the hub keeps them. No hub may be running.
 */
export function growTo(centre: Centre, total: number): void {
  const database = new Database(centre.databaseFile)
  try {
    for (const pragma of ['synchronous = OFF', 'foreign_keys = OFF', 'cache_size = -262144']) database.pragma(pragma)
    const from = Number(database.prepare('select count(*) from conversations').pluck().get())
    const template = database.prepare('select id, contact_id, contact_point_id from conversations order by id limit 1').get() as {
      id: string
      contact_id: string
      contact_point_id: string
    }
    const people = centre.agents.map(({ id }) => id)
    database.transaction(() => {
      database.exec('create temp table people (place integer primary key, id text)')
      for (const [place, id] of people.entries()) database.prepare('insert into people values (?, ?)').run(place, id)
      const range = { from, to: total - 1, people: people.length }
      const copy = (table: string, id: string, changed: Readonly<Record<string, string>>) => {
        const columns = (database.pragma(`table_info(${table})`) as Column[]).map(({ name }) => name)
        const values = columns.map((name) => changed[name] ?? `t."${name}"`)
        const names = columns.map((name) => `"${name}"`).join(', ')
        const numbers = 'with recursive n(i) as (select @from union all select i + 1 from n where i < @to)'
        database
          .prepare(
            `insert into ${table} (${names}) ${numbers} select ${values.join(', ')} from n, ${table} t where t.id = @id and @people > 0`,
          )
          .run({ ...range, id })
      }
      copy('contacts', template.contact_id, { id: idOf('1') })
      copy('contact_points', template.contact_point_id, { id: idOf('2'), contact_id: idOf('1'), address: address('bench:') })
      copy('conversations', template.id, conversationColumns)
      const message = String(database.prepare('select id from messages where conversation_id = ?').pluck().get(template.id))
      const external = "'9' || printf('%017d', i)"
      copy('messages', message, { id: idOf('4'), conversation_id: idOf('3'), external_id: external, author_id: idOf('1') })
      countAfresh(database)
      database.exec('drop table people')
    })()
    database.exec('analyze')
    database.pragma('wal_checkpoint(TRUNCATE)')
  } finally {
    database.close()
  }
}

const idOf = (kind: string): string => `printf('0190a000-0000-7000-8${kind.padStart(3, '0')}-%012x', i)`
const address = (prefix: string): string => `'${prefix}U' || printf('%032x', i)`
const status = `case when i < ${waiting} then 'queued' when i % ${activeEvery} = 0 then 'active' else 'resolved' end`

const conversationColumns: Readonly<Record<string, string>> = {
  id: idOf('3'),
  contact_id: idOf('1'),
  contact_point_id: idOf('2'),
  thread_key: address(''),
  status,
  open: `(${status}) <> 'resolved'`,
  assignee_id: `case when (${status}) = 'queued' then null else (select id from people where place = i % @people) end`,
  last_message_at: 't.last_message_at - i * 1000',
  waiting_since: 't.waiting_since - i * 1000',
  sla_due_at: 'null',
  resolved_at: `case when (${status}) = 'resolved' then t.created_at end`,
}

/** Puts every counter at what the rows say. */
function countAfresh(database: Database.Database): void {
  database.exec(`delete from counters;
    insert into counters (scope, name, value)
      select 'all', 'open', count(*) from conversations where open = 1
      union all select 'all', 'waiting', count(*) from conversations where status in ('queued', 'offered')
      union all select 'queue:' || queue_id, 'waiting:' || channel, count(*) from conversations where status in ('queued', 'offered') group by queue_id, channel
      union all select 'queue:' || queue_id, 'active', count(*) from conversations where status in ('active', 'wrap_up') group by queue_id
      union all select 'agent:' || assignee_id, 'open:' || channel, count(*) from conversations where status in ('active', 'wrap_up') group by assignee_id, channel`)
}
