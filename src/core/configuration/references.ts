import type { Condition } from '../../wire/conditions.ts'
import type { ConfigurationFinding, RoutingConfiguration } from '../../wire/configuration.ts'
import type { QueueAction, QueueSettings } from '../../wire/queues.ts'

/** What a finding is about. */
export type About = ConfigurationFinding['about']

/** A queue's actions with the path of each in its settings. */
export function actionsOf(settings: QueueSettings): readonly { readonly path: string; readonly action: QueueAction }[] {
  const answers = Object.entries(settings.admission.answers).map(([reason, action]) => ({ path: `admission.answers.${reason}`, action }))
  const steps = settings.whileWaiting.map(({ action }, n) => ({ path: `whileWaiting.${n}.action`, action }))
  const turns = [
    { path: 'onClosing', action: settings.onClosing },
    { path: 'onEmptied', action: settings.onEmptied },
  ]
  return [...answers, ...steps, ...turns].flatMap(({ path, action }) => (action === null || action === undefined ? [] : [{ path, action }]))
}

/** Every name of something that does not exist, by where it stands. All of these are refused. */
export function unknownReferences(config: RoutingConfiguration): ConfigurationFinding[] {
  const known: Known = {
    queue: idsOf(config.queues),
    skill: idsOf(config.skills),
    group: idsOf(config.groups),
    calendar: idsOf(config.calendars),
    agent: idsOf(config.agents),
  }
  const uses = [
    ...config.queues.flatMap((queue) => usesOfQueue(queue)),
    ...config.policies.flatMap((policy) => usesOfPolicy(policy)),
    ...config.rules.flatMap((rule) => usesOfRule(rule)),
  ]
  return uses
    .filter(({ kind, id }) => !known[kind].has(id))
    .map(({ about, path, kind, id }) => ({
      severity: 'refused',
      code: 'unknown_reference',
      about,
      path,
      sentence: `"${about.name}" names a ${kind} that does not exist.`,
      details: { kind, id },
    }))
}

type Kind = 'queue' | 'skill' | 'group' | 'calendar' | 'agent'
type Known = Readonly<Record<Kind, ReadonlySet<string>>>

/** A place in the configuration that names something. */
interface Use {
  readonly about: About
  readonly path: string
  readonly kind: Kind
  readonly id: string
}

function idsOf(list: readonly { readonly id: string }[]): ReadonlySet<string> {
  return new Set(list.map(({ id }) => id))
}

function usesOfQueue({ id: queueId, name, settings, memberIds }: RoutingConfiguration['queues'][number]): Use[] {
  const about: About = { kind: 'queue', id: queueId, name }
  const named = (path: string, kind: Kind, id: string): Use => ({ about, path, kind, id })
  return [
    ...memberIds.map((id, n) => named(`memberIds.${n}`, 'agent', id)),
    ...settings.groups.map(({ groupId }, n) => named(`groups.${n}.groupId`, 'group', groupId)),
    ...settings.requiredSkills.map(({ skillId }, n) => named(`requiredSkills.${n}.skillId`, 'skill', skillId)),
    ...settings.rings.flatMap(({ dropSkills, widenTo }, n) => [
      ...dropSkills.map((id) => named(`rings.${n}.dropSkills`, 'skill', id)),
      ...widenTo.map((id) => named(`rings.${n}.widenTo`, 'group', id)),
    ]),
    ...(settings.calendarId === null ? [] : [named('calendarId', 'calendar', settings.calendarId)]),
    ...actionsOf(settings).flatMap(({ path, action }) =>
      action.kind === 'queue' ? [named(`${path}.queueId`, 'queue', action.queueId)] : [],
    ),
  ]
}

function usesOfPolicy({ id, name, settings }: RoutingConfiguration['policies'][number]): Use[] {
  const about: About = { kind: 'policy', id, name }
  const own: Use[] = settings.calendarId === null ? [] : [{ about, path: 'calendarId', kind: 'calendar', id: settings.calendarId }]
  return [...own, ...usesOfCondition(settings.when, about)]
}

function usesOfRule({ id: ruleId, name, when, effect }: RoutingConfiguration['rules'][number]): Use[] {
  const about: About = { kind: 'rule', id: ruleId, name }
  const named = (path: string, kind: Kind, id: string): Use => ({ about, path, kind, id })
  return [
    ...usesOfCondition(when, about),
    ...(effect.queueId === undefined ? [] : [named('effect.queueId', 'queue', effect.queueId)]),
    ...(effect.preferredAgentId === undefined ? [] : [named('effect.preferredAgentId', 'agent', effect.preferredAgentId)]),
    ...(effect.requireSkills ?? []).map(({ skillId }, n) => named(`effect.requireSkills.${n}.skillId`, 'skill', skillId)),
  ]
}

function usesOfCondition({ tests }: Condition, about: About): Use[] {
  return tests.flatMap((test, n): Use[] => {
    if (test.fact === 'queue') return test.anyOf.map((id) => ({ about, path: `when.tests.${n}.anyOf`, kind: 'queue', id }))
    return test.fact === 'hours' ? [{ about, path: `when.tests.${n}.calendarId`, kind: 'calendar', id: test.calendarId }] : []
  })
}
