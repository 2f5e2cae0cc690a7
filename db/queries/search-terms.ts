import { desc, eq, type SQL, sql } from 'drizzle-orm'
import { type Kit, postgresKit, sqliteKit } from '../kit.ts'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import type { Db, Dialect, Store, Tx } from '../store.ts'

/** The two full-text tables: what was said, and who people are. */
export type Shelf = 'message' | 'contact'

/** Documents that have all terms of one of these lists. Terms have no quotes, blanks or ASCII signs in them. */
export type Match = readonly (readonly string[])[]

/** A document that was found, with what decides who may see it; the latter is null for contacts. */
export interface Hit {
  readonly id: number
  readonly kind: Tables['searchDocuments']['$inferSelect']['kind']
  readonly subjectId: string
  readonly conversationId: string | null
  readonly authorId: string | null
  readonly at: number
  readonly queueId: string | null
  readonly inboxId: string | null
  readonly assigneeId: string | null
  readonly offeredTo: string | null
}

/** Where to look: documents below `before`, from `floor` on, the highest first. */
export interface HitRange {
  readonly before: number
  readonly floor: number
  readonly limit: number
}

/**
 * SQLite looks for several terms at once within so many documents: without a bound, two common terms that never meet would be
 * compared through the whole history.
 */
const bucketSize = 32_768
/** PostgreSQL reads so many of the newest documents one by one before it asks the index, which knows no order. */
const recentDocuments = 2_000

const dialects = ['sqlite', 'postgres'] as const
const shelves = ['message', 'contact'] as const

// SQLite's number of a row is a column of every full-text table; PostgreSQL's is an ordinary one.
const termTable = (dialect: Dialect, shelf: Shelf) => {
  const kit: Kit = dialect === 'sqlite' ? sqliteKit : postgresKit
  return kit.table(`search_${shelf}_terms`, {
    id: kit.int(dialect === 'sqlite' ? 'rowid' : 'id').notNull(),
    terms: kit.text('terms').notNull(),
  })
}

type TermTable = ReturnType<typeof termTable>

/** One statement for each dialect and shelf, made by `build`. */
function forEach<T>(build: (dialect: Dialect, shelf: Shelf, table: TermTable) => T): Record<Dialect, Record<Shelf, T>> {
  const made = dialects.map((dialect) => [
    dialect,
    Object.fromEntries(shelves.map((shelf) => [shelf, build(dialect, shelf, termTable(dialect, shelf))])),
  ])
  return Object.fromEntries(made) as Record<Dialect, Record<Shelf, T>>
}

const insertTerms = forEach((dialect, shelf, table) =>
  statement<{ id: number; terms: unknown }, never>(`insert_${shelf}_terms_${dialect}`, ({ db }) =>
    db.insert(table).values({
      id: sql.placeholder('id'),
      terms: dialect === 'sqlite' ? sql.placeholder('terms') : sql`array_to_tsvector(${sql.placeholder('terms')}::text[])`,
    }),
  ),
)

const deleteTerms = forEach((dialect, shelf, table) =>
  statement<{ id: number }, never>(`delete_${shelf}_terms_${dialect}`, ({ db }) =>
    db.delete(table).where(eq(table.id, dialect === 'sqlite' ? sql`cast(${sql.placeholder('id')} as integer)` : sql.placeholder('id'))),
  ),
)

/** Puts a document's terms into the index; it must not have any there. */
export async function putTerms(tx: Tx, shelf: Shelf, id: number, terms: ReadonlySet<string>): Promise<void> {
  const value = tx.dialect === 'sqlite' ? [bucketTerm(id), ...terms].join(' ') : [...terms]
  await insertTerms[tx.dialect][shelf](tx, { id, terms: value })
}

/** Takes a document's terms out of the index. */
export async function dropTerms(tx: Tx, shelf: Shelf, id: number): Promise<void> {
  await deleteTerms[tx.dialect][shelf](tx, { id })
}

interface FindParams extends HitRange, Record<string, unknown> {
  readonly match: string
}

const bound = (dialect: Dialect, name: string): SQL =>
  // SQLite's driver binds numbers as REAL, which full-text tables do not take for a place to begin at.
  dialect === 'sqlite' ? sql`cast(${sql.placeholder(name)} as integer)` : sql`${sql.placeholder(name)}::bigint`

