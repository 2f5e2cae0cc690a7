import type { EntryFacts } from '../../wire/conditions.ts'
import type { SkillNeed } from '../../wire/queues.ts'
import type { Classification, RoutingRule, RuleEffect } from '../../wire/routing-rules.ts'
import { evaluateCondition, type IsOpen } from './condition.ts'

/** A rule as classification needs it. */
export type ClassificationRule = Omit<RoutingRule, 'updatedAt'>

/** What the rules have made of an arrival so far. */
interface Draft {
  queueId: string
  priority: number
  required: readonly SkillNeed[]
  language: string | null
  tags: readonly string[]
  preferredAgentId: string | null
}

/**
 * Runs the rules on an arrival, in their order, each on what those before have made of it: where it goes, and because of what.
 * The same function classifies what comes in and answers the tester. Disabled rules are left out.
 * @param startsWith what the arrival has without rules beside its facts: the skills its queue asks for.
 */
export function classify(
  rules: readonly ClassificationRule[],
  facts: EntryFacts,
  isOpen: IsOpen,
  startsWith: { readonly required: readonly SkillNeed[] } = { required: [] },
): Classification {
  const { queueId, priority, language, tags } = facts
  let draft: Draft = { queueId, priority, language, tags, required: startsWith.required, preferredAgentId: null }
  const because: Classification['because'] = []
  let stoppedBy: string | null = null
  for (const rule of inOrder(rules)) {
    const { holds, tests } = evaluateCondition(rule.when, factsOf(facts, draft), isOpen)
    const next = holds ? withEffect(draft, rule.effect) : draft
    because.push({ ruleId: rule.id, name: rule.name, holds, tests: [...tests], changed: changesBetween(draft, next) })
    draft = next
    if (holds && rule.stop) {
      stoppedBy = rule.id
      break
    }
  }
  return { ...draft, required: [...draft.required], tags: [...draft.tags], because, stoppedBy }
}

/** Enabled rules in the order in which they run. */
export function inOrder<T extends { readonly id: string; readonly enabled: boolean; readonly position: number }>(rules: readonly T[]): T[] {
  return rules.filter(({ enabled }) => enabled).toSorted((a, b) => a.position - b.position || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
}

function factsOf(facts: EntryFacts, { queueId, priority, language, tags }: Draft): EntryFacts {
  return { ...facts, queueId, priority, language, tags: [...tags] }
}

function withEffect(draft: Draft, effect: RuleEffect): Draft {
  const { priority } = effect
  const raised = priority === undefined ? draft.priority : priority.how === 'set' ? priority.value : draft.priority + priority.by
  return {
    queueId: effect.queueId ?? draft.queueId,
    priority: Math.min(9, Math.max(0, raised)),
    required: mergeNeeds(draft.required, effect.requireSkills ?? []),
    language: effect.language === undefined ? draft.language : effect.language,
    tags: [...new Set([...draft.tags, ...(effect.addTags ?? [])])],
    preferredAgentId: effect.preferredAgentId ?? draft.preferredAgentId,
  }
}

/** Needs of both; of one skill asked for twice the higher level, and the later moment of being dropped. */
export function mergeNeeds(one: readonly SkillNeed[], other: readonly SkillNeed[]): readonly SkillNeed[] {
  const merged = new Map<string, SkillNeed>()
  for (const need of [...one, ...other]) {
    const before = merged.get(need.skillId)
    merged.set(need.skillId, before === undefined ? need : stricter(before, need))
  }
  return [...merged.values()]
}

function stricter(a: SkillNeed, b: SkillNeed): SkillNeed {
  const orders = [a.dropOrder, b.dropOrder]
  const dropOrder = orders.some((order) => order === null || order === undefined) ? null : Math.max(...orders.map(Number))
  return { skillId: a.skillId, minLevel: Math.max(a.minLevel, b.minLevel), dropOrder }
}

function changesBetween(before: Draft, after: Draft): { field: string; from: string; to: string }[] {
  const fields = ['queueId', 'priority', 'required', 'language', 'tags', 'preferredAgentId'] as const
  return fields.map((field) => ({ field, from: shown(before[field]), to: shown(after[field]) })).filter(({ from, to }) => from !== to)
}

function shown(value: Draft[keyof Draft]): string {
  if (value === null) return ''
  if (typeof value !== 'object') return String(value)
  return value.map((one) => (typeof one === 'string' ? one : `${one.skillId} ≥ ${one.minLevel}`)).join(', ')
}
