import { type AnyColumn, sql } from 'drizzle-orm'
import {
  bigint,
  bigserial,
  boolean,
  doublePrecision,
  jsonb,
  index as pgIndex,
  primaryKey as pgPrimaryKey,
  pgTable,
  text as pgText,
  uniqueIndex as pgUniqueIndex,
} from 'drizzle-orm/pg-core'
import {
  integer,
  real,
  index as sqliteIndex,
  primaryKey as sqlitePrimaryKey,
  sqliteTable,
  text as sqliteText,
  uniqueIndex as sqliteUniqueIndex,
} from 'drizzle-orm/sqlite-core'

/** Column builders for SQLite; they lead the types of both dialects. */
export const sqliteKit = {
  table: sqliteTable,
  index: sqliteIndex,
  unique: sqliteUniqueIndex,
  primaryKey: sqlitePrimaryKey,
  /** UUIDv7 text made by the application. */
  id: (name = 'id') => sqliteText(name).primaryKey(),
  /** The log's sequence number; ascending, never reused. */
  seq: (name = 'seq') => integer(name).primaryKey({ autoIncrement: true }),
  text: (name: string) => sqliteText(name),
  /** A whole number up to 2^53. */
  int: (name: string) => integer(name),
  real: (name: string) => real(name),
  bool: (name: string) => integer(name, { mode: 'boolean' }),
  /** Epoch milliseconds. */
  instant: (name: string) => integer(name),
  json: <T>(name: string) => sqliteText(name, { mode: 'json' }).$type<T>(),
  /** A text column as searches by its beginning compare it: in lower case, by code point (`portable.ts` has the query's side). */
  folded: (column: AnyColumn) => sql`lower(${column})`,
}

/** The builders a schema file may use, whichever dialect is behind them. */
export type Kit = typeof sqliteKit

// Row and query types are SQLite's; this is the one place where PostgreSQL's builders are cast to them.
export const postgresKit = {
  table: pgTable,
  index: pgIndex,
  unique: pgUniqueIndex,
  primaryKey: pgPrimaryKey,
  id: (name = 'id') => pgText(name).primaryKey(),
  seq: (name = 'seq') => bigserial(name, { mode: 'number' }).primaryKey(),
  text: (name: string) => pgText(name),
  int: (name: string) => bigint(name, { mode: 'number' }),
  real: (name: string) => doublePrecision(name),
  bool: (name: string) => boolean(name),
  instant: (name: string) => bigint(name, { mode: 'number' }),
  json: (name: string) => jsonb(name),
  folded: (column: AnyColumn) => sql`(lower(${column}) collate "C")`,
} as unknown as Kit
