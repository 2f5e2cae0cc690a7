import { inArray } from 'drizzle-orm'
import { type RoleRow, roleById } from '../../../db/queries/roles.ts'
import type { Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import { requireWithinOwn } from '../access/guard-roles.ts'

/**
 * The role an agent is to have.
 * @throws AppError 'invalid_input' when there is none; 'forbidden' when it grants more than the viewer holds.
 */
export async function grantableRole(tx: Tx, viewer: Viewer, roleId: string): Promise<RoleRow> {
  const role = await roleById(tx, roleId)
  if (role === null) throw unknown('roleId', 'There is no such role.')
  requireWithinOwn(viewer, role.permissions)
  return role
}

/** @throws AppError 'invalid_input' naming the first id that is no skill. */
export async function checkSkills(tx: Tx, skillIds: readonly string[]): Promise<void> {
  const { skills } = tx.t
  const known =
    skillIds.length === 0
      ? []
      : await tx.db
          .select({ id: skills.id })
          .from(skills)
          .where(inArray(skills.id, [...skillIds]))
  refuseUnknown('skills', 'There is no such skill.', skillIds, known)
}

/** @throws AppError 'invalid_input' naming the first id that is no queue. */
export async function checkQueues(tx: Tx, queueIds: readonly string[]): Promise<void> {
  const { queues } = tx.t
  const known =
    queueIds.length === 0
      ? []
      : await tx.db
          .select({ id: queues.id })
          .from(queues)
          .where(inArray(queues.id, [...queueIds]))
  refuseUnknown('queueIds', 'There is no such queue.', queueIds, known)
}

/** @throws AppError 'invalid_input' naming the first id that is no agent. */
export async function checkAgents(tx: Tx, field: string, agentIds: readonly string[]): Promise<void> {
  const { agents } = tx.t
  const known =
    agentIds.length === 0
      ? []
      : await tx.db
          .select({ id: agents.id })
          .from(agents)
          .where(inArray(agents.id, [...agentIds]))
  refuseUnknown(field, 'There is no such agent.', agentIds, known)
}

function refuseUnknown(field: string, sentence: string, ids: readonly string[], known: readonly { id: string }[]): void {
  const there = new Set(known.map(({ id }) => id))
  const index = ids.findIndex((id) => !there.has(id))
  if (index >= 0) throw unknown(`${field}.${index}`, sentence)
}

function unknown(path: string, sentence: string): AppError {
  return new AppError('invalid_input', sentence, { fields: [{ path, message: sentence }] })
}
