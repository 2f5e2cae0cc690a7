import type { Tables } from '../../../db/schema/index.ts'
import type { CapacityOverrides } from '../../../src/wire/agents.ts'

type Row<K extends keyof Tables> = Tables[K]['$inferSelect']
export type ConversationRow = Row<'conversations'>
export type EventRow = Row<'events'>

/** The tables that invariants speak of, whole. */
export interface Everything {
  readonly conversations: readonly ConversationRow[]
  /** By conversation, then in their order. */
  readonly messages: readonly Row<'messages'>[]
  readonly offers: readonly Row<'offers'>[]
  readonly outbox: readonly Row<'outbox'>[]
  readonly deliveries: readonly Row<'deliveries'>[]
  readonly counters: readonly Row<'counters'>[]
  readonly agents: readonly Row<'agents'>[]
  readonly queues: readonly Row<'queues'>[]
  readonly points: readonly Row<'contactPoints'>[]
  /** By `seq`. */
  readonly events: readonly EventRow[]
}

/** What an agent was allowed to hold when the event of a number was written. */
export type CapacityHistory = (agentId: string, seq: number) => CapacityOverrides

/** Groups rows by a key. */
export function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>()
  for (const row of rows) {
    const key = keyOf(row)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [row])
    else group.push(row)
  }
  return groups
}