/** Numbers of documents that match, in a range; each database in its own way. */
const numbersOf = {
  sqlite: (table: TermTable) => sql`select ${table.id} as id from ${table} where ${table} match ${sql.placeholder('match')}
    and ${table.id} < ${bound('sqlite', 'before')} and ${table.id} >= ${bound('sqlite', 'floor')}
    order by ${table.id} desc limit ${bound('sqlite', 'limit')}`,
  // The inner limits and `offset 0` keep the planner from choosing by what it believes to be frequent.
  recent: (table: TermTable) => sql`select r.id from (select id, terms from ${table} where id < ${bound('postgres', 'before')}
    and id >= ${bound('postgres', 'floor')} order by id desc limit ${sql.raw(String(recentDocuments))}) r
    where r.terms @@ ${sql.placeholder('match')}::tsquery order by r.id desc limit ${bound('postgres', 'limit')}`,
  deep: (table: TermTable) => sql`select r.id from (select id from ${table} where terms @@ ${sql.placeholder('match')}::tsquery offset 0) r
    where r.id < ${bound('postgres', 'before')} and r.id >= ${bound('postgres', 'floor')} order by r.id desc limit ${bound('postgres', 'limit')}`,
}

function withScopes({ db, t }: { db: Db; t: Tables }, numbers: SQL) {
  const { searchDocuments: d, conversations: c } = t
  const found = sql`(${numbers}) as found`
  return db
    .select({
      id: d.id,
      kind: d.kind,
      subjectId: d.subjectId,
      conversationId: d.conversationId,
      authorId: d.authorId,
      at: d.at,
      queueId: sql<string | null>`${c.queueId}`,
      inboxId: sql<string | null>`${c.inboxId}`,
      assigneeId: c.assigneeId,
      offeredTo: c.offeredTo,
    })
    .from(found)
    .innerJoin(d, eq(d.id, sql`found.id`))
    .leftJoin(c, eq(c.id, d.conversationId))
    .orderBy(desc(d.id))
}

const inSqlite = forEach((_dialect, shelf, table) =>
  statement<FindParams, Hit>(`find_${shelf}_terms`, (on) => withScopes(on, numbersOf.sqlite(table))),
).sqlite
const recentInPostgres = forEach((_dialect, shelf, table) =>
  statement<FindParams, Hit>(`find_recent_${shelf}_terms`, (on) => withScopes(on, numbersOf.recent(table))),
).postgres
const deepInPostgres = forEach((_dialect, shelf, table) =>
  statement<FindParams, Hit>(`find_${shelf}_terms`, (on) => withScopes(on, numbersOf.deep(table))),
).postgres

/**
 * The next documents that match, the highest first, and how far was looked: everything from `lookedTo` on that is not among
 * them does not match. One call takes a few milliseconds at most, so it may look at a part of the range only.
 */
export async function findTerms(on: Store | Tx, shelf: Shelf, match: Match, range: HitRange): Promise<{ hits: Hit[]; lookedTo: number }> {
  return on.dialect === 'sqlite' ? findInSqlite(on, shelf, match, range) : findInPostgres(on, shelf, match, range)
}

async function findInSqlite(on: Store | Tx, shelf: Shelf, match: Match, range: HitRange) {
  const bucket = Math.floor((range.before - 1) / bucketSize)
  const single = match.every((terms) => terms.length === 1)
  const floor = single ? range.floor : Math.max(range.floor, bucket * bucketSize)
  const alternatives = match.map(
    (terms) => `(${(single ? terms : [bucketTerm(range.before - 1), ...terms]).map((term) => `"${term}"`).join(' AND ')})`,
  )
  const hits = await inSqlite[shelf](on, { ...range, floor, match: alternatives.join(' OR ') })
  return { hits, lookedTo: hits.length < range.limit ? floor : (hits.at(-1)?.id ?? floor) }
}

async function findInPostgres(on: Store | Tx, shelf: Shelf, match: Match, range: HitRange) {
  const text = match.map((terms) => `(${terms.map((term) => `'${term}'`).join(' & ')})`).join(' | ')
  const recent = await recentInPostgres[shelf](on, { ...range, match: text })
  if (recent.length >= range.limit) return { hits: recent, lookedTo: recent.at(-1)?.id ?? range.floor }
  const hits = await deepInPostgres[shelf](on, { ...range, match: text })
  return { hits, lookedTo: hits.length < range.limit ? range.floor : (hits.at(-1)?.id ?? range.floor) }
}

function bucketTerm(id: number): string {
  return `\u00a7b${Math.floor(id / bucketSize)}`
}
