import { deleteSession, deleteSessionsOfAgent } from '../../../db/queries/sessions.ts'
import type { Tx } from '../../../db/store.ts'
import type { Actor } from '../../wire/words.ts'

/** Why a log-in ended. */
export type SessionEnd = 'logged_out' | 'password_changed' | 'disabled' | 'revoked' | 'expired'

/** `data` of a `session.ended` event; its subject is the agent. Sockets of these log-ins are cut. */
export interface SessionEndedData {
  readonly reason: SessionEnd
  readonly sessionIds: readonly string[]
  /** API tokens that stopped working. */
  readonly tokenIds: readonly string[]
}

/** Appends the event that tells sockets of ended log-ins; nothing when the lists are empty. */
export function appendSessionEnded(tx: Tx, at: number, actor: Actor, agentId: string, data: SessionEndedData): void {
  if (data.sessionIds.length === 0 && data.tokenIds.length === 0) return
  tx.append({
    type: 'session.ended',
    at,
    actorType: actor.type,
    actorId: actor.id,
    conversationId: null,
    subjectId: agentId,
    data: { ...data },
  })
}

/** Ends an agent's sessions, except `keepId`. */
export async function endSessions(
  tx: Tx,
  at: number,
  actor: Actor,
  agentId: string,
  reason: SessionEnd,
  keepId: string | null = null,
): Promise<void> {
  const sessionIds = await deleteSessionsOfAgent(tx, agentId, keepId)
  appendSessionEnded(tx, at, actor, agentId, { reason, sessionIds, tokenIds: [] })
}

/** Ends one session; nothing happens when it has ended already. */
export async function endSession(tx: Tx, at: number, actor: Actor, sessionId: string, reason: SessionEnd): Promise<void> {
  for (const { id, agentId } of await deleteSession(tx, sessionId)) {
    appendSessionEnded(tx, at, actor, agentId, { reason, sessionIds: [id], tokenIds: [] })
  }
}
