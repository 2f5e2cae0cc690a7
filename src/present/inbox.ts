import type { LoadedInbox } from '../../db/queries/load-inboxes.ts'
import { forecastQuota } from '../core/quota/forecast.ts'
import type { Capabilities, Inbox, QuotaStanding } from '../wire/inboxes.ts'

/** An inbox as agents see it: what its channel can do, and never a setting or secret. */
export function presentInbox(row: LoadedInbox, capabilities: Capabilities): Inbox {
  return {
    id: row.id,
    channel: row.channel,
    name: row.name,
    enabled: row.enabled,
    queueId: row.queueId,
    health: row.health,
    capabilities,
    quota: capabilities.metered === true ? standingOf(row) : null,
  }
}

/** Plans are counted by months of this zone, where LINE is at home (UTC+9). */
const planOffsetMs = 9 * 3_600_000

/** As of the reading, so that everybody who looks at it sees the same. */
function standingOf({ quota, plan }: LoadedInbox): QuotaStanding | null {
  if (quota === null) return null
  const lowPercent = typeof plan.lowPercent === 'number' ? plan.lowPercent : 95
  const { limit, used, readAt } = quota
  const whenLow = plan.whenLow === 'ask' || plan.whenLow === 'defer' ? plan.whenLow : 'warn'
  return { limit, used, readAt, whenLow, ...forecastQuota(quota, readAt, { lowPercent, offsetMs: planOffsetMs }) }
}
