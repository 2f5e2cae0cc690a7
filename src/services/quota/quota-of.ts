import type { Meter } from '../../../channels/contract.ts'
import { forecastQuota, type QuotaForecast } from '../../core/quota/forecast.ts'
import type { InboxQuota } from '../../wire/inboxes.ts'

/** LINE counts months where it is at home (UTC+9), the one metered channel there is. */
export const planOffsetMs = 9 * 3_600_000

/** Where an account's plan stands; all is well before it was read for the first time. */
export function quotaStanding(quota: InboxQuota | null, meter: Pick<Meter, 'lowPercent'>, now: number): QuotaForecast {
  if (quota === null) return { level: 'ok', left: null, exhaustedAt: null }
  return forecastQuota(quota, now, { lowPercent: meter.lowPercent, offsetMs: planOffsetMs })
}
