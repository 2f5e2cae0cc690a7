import { type AgentRow, agentRowById, updateAgentRow } from '../../../db/queries/accounts.ts'
import { queueIdsOf, replaceAgentQueues, replaceAgentSkills } from '../../../db/queries/agent-rows.ts'
import { roleById } from '../../../db/queries/roles.ts'
import type { Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import type { AgentAccount, AgentChanges } from '../../wire/access.ts'
import { keepAdministrator, requireWithinOwn } from '../access/guard-roles.ts'
import { forgetViewers } from '../access/load-viewer.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { noteChange } from '../note-change.ts'
import { refuseTaken } from '../unique-name.ts'
import { checkQueues, checkSkills, grantableRole } from './check-assignments.ts'
import { agentAccount } from './get-agent-account.ts'

/**
 * Changes an agent; what `changes` leaves out stays.
 * @throws AppError 'not_found'; 'conflict' when the address is taken or the last administrator would go; 'invalid_input'
 *   for an unknown role, skill or queue; 'forbidden' for an account or role with more rights than one's own.
 */
export async function updateAgent(ctx: ServiceContext, viewer: Viewer, agentId: string, changes: AgentChanges): Promise<AgentAccount> {
  require(viewer, 'agent.manage')
  return ctx.store.tx(async (tx) => {
    await manageableAgent(tx, viewer, agentId)
    const at = ctx.clock.now()
    await writeColumns(tx, viewer, agentId, changes, at)
    if (changes.skills !== undefined) await writeSkills(tx, agentId, changes.skills)
    if (changes.queueIds !== undefined) await writeQueues(tx, viewer, agentId, changes.queueIds, at)
    noteChange(tx, viewer, { type: 'agent.changed', at, subjectId: agentId, data: { what: Object.keys(changes) } })
    tx.afterCommit(() => forgetViewers(ctx))
    return agentAccount(tx, agentId)
  })
}

/**
 * An account that the viewer may change: none with more rights than their own.
 * @throws AppError 'not_found', 'forbidden'.
 */
export async function manageableAgent(tx: Tx, viewer: Viewer, agentId: string): Promise<AgentRow> {
  const [agent] = await agentRowById(tx, { id: agentId })
  if (agent === undefined) throw new AppError('not_found', 'There is no such agent.')
  requireWithinOwn(viewer, (await roleById(tx, agent.roleId))?.permissions ?? [])
  return agent
}

async function writeColumns(tx: Tx, viewer: Viewer, agentId: string, changes: AgentChanges, updatedAt: number): Promise<void> {
  const { email, name, roleId, locale, capacity } = changes
  if (roleId !== undefined) await grantableRole(tx, viewer, roleId)
  const columns: Partial<AgentRow> = {
    updatedAt,
    ...(email === undefined ? {} : { email: email.toLowerCase() }),
    ...(name === undefined ? {} : { name }),
    ...(roleId === undefined ? {} : { roleId }),
    ...(locale === undefined ? {} : { locale }),
    ...(capacity === undefined ? {} : { capacity }),
  }
  const write = () =>
    refuseTaken(tx, 'email', 'An agent with this e-mail address exists.', (inner) => updateAgentRow(inner, agentId, columns))
  await (roleId === undefined ? write() : keepAdministrator(tx, write))
}

async function writeSkills(tx: Tx, agentId: string, skills: NonNullable<AgentChanges['skills']>): Promise<void> {
  await checkSkills(
    tx,
    skills.map(({ skillId }) => skillId),
  )
  const byId = new Map(skills.map((skill) => [skill.skillId, skill]))
  await replaceAgentSkills(tx, agentId, [...byId.values()])
}

async function writeQueues(tx: Tx, viewer: Viewer, agentId: string, queueIds: readonly string[], at: number): Promise<void> {
  await checkQueues(tx, queueIds)
  const before = new Set(await queueIdsOf(tx, agentId))
  const after = new Set(queueIds)
  await replaceAgentQueues(tx, agentId, [...after])
  const moved = [...new Set([...before, ...after])].filter((id) => before.has(id) !== after.has(id))
  for (const queueId of moved) noteChange(tx, viewer, { type: 'queue.changed', at, subjectId: queueId, data: { what: ['members'] } })
}
