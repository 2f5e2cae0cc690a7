import { updateConversation } from '../../../db/queries/conversations.ts'
import { updateQueueSettings } from '../../../db/queries/queue-rows.ts'
import { allRoutingRules, updateRoutingRuleRow } from '../../../db/queries/routing-rules.ts'
import {
  agentsWithSkill,
  deleteSkillRow,
  dropSkillOfAgents,
  queuesNaming,
  usesOfSkill,
  waitingForSkill,
} from '../../../db/queries/skills.ts'
import type { Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import { type QueueSettings, queueSettingsSchema } from '../../wire/queues.ts'
import type { RoutingRule } from '../../wire/routing-rules.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { noteChange } from '../note-change.ts'
import { publishConfiguration } from '../routing/publish.ts'

/**
 * Removes a skill. What depends on it is told first; `evenInUse` takes it from agents, queues, rules and whatever waits for it,
 * which is routed again at once without it.
 * @throws AppError 'not_found'; 'conflict' with code `in_use` and what depends on it; as `publishConfiguration`.
 */
export async function deleteSkill(ctx: ServiceContext, viewer: Viewer, id: string, { evenInUse = false } = {}): Promise<void> {
  require(viewer, 'skill.manage')
  await ctx.store.tx(async (tx) => {
    const uses = await usesOfSkill(tx, id)
    const rules = (await allRoutingRules(tx)).filter(({ effect }) => effect.requireSkills?.some(({ skillId }) => skillId === id))
    const inUse = uses.agents.length > 0 || uses.queues.length > 0 || uses.conversations || rules.length > 0
    if (inUse && !evenInUse) {
      const details = { code: 'in_use', ...uses, rules: rules.map(({ name }) => name).slice(0, 20) }
      throw new AppError('conflict', 'This skill is in use; take it from the agents, queues and rules first.', details)
    }
    const at = ctx.clock.now()
    if (inUse) await takeEverywhere(tx, viewer, id, rules, at)
    if (!(await deleteSkillRow(tx, id))) throw new AppError('not_found', 'There is no such skill.')
    noteChange(tx, viewer, { type: 'skill.changed', at, subjectId: id, data: { what: 'deleted' } })
    await publishConfiguration(tx, viewer, { at, note: 'skill removed' })
  })
}

async function takeEverywhere(
  tx: Tx,
  viewer: Viewer,
  id: string,
  rules: readonly Pick<RoutingRule, 'id' | 'effect'>[],
  at: number,
): Promise<void> {
  for (const agentId of await agentsWithSkill(tx, id)) {
    noteChange(tx, viewer, { type: 'agent.changed', at, subjectId: agentId, data: { what: ['skills'] } })
  }
  await dropSkillOfAgents(tx, id)
  for (const queue of await queuesNaming(tx, id)) {
    await updateQueueSettings(tx, queue.id, withoutSkill(queueSettingsSchema.parse(queue.settings), id), at)
    noteChange(tx, viewer, { type: 'queue.changed', at, subjectId: queue.id })
  }
  for (const rule of rules) {
    const requireSkills = rule.effect.requireSkills?.filter(({ skillId }) => skillId !== id) ?? []
    await updateRoutingRuleRow(tx, rule.id, { effect: { ...rule.effect, requireSkills }, updatedAt: at })
  }
  for (const row of await waitingForSkill(tx, id)) {
    await updateConversation(tx, row.id, { requiredSkills: row.requiredSkills.filter(({ skillId }) => skillId !== id), updatedAt: at })
  }
}

function withoutSkill(settings: QueueSettings, id: string): QueueSettings {
  return {
    ...settings,
    requiredSkills: settings.requiredSkills.filter(({ skillId }) => skillId !== id),
    rings: settings.rings.map((ring) => ({ ...ring, dropSkills: ring.dropSkills.filter((skillId) => skillId !== id) })),
  }
}
