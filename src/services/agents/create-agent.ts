import { insertAgent, replaceAgentQueues, replaceAgentSkills } from '../../../db/queries/agent-rows.ts'
import type { Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { newId } from '../../lib/ids.ts'
import type { NewAgentAnswer } from '../../wire/access.ts'
import type { AgentInput } from '../../wire/agents.ts'
import { issueAgentLink } from '../access/issue-link.ts'
import { newAgentRow } from '../access/new-agent-row.ts'
import { hashPassword } from '../access/passwords.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { noteChange } from '../note-change.ts'
import { refuseTaken } from '../unique-name.ts'
import { checkQueues, checkSkills, grantableRole } from './check-assignments.ts'
import { agentAccount } from './get-agent-account.ts'

/**
 * Makes an agent. Without a password the answer carries an invitation with which they choose one.
 * @throws AppError 'conflict' when the address is taken; 'invalid_input' for an unknown role, skill or queue;
 *   'forbidden' for a role with more rights than one's own.
 */
export async function createAgent(ctx: ServiceContext, viewer: Viewer, input: AgentInput): Promise<NewAgentAnswer> {
  require(viewer, 'agent.manage')
  const passwordHash = input.password === undefined ? null : await hashPassword(input.password)
  const agentId = await ctx.store.tx((tx) => writeAgent(ctx, tx, viewer, input, passwordHash))
  const invite = passwordHash === null ? await issueAgentLink(ctx, viewer, agentId) : null
  return { agent: await agentAccount(ctx.store, agentId), invite }
}

async function writeAgent(ctx: ServiceContext, tx: Tx, viewer: Viewer, input: AgentInput, passwordHash: string | null): Promise<string> {
  const { email, name, roleId, locale, capacity, skills = [], queueIds = [] } = input
  await grantableRole(tx, viewer, roleId)
  await checkSkills(
    tx,
    skills.map(({ skillId }) => skillId),
  )
  await checkQueues(tx, queueIds)
  const now = ctx.clock.now()
  const row = newAgentRow({ id: newId(), email, name, roleId, locale, passwordHash, capacity, now })
  await refuseTaken(tx, 'email', 'An agent with this e-mail address exists.', (inner) => insertAgent(inner, row))
  await replaceAgentSkills(tx, row.id, skills)
  await replaceAgentQueues(tx, row.id, queueIds)
  noteChange(tx, viewer, { type: 'agent.changed', at: now, subjectId: row.id, data: { what: ['created'] } })
  for (const queueId of new Set(queueIds))
    noteChange(tx, viewer, { type: 'queue.changed', at: now, subjectId: queueId, data: { what: ['members'] } })
  return row.id
}
