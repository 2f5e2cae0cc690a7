import { createHash } from 'node:crypto'
import pg from 'pg'
import { AppError } from '../src/lib/errors.ts'
import type { Compiled } from './compile.ts'
import { createPostgresDb } from './postgres-drizzle.ts'
import { tables } from './schema/postgres.ts'
import type { Blueprint } from './statement.ts'
import type { StoreSettings } from './store.ts'

/** What runs queries: a pool, or one of its clients. */
export type Queryable = Pick<pg.ClientBase, 'query'>

/** How drizzle's proxy wants the rows: `all` as arrays in column order, `execute` as objects. */
export type ProxyMethod = 'all' | 'execute'

const { builtins } = pg.types

// Whole numbers and sums come as numbers, as in SQLite; json stays text, because drizzle's columns parse it themselves.
const numeric = new Set<number>([builtins.INT8, builtins.NUMERIC])
const asText = new Set<number>([builtins.JSON, builtins.JSONB])
const types: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') => {
    if (numeric.has(oid)) return Number
    if (asText.has(oid)) return String
    return pg.types.getTypeParser(oid, format)
  },
}

interface Held<R> {
  readonly compiled: Compiled<R>
  /** Name of the server's prepared statement: the text's hash keeps two texts from sharing one. */
  readonly name: string
}

const held: (Held<unknown> | undefined)[] = []

// Builds queries for their text only.
const blueprintDb = createPostgresDb(() => Promise.reject(new AppError('bug', 'A statement was run while it was being built.')))

/** Opens a pool whose every connection has the limits of `settings`. */
export function openPool(settings: StoreSettings): pg.Pool {
  const pool = new pg.Pool({
    connectionString: settings.url,
    max: settings.poolSize,
    application_name: 'onequeue',
    connectionTimeoutMillis: settings.lockWaitMs,
    statement_timeout: settings.transactionLimitMs,
    idle_in_transaction_session_timeout: settings.transactionLimitMs * 2,
    types,
  })
  // An idle connection that breaks is replaced by the pool; unheard, the event would end the process.
  pool.on('error', settings.report)
  // The same for one that breaks while a transaction holds it: its next query fails, and that is the failure told.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return pool
}

/** Runs a compiled statement as a named prepared statement. Rejects with pg's DatabaseError, AppError 'bug' when a value is missing. */
export async function runStatement<R>(on: Queryable, statement: Blueprint<R>, values: Record<string, unknown>): Promise<R[]> {
  const { compiled, name } = hold(statement)
  const result = await on.query({ name, text: compiled.sql, values: compiled.encode(values), rowMode: 'array', types })
  return compiled.decode(result.rows)
}

/** Runs SQL text as drizzle's proxy asks. */
export async function runSql(on: Queryable, sql: string, params: unknown[], method: ProxyMethod): Promise<{ rows: unknown[] }> {
  if (method === 'execute') return { rows: (await on.query({ text: sql, values: params, types })).rows }
  return { rows: (await on.query({ text: sql, values: params, rowMode: 'array', types })).rows }
}

function hold<R>(statement: Blueprint<R>): Held<R> {
  // The index belongs to one blueprint alone, so the row type is the one it was stored with.
  const known = held[statement.index] as Held<R> | undefined
  if (known) return known
  const compiled = statement.compiled('postgres', { db: blueprintDb, t: tables })
  const hash = createHash('sha256').update(compiled.sql).digest('hex').slice(0, 12)
  const fresh: Held<R> = { compiled, name: `${statement.name.slice(0, 40)}:${hash}` }
  held[statement.index] = fresh
  return fresh
}
