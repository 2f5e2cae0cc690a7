import type { ChannelId } from '../../wire/words.ts'

/**
 * How long an item may wait for the customer before it is parked and frees its slot, in
 * milliseconds; null = never (a call is silent and still a call).
 */
export const defaultIdleMs: Readonly<Record<ChannelId, number | null>> = {
  phone: null,
  sms: 1_800_000,
  line: 1_800_000,
  email: 60_000,
  webchat: 600_000,
}

/** The instant at which an item that waits for its customer is parked; null = never. */
export function parkAt(
  channel: ChannelId,
  awaitingCustomerSince: number,
  idleMs: Readonly<Partial<Record<ChannelId, number | null>>> = {},
): number | null {
  const said = idleMs[channel]
  const limitMs = said === undefined ? defaultIdleMs[channel] : said
  return limitMs === null ? null : awaitingCustomerSince + limitMs
}
