import { allCalendars } from '../../../db/queries/calendars.ts'
import { allGroups } from '../../../db/queries/groups.ts'
import { loadConfigurationAgents, loadConfigurationQueues } from '../../../db/queries/load-configuration.ts'
import { allRoutingRules } from '../../../db/queries/routing-rules.ts'
import { allSkills } from '../../../db/queries/skills.ts'
import { allSlaPolicies } from '../../../db/queries/sla-policies.ts'
import type { Store, Tx } from '../../../db/store.ts'
import { capacityRules, channelIds } from '../../core/capacity/rules.ts'
import { calendarSettingsSchema } from '../../wire/calendars.ts'
import type { RoutingConfiguration } from '../../wire/configuration.ts'
import { queueSettingsSchema } from '../../wire/queues.ts'
import { slaSettingsSchema } from '../../wire/sla-policies.ts'

/** Everything routing goes by, as it is stored now, as one value. */
export async function loadConfiguration(on: Store | Tx): Promise<RoutingConfiguration> {
  const groups = await allGroups(on)
  const queues = await loadConfigurationQueues(on)
  const capacityOf = (agentId: string) => groups.filter(({ memberIds }) => memberIds.includes(agentId)).map(({ capacity }) => capacity)
  return {
    queues: queues.map((queue) => ({ ...queue, settings: queueSettingsSchema.parse(queue.settings) })),
    skills: (await allSkills(on)).map(({ id, name }) => ({ id, name })),
    groups: groups.map(({ id, name, memberIds }) => ({ id, name, memberIds })),
    agents: (await loadConfigurationAgents(on)).map(({ capacity, disabledAt, ...agent }) => {
      const { max } = capacityRules(...capacityOf(agent.id), capacity)
      return { ...agent, disabled: disabledAt !== null, channels: channelIds.filter((channel) => max[channel] > 0) }
    }),
    calendars: (await allCalendars(on)).map(({ id, name, settings }) => ({ id, name, settings: calendarSettingsSchema.parse(settings) })),
    policies: (await allSlaPolicies(on)).map(({ id, name, enabled, position, settings }) => ({
      id,
      name,
      enabled,
      position,
      settings: slaSettingsSchema.parse(settings),
    })),
    rules: (await allRoutingRules(on)).map(({ id, name, enabled, position, when, effect, stop }) => ({
      id,
      name,
      enabled,
      position,
      when,
      effect,
      stop,
    })),
  }
}
