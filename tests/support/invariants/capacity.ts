import { emptyHanded, type Held, withItem } from '../../../src/core/capacity/load.ts'
import { mayTake } from '../../../src/core/capacity/may-take.ts'
import { capacityRules } from '../../../src/core/capacity/rules.ts'
import type { CapacityHistory, EventRow, Everything } from './everything.ts'

/** A conversation as the log has told it so far. */
interface Told {
  readonly holder: string | null
  readonly owner: string | null
  readonly parked: boolean
}

const nobody: Told = { holder: null, owner: null, parked: false }

/**
 * Nobody takes more than they may at any point of the log (I4): the log is replayed, and each time somebody comes to hold
 * one more conversation there must have been room for it.
 */
export function capacityViolations({ events, conversations, agents }: Everything, capacityAt?: CapacityHistory): string[] {
  const channelOf = new Map(conversations.map(({ id, channel }) => [id, channel]))
  const present = new Map(agents.map(({ id, capacity }) => [id, capacity]))
  const told = new Map<string, Told>()
  const held = new Map<string, Held>()
  const faults: string[] = []
  for (const event of events) {
    const { seq, subjectId, type, data } = event
    const channel = channelOf.get(subjectId ?? '')
    if (type !== 'conversation.changed' || data.to === undefined || subjectId === null || channel === undefined) continue
    const before = told.get(subjectId) ?? nobody
    const after = follow(before, event)
    told.set(subjectId, after)
    if (before.holder === after.holder) continue
    if (before.holder !== null) held.set(before.holder, withItem(held.get(before.holder) ?? emptyHanded, channel, -1))
    if (after.holder === null) continue
    const hands = held.get(after.holder) ?? emptyHanded
    const rules = capacityRules(capacityAt?.(after.holder, seq) ?? present.get(after.holder) ?? {})
    if (!mayTake(hands, channel, rules).ok)
      faults.push(`Event ${seq} (${String(data.what)}) gives ${after.holder} one more of ${channel} beside ${JSON.stringify(hands)}.`)
    held.set(after.holder, withItem(hands, channel))
  }
  return faults
}

function follow(before: Told, { data }: EventRow): Told {
  const agentId = typeof data.agentId === 'string' ? data.agentId : null
  switch (data.to) {
    case 'offered':
      return { ...nobody, holder: agentId ?? before.holder }
    case 'active': {
      const taken = data.what === 'offer_accepted' || data.what === 'assigned' || data.what === 'reopen'
      const owner = taken ? agentId : before.owner
      const parked = data.what === 'park' || (before.parked && data.what === 'agent_message')
      return { owner, parked, holder: parked ? null : owner }
    }
    case 'wrap_up': {
      const parked = data.parked === true
      return { owner: before.owner, parked, holder: parked ? null : before.owner }
    }
    case 'snoozed':
    case 'resolved':
      return { ...nobody, owner: before.owner }
    default:
      return nobody
  }
}
