import type { QueueSettings, RingStep, SkillNeed } from '../../wire/queues.ts'
import type { AgentState, ChannelId } from '../../wire/words.ts'
import type { Held } from '../capacity/load.ts'
import type { CapacityRules } from '../capacity/rules.ts'

/** An agent and until when, epoch milliseconds. */
export interface AgentUntil {
  readonly agentId: string
  readonly until: number
}

/** A conversation in line. Instants are epoch milliseconds. */
export interface WorkItem {
  readonly id: string
  readonly queueId: string
  /** The channel on which the customer can be reached now. */
  readonly channel: ChannelId
  /** 0–9, the higher the sooner. */
  readonly priority: number
  /** The customer's first unanswered contact; decides age in every queue. */
  readonly createdAt: number
  /** Entered its present queue; relaxation and delays count from here. */
  readonly queuedAt: number
  /** The next target to be met; null = none. */
  readonly deadlineAt: number | null
  readonly required: readonly SkillNeed[]
  /** A language the agent must speak; null = any. */
  readonly language: string | null
  /** Goes to this agent while they are available. */
  readonly preferredAgent: AgentUntil | null
  /** This person's own item (a transfer to them, a call-back promised by name) while they are logged in. */
  readonly personalAgent: AgentUntil | null
  readonly avoid: readonly AgentUntil[]
  /** Agents who hold a live offer of it. */
  readonly offeredTo: readonly string[]
}

/** An agent as routing sees them. */
export interface RoutingAgent {
  readonly id: string
  readonly state: AgentState
  /** The presence lease; null when no console is open. */
  readonly leaseUntil: number | null
  readonly groupIds: readonly string[]
  readonly skills: readonly { readonly skillId: string; readonly level: number }[]
  readonly languages: readonly string[]
  readonly held: Held
  readonly capacity: CapacityRules
  /** When they last became free or were last given work. */
  readonly idleSince: number
  /** When they were last offered anything; null = never. */
  readonly lastOfferAt: number | null
  /** Offers they have not answered yet; 0 when left out. */
  readonly ringing?: number
  /** Unanswered offers they may have at once: a person answers one after the other. No limit when left out. */
  readonly maxRinging?: number
}

/** Who serves a queue, and after how long a wait they see an item of it. */
export type QueueMember = { readonly agentId: string; readonly delayMs: number } | { readonly groupId: string; readonly delayMs: number }

/** The rules of a queue as routing needs them. */
export interface QueueRules {
  readonly id: string
  readonly members: readonly QueueMember[]
  readonly order: QueueSettings['order']
  readonly ageOffsetMs: number
  /** `deadline` order: an item is as old as one created this long before its deadline. */
  readonly deadlineLeadMs: number
  readonly selection: QueueSettings['selection']
  readonly rings: readonly RingStep[]
  /** Time to accept; what is missing takes `defaultOfferMs`. */
  readonly offerMs: Readonly<Partial<Record<ChannelId, number>>>
  /** How many agents an item may ring at once, ≥ 1. */
  readonly ringAgents: number
  /** After this wait, an agent whose hands alone keep the item waiting gets nothing that prolongs it. */
  readonly drainAfterMs: number
}

/** Everything a routing decision depends on. Ids are unique in each list; the lists' order means nothing. */
export interface RoutingSnapshot {
  readonly queues: readonly QueueRules[]
  readonly agents: readonly RoutingAgent[]
  readonly items: readonly WorkItem[]
}

/** Time to accept an offer, in milliseconds. */
export const defaultOfferMs: Readonly<Record<ChannelId, number>> = {
  phone: 20_000,
  sms: 60_000,
  line: 60_000,
  email: 120_000,
  webchat: 30_000,
}

/** What a queue has where its settings say nothing. */
export const queueDefaults = { deadlineLeadMs: 600_000, ringAgents: 1, drainAfterMs: 20_000 } as const

/** A queue's rules from its stored settings and its members. */
export function queueRules(id: string, settings: QueueSettings, memberIds: readonly string[]): QueueRules {
  return {
    id,
    members: [...memberIds.map((agentId) => ({ agentId, delayMs: settings.delayMs })), ...settings.groups],
    order: settings.order,
    ageOffsetMs: settings.ageOffsetMs,
    deadlineLeadMs: settings.deadlineLeadMs,
    selection: settings.selection,
    rings: settings.rings,
    offerMs: settings.offerMs,
    ringAgents: settings.ringAgents,
    drainAfterMs: settings.drainAfterMs,
  }
}
