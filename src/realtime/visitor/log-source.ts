import type { Cancel } from '../../ports/clock.ts'

/** What a reader of the event log needs of a row. */
export interface LogEvent {
  readonly seq: number
  readonly type: string
  readonly conversationId: string | null
  readonly subjectId: string | null
}

/** A stretch of the log: everything after the previous stretch, up to and including `upTo`. */
export interface LogBatch {
  readonly events: readonly LogEvent[]
  readonly upTo: number
}

/** One reader of the event log per node, which hands each stretch to all who listen, in order. */
export interface LogSource {
  /** @param listener must not throw; it is called again before an earlier promise of it settles. */
  subscribe(listener: (batch: LogBatch) => void): Cancel
}
