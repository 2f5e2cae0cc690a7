import type { ChannelId } from '../../wire/words.ts'
import { type Held, weightOf } from './load.ts'
import { type CapacityRules, channelIds } from './rules.ts'

/**
 * Whether there is room. A refusal names its reason in the words of routing decisions, the limit
 * that was hit, and the held channel that does not admit the newcomer, where one does not.
 */
export type CapacityVerdict =
  | { readonly ok: true }
  | {
      readonly ok: false
      readonly reason: 'capacity' | 'blocked_by_call'
      readonly limit: 'channel' | 'total' | 'interruption'
      readonly by: ChannelId | null
    }

const yes: CapacityVerdict = { ok: true }
const channelFull: CapacityVerdict = { ok: false, reason: 'capacity', limit: 'channel', by: null }
const totalFull: CapacityVerdict = { ok: false, reason: 'capacity', limit: 'total', by: null }
const onCall: CapacityVerdict = { ok: false, reason: 'blocked_by_call', limit: 'interruption', by: 'phone' }

/**
 * Whether an agent who holds `held` may take one more item of `channel`: its count stays within the
 * maximum, the weights within the total, and every channel held admits the newcomer.
 */
export function mayTake(held: Held, channel: ChannelId, rules: CapacityRules): CapacityVerdict {
  if (held.phone > 0 && !rules.interruptedBy.phone.includes(channel)) return onCall
  for (const holding of channelIds) {
    if (held[holding] > 0 && !rules.interruptedBy[holding].includes(channel)) {
      return { ok: false, reason: 'capacity', limit: 'interruption', by: holding }
    }
  }
  if (held[channel] >= rules.max[channel]) return channelFull
  if (weightOf(held, rules) + rules.weights[channel] > rules.total) return totalFull
  return yes
}

/**
 * Whether one more item of `newcomer` would stand in the way of an item of `wanted` that waits for
 * what the agent holds to drain: it takes the same kind of slot, does not admit `wanted` beside
 * it, or leaves too little weight once what must go first has gone.
 */
export function standsInTheWay(held: Held, newcomer: ChannelId, wanted: ChannelId, rules: CapacityRules): boolean {
  if (newcomer === wanted || !rules.interruptedBy[newcomer].includes(wanted)) return true
  const { staying } = divide(held, wanted, rules)
  return staying + rules.weights[newcomer] + rules.weights[wanted] > rules.total
}

/**
 * The weight an agent must get rid of before they may take an item of `wanted`; 0 = they may now.
 * Taking what does not stand in the way leaves it as it is.
 */
export function weightInTheWay(held: Held, wanted: ChannelId, rules: CapacityRules): number {
  const { leaving, staying } = divide(held, wanted, rules)
  return leaving + Math.max(0, staying + rules.weights[wanted] - rules.total)
}

/** Weight held that must go whatever the total is (it blocks `wanted`, or has the last slot of it), and the rest. */
function divide(held: Held, wanted: ChannelId, rules: CapacityRules): { readonly leaving: number; readonly staying: number } {
  let leaving = 0
  let staying = 0
  for (const channel of channelIds) {
    const admits = rules.interruptedBy[channel].includes(wanted)
    const room = channel === wanted ? Math.max(0, rules.max[wanted] - 1) : held[channel]
    const kept = admits ? Math.min(held[channel], room) : 0
    staying += kept * rules.weights[channel]
    leaving += (held[channel] - kept) * rules.weights[channel]
  }
  return { leaving, staying }
}
