import type { CapacityOverrides } from '../../wire/agents.ts'
import { type ChannelId, channelIdSchema } from '../../wire/words.ts'

/** Every channel, in the order of the wire. */
export const channelIds: readonly ChannelId[] = channelIdSchema.options

/** What an agent may hold at once. */
export interface CapacityRules {
  /** Items of one channel at most; 0 = the agent does not serve the channel. */
  readonly max: Readonly<Record<ChannelId, number>>
  /** What one item of a channel weighs. */
  readonly weights: Readonly<Record<ChannelId, number>>
  /** Sum of weights at most. */
  readonly total: number
  /** For each channel held: the channels that may come in beside it. */
  readonly interruptedBy: Readonly<Record<ChannelId, readonly ChannelId[]>>
}

/**
 * The rules an agent has when nothing else is said. A call admits nothing beside it; a held
 * message admits anything but a call; held e-mail admits everything.
 */
export const defaultCapacity: CapacityRules = {
  max: { phone: 1, sms: 6, line: 6, email: 10, webchat: 4 },
  weights: { phone: 100, sms: 15, line: 15, email: 8, webchat: 20 },
  total: 100,
  interruptedBy: {
    phone: [],
    sms: ['sms', 'line', 'email', 'webchat'],
    line: ['sms', 'line', 'email', 'webchat'],
    email: ['phone', 'sms', 'line', 'email', 'webchat'],
    webchat: ['sms', 'line', 'email', 'webchat'],
  },
}

/** What may be said differently for a group or one agent; `interruptedBy` replaces whole rows. */
export type CapacityChanges = Partial<CapacityOverrides>

/** The rules in force: the defaults, then each change in turn (organisation, group, agent); the later wins. */
export function capacityRules(...changes: readonly CapacityChanges[]): CapacityRules {
  const rules = {
    max: { ...defaultCapacity.max },
    weights: { ...defaultCapacity.weights },
    total: defaultCapacity.total,
    interruptedBy: { ...defaultCapacity.interruptedBy },
  }
  for (const change of changes) {
    Object.assign(rules.max, said(change.max))
    Object.assign(rules.weights, said(change.weights))
    Object.assign(rules.interruptedBy, said(change.interruptedBy))
    rules.total = change.total ?? rules.total
  }
  return rules
}

/** An override present but undefined says nothing. */
function said(record: object | undefined): object {
  return Object.fromEntries(Object.entries(record ?? {}).filter(([, value]) => value !== undefined))
}
