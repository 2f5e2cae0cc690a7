import type { ConfigurationFinding, RoutingConfiguration } from '../../wire/configuration.ts'
import { relaxationsOf, stillRequired } from '../routing/relaxation.ts'

type Queue = RoutingConfiguration['queues'][number]
type Agent = RoutingConfiguration['agents'][number]

/** What keeps a queue's items from ever reaching anybody, or makes a step of it do nothing. All are warnings. */
export function unreachable(config: RoutingConfiguration, queue: Queue): ConfigurationFinding[] {
  const { settings } = queue
  const agents = config.agents.filter(({ disabled }) => !disabled)
  const members = agents.filter((agent) => serves(config, queue, agent))
  const warn = warningAbout(queue)
  if (members.length === 0)
    return [warn('queue_without_members', 'memberIds', `Nobody serves "${queue.name}"; what comes to it waits for ever.`, {})]
  const found = skillsNobodyHas(config, queue, members)
  const last = stillRequired({ required: settings.requiredSkills, language: null }, relaxationsOf(settings.rings).at(-1))
  const matching = members.filter((agent) => last.needs.every((need) => hasSkill(agent, need.skillId, need.minLevel)))
  if (found.length === 0 && matching.length === 0) {
    found.push(
      warn(
        'nobody_matches',
        'requiredSkills',
        `No single member of "${queue.name}" has all the skills it asks for, even in its last ring.`,
        {},
      ),
    )
  }
  if (settings.matchLanguage && !members.some(({ languages }) => languages.length > 0)) {
    found.push(warn('language_nobody_speaks', 'matchLanguage', `"${queue.name}" goes by language, but none of its members has one.`, {}))
  }
  return [...found, ...idleRings(queue, warn)]
}

/** Skills asked for to the last ring that none of the members has at the level. */
function skillsNobodyHas(config: RoutingConfiguration, queue: Queue, members: readonly Agent[]): ConfigurationFinding[] {
  const { settings } = queue
  const last = stillRequired({ required: settings.requiredSkills, language: null }, relaxationsOf(settings.rings).at(-1))
  return last.needs
    .filter(({ skillId, minLevel }) => !members.some((agent) => hasSkill(agent, skillId, minLevel)))
    .map(({ skillId, minLevel }) => {
      const skill = config.skills.find(({ id }) => id === skillId)?.name ?? skillId
      const sentence = `Nobody in "${queue.name}" has "${skill}" at level ${minLevel}, and no ring drops it.`
      const path = `requiredSkills.${settings.requiredSkills.findIndex((need) => need.skillId === skillId)}`
      return warningAbout(queue)('skill_nobody_has', path, sentence, { skillId, minLevel })
    })
}

function idleRings({ name, settings }: Queue, warn: Warn): ConfigurationFinding[] {
  const asked = settings.requiredSkills
  return settings.rings.flatMap((ring, n) => {
    const drops = ring.dropSkills.some((id) => asked.some(({ skillId }) => skillId === id))
    const dropsByOrder = asked.some(({ dropOrder }) => typeof dropOrder === 'number' && dropOrder <= ring.dropThrough)
    const lowers = ring.lowerLevelBy > 0 && asked.some(({ minLevel }) => minLevel > 1)
    const widens = ring.widenTo.length > 0
    // Items bring skills of their own by rules of entry, which a ring that names an order or a level may relax all the same.
    const general = ring.dropThrough > 0 || ring.lowerLevelBy > 0 || ring.dropLanguage || ring.dropSkills.length > 0
    const found: ConfigurationFinding[] = []
    if (!drops && !dropsByOrder && !lowers && !widens && !general)
      found.push(warn('ring_without_effect', `rings.${n}`, `Ring ${n + 1} of "${name}" changes nothing.`, { ring: n + 1 }))
    if ((settings.rings[n - 1]?.afterMs ?? -1) > ring.afterMs) {
      found.push(
        warn(
          'rings_out_of_order',
          `rings.${n}.afterMs`,
          `Ring ${n + 1} of "${name}" comes before ring ${n}; they act in the order of their time.`,
          { ring: n + 1 },
        ),
      )
    }
    return found
  })
}

function serves(config: RoutingConfiguration, { settings, memberIds }: Queue, { id }: Agent): boolean {
  if (memberIds.includes(id)) return true
  const groupIds = [...settings.groups.map(({ groupId }) => groupId), ...settings.rings.flatMap(({ widenTo }) => widenTo)]
  return config.groups.some((group) => groupIds.includes(group.id) && group.memberIds.includes(id))
}

function hasSkill({ skills }: Agent, skillId: string, minLevel: number): boolean {
  return skills.some((skill) => skill.skillId === skillId && skill.level >= minLevel)
}

type Warn = (
  code: ConfigurationFinding['code'],
  path: string,
  sentence: string,
  details: ConfigurationFinding['details'],
) => ConfigurationFinding

function warningAbout({ id, name }: Queue): Warn {
  return (code, path, sentence, details) => ({ severity: 'warning', code, about: { kind: 'queue', id, name }, path, sentence, details })
}
