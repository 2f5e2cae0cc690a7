import type { RingStep } from '../../wire/queues.ts'
import type { ChannelId } from '../../wire/words.ts'
import { channelIds } from '../capacity/rules.ts'
import type { AgentIndex } from './agent-index.ts'
import { addBits, type Bits, emptyBits, setBit } from './bits.ts'
import { orderedSteps, type Relaxation, relaxationsOf } from './relaxation.ts'
import { type QueueRules, queueDefaults } from './snapshot.ts'

/** A queue with what is worked out of it once a run. */
export interface IndexedQueue {
  readonly rules: QueueRules
  readonly steps: readonly RingStep[]
  /** What each ring relaxes, ring 0 first. */
  readonly relaxations: readonly Relaxation[]
  /** Waits at which further members see an item, ascending, all above 0. */
  readonly delaysMs: readonly number[]
  /** A name of its own for each channel. */
  readonly keptAs: Readonly<Record<ChannelId, string>>
  /** Members who see an item that has passed `stage` of the delays, in a ring. */
  members(stage: number, ring: number): Bits
}

/** Builds a queue's index; its sets are made when first asked for. */
export function indexQueue(rules: QueueRules, agents: AgentIndex): IndexedQueue {
  const steps = orderedSteps(rules.rings)
  const delaysMs = [...new Set(rules.members.map((m) => m.delayMs))].filter((ms) => ms > 0).sort((a, b) => a - b)
  const made = new Map<number, Bits>()
  const members = (stage: number, ring: number): Bits => {
    const key = stage * (steps.length + 1) + ring
    let bits = made.get(key)
    if (bits === undefined) {
      bits = visibleMembers(rules, agents, stage === 0 ? 0 : (delaysMs[stage - 1] ?? 0))
      for (const step of steps.slice(0, ring)) for (const groupId of step.widenTo) addBits(bits, agents.inGroup(groupId))
      made.set(key, bits)
    }
    return bits
  }
  const keptAs = Object.fromEntries(channelIds.map((channel) => [channel, `${channel} ${rules.id}`])) as Record<ChannelId, string>
  return { rules, steps, relaxations: relaxationsOf(steps), delaysMs, keptAs, members }
}

function visibleMembers(rules: QueueRules, agents: AgentIndex, passedMs: number): Bits {
  const bits = emptyBits(agents.agents.length)
  for (const member of rules.members) {
    if (member.delayMs > passedMs) continue
    if ('groupId' in member) {
      addBits(bits, agents.inGroup(member.groupId))
      continue
    }
    const place = agents.placeOf.get(member.agentId)
    if (place !== undefined) setBit(bits, place, true)
  }
  return bits
}

/** A queue nobody serves: what an item has whose queue is not in the snapshot. */
export function unservedQueue(id: string): QueueRules {
  return {
    id,
    members: [],
    order: 'oldest',
    ageOffsetMs: 0,
    selection: 'longest_idle',
    rings: [],
    offerMs: {},
    ...queueDefaults,
  }
}
