import type { ConversationRow } from '../../../db/queries/conversations.ts'
import { queueName } from '../../../db/queries/names.ts'
import { queueSettings } from '../../../db/queries/queues.ts'
import { enabledRoutingRules } from '../../../db/queries/routing-rules.ts'
import type { Tx } from '../../../db/store.ts'
import { classify } from '../../core/classification/classify.ts'
import type { Classification } from '../../wire/routing-rules.ts'
import { factsOf, openAt } from './entry-facts.ts'

/** What the rules of entry make of a conversation before it is stored. */
export interface Entry {
  readonly changes: Pick<ConversationRow, 'queueId' | 'priority' | 'requiredSkills' | 'language' | 'tags' | 'preferredAgentId'>
  /** Rules that held, in order; kept in the log. */
  readonly ruleIds: readonly string[]
}

/**
 * Runs the rules of entry on a conversation that comes in, in the transaction that receives it.
 * @param text what the customer said first.
 * @returns null when there are no rules.
 */
export async function classifyEntry(tx: Tx, row: ConversationRow, text: string, now: number): Promise<Entry | null> {
  const rules = await enabledRoutingRules(tx, {})
  if (rules.length === 0) return null
  const isOpen = await openAt(
    tx,
    rules.map(({ when }) => when),
    now,
  )
  const made = classify(rules, await factsOf(tx, row, text), isOpen, { required: row.requiredSkills })
  return { changes: await changesOf(tx, row, made), ruleIds: made.because.filter(({ holds }) => holds).map(({ ruleId }) => ruleId) }
}

/** Where rules send it to another queue, that queue's base and skills count beside what rules ask for. */
async function changesOf(tx: Tx, row: ConversationRow, made: Classification): Promise<Entry['changes']> {
  const { language, tags, preferredAgentId } = made
  const [target] = made.queueId === row.queueId ? [] : await queueName(tx, { id: made.queueId })
  if (target?.enabled !== true) {
    return { queueId: row.queueId, priority: made.priority, requiredSkills: made.required, language, tags, preferredAgentId }
  }
  const settings = await queueSettings(tx, made.queueId)
  const asked = made.required.filter(({ skillId }) => !row.requiredSkills.some((need) => need.skillId === skillId))
  return {
    queueId: made.queueId,
    // Rules speak of the priority in the queue where it began; the step they make counts from the new queue's base.
    priority: Math.min(9, Math.max(0, made.priority === row.priority ? settings.priority : made.priority)),
    requiredSkills: [...settings.requiredSkills.filter(({ skillId }) => !asked.some((need) => need.skillId === skillId)), ...asked],
    language,
    tags,
    preferredAgentId,
  }
}
