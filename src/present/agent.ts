import type { LoadedAgent } from '../../db/queries/load-agents.ts'
import { emptyHanded, loadOf } from '../core/capacity/load.ts'
import { capacityRules, channelIds } from '../core/capacity/rules.ts'
import type { Agent } from '../wire/agents.ts'
import { localeSchema } from '../wire/words.ts'

/** An agent as colleagues and supervisors see them. */
export function presentAgent(row: LoadedAgent): Agent {
  const held = { ...emptyHanded }
  for (const channel of channelIds) held[channel] = Math.max(0, row.held[channel] ?? 0)
  const locale = localeSchema.safeParse(row.locale)
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    roleId: row.roleId,
    locale: locale.success ? locale.data : 'en',
    avatarColor: row.avatarColor,
    disabled: row.disabledAt !== null,
    state: row.state ?? 'offline',
    stateReason: row.stateReason,
    stateSince: row.stateSince ?? row.createdAt,
    connected: row.leaseUntil !== null,
    load: loadOf(held, capacityRules(...row.groupCapacities, row.capacity)),
    skills: row.skills.map(({ skillId, level }) => ({ skillId, level })),
    queueIds: [...row.queueIds],
  }
}
