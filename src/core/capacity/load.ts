import type { Load } from '../../wire/agents.ts'
import type { ChannelId } from '../../wire/words.ts'
import { type CapacityRules, channelIds } from './rules.ts'

/** Slots held, by channel. */
export type Held = Readonly<Record<ChannelId, number>>

/** Nothing held. */
export const emptyHanded: Held = { phone: 0, sms: 0, line: 0, email: 0, webchat: 0 }

/** Where an item in an agent's hands stands. */
export type SlotState = 'offered' | 'ringing' | 'active' | 'on_hold' | 'wrap_up' | 'parked'

/** Whether an item in this state takes room; only a parked one does not. */
export function holdsSlot(state: SlotState): boolean {
  return state !== 'parked'
}

/** Counts the slots taken by an agent's items. */
export function heldOf(items: Iterable<{ readonly channel: ChannelId; readonly state: SlotState }>): Held {
  const held = { ...emptyHanded }
  for (const item of items) if (holdsSlot(item.state)) held[item.channel] += 1
  return held
}

/** The sum of weights of what is held. */
export function weightOf(held: Held, rules: CapacityRules): number {
  let weight = 0
  for (const channel of channelIds) weight += held[channel] * rules.weights[channel]
  return weight
}

/** What is held, in the form consoles show. */
export function loadOf(held: Held, rules: CapacityRules): Load {
  return {
    items: Object.fromEntries(channelIds.filter((c) => held[c] > 0).map((c) => [c, held[c]])),
    weight: weightOf(held, rules),
    total: rules.total,
  }
}

/** One more (or, with -1, one fewer) item of a channel. */
export function withItem(held: Held, channel: ChannelId, by: 1 | -1 = 1): Held {
  return { ...held, [channel]: Math.max(0, held[channel] + by) }
}
