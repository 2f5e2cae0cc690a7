import type { PoolClient } from 'pg'
import { AppError } from '../src/lib/errors.ts'
import { OpenTx } from './open-tx.ts'
import { runSql, runStatement } from './postgres-connection.ts'
import { createPostgresDb } from './postgres-drizzle.ts'
import { tables } from './schema/postgres.ts'
import type { Blueprint } from './statement.ts'
import type { Db } from './store.ts'

/** Serialises appends to the event log over all nodes, until the commit. */
const eventLogLock = 731_001

// One round trip under the lock: `seq` is drawn only for rows that come out of the join with the lock's row, in order.
const appendEvents = {
  name: 'events.append',
  text: `with held as materialized (select pg_advisory_xact_lock(${eventLogLock}) as nothing)
insert into events (type, at, actor_type, actor_id, conversation_id, subject_id, data)
select e ->> 'type', (e ->> 'at')::bigint, e ->> 'actorType', e ->> 'actorId', e ->> 'conversationId', e ->> 'subjectId', e -> 'data'
from held, jsonb_array_elements($1::jsonb) with ordinality as draft (e, place)
order by place
returning seq`,
}

/** A transaction on one client of the pool. */
export class PostgresTx extends OpenTx {
  readonly dialect = 'postgres'
  readonly t = tables
  readonly #client: PoolClient
  readonly #depth: number

  constructor(client: PoolClient, depth = 0) {
    super()
    this.#client = client
    this.#depth = depth
  }

  /** Writes the queued events and gives back the newest `seq`, or null when there are none. */
  async writeEvents(): Promise<number | null> {
    if (this.events.length === 0) return null
    const { rows } = await this.#client.query<[string]>({
      ...appendEvents,
      values: [JSON.stringify(this.events)],
      rowMode: 'array',
    })
    const newest = rows.at(-1)?.[0]
    if (newest === undefined) throw new AppError('bug', 'The event log gave no number for an event.')
    return Number(newest)
  }

  protected override createDb(): Db {
    return createPostgresDb((sql, params, method) => {
      this.assertUsable()
      return this.#noting(runSql(this.#client, sql, params, method))
    })
  }

  protected override runStatement<R>(statement: Blueprint<R>, values: Record<string, unknown>): Promise<R[]> {
    return this.#noting(runStatement(this.#client, statement, values))
  }

  protected override createInner(): PostgresTx {
    return new PostgresTx(this.#client, this.#depth + 1)
  }

  protected override async openSavepoint(): Promise<void> {
    await this.#client.query(`savepoint inner_${this.#depth}`)
  }

  protected override async keepSavepoint(): Promise<void> {
    await this.#client.query(`release savepoint inner_${this.#depth}`)
  }

  protected override async undoSavepoint(): Promise<void> {
    await this.#client.query(`rollback to savepoint inner_${this.#depth}; release savepoint inner_${this.#depth}`)
  }

  async #noting<T>(outcome: Promise<T>): Promise<T> {
    try {
      return await outcome
    } catch (error) {
      this.noteFailure(error)
      throw error
    }
  }
}
