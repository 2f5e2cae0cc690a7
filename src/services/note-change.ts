import type { Tx } from '../../db/store.ts'
import type { Viewer } from '../core/access/authorize.ts'
import type { LogEventType } from '../wire/log.ts'
import { systemViewer } from './access/system-viewer.ts'

/** A change that an agent, or the operator at the command line, made to something outside conversations. */
export interface NotedChange {
  readonly type: LogEventType
  /** Epoch milliseconds. */
  readonly at: number
  /** What was changed. */
  readonly subjectId: string
  /** Ids and facts, never people's words. */
  readonly data?: Record<string, unknown>
}

/** Appends the event of a change that an agent made; part of the change's own transaction. */
export function noteChange(tx: Tx, viewer: Viewer, { type, at, subjectId, data = {} }: NotedChange): void {
  const actorType = viewer === systemViewer ? 'system' : 'agent'
  tx.append({ type, at, actorType, actorId: viewer.agentId, conversationId: null, subjectId, data })
}
