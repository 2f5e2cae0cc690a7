import { groupBy } from '../../../db/queries/by-ids.ts'
import {
  allWaiting,
  heldCounters,
  type RoutingAgentRow,
  routingAgents,
  routingGroups,
  routingQueues,
  routingSkills,
  type WaitingRow,
  waitingByIds,
} from '../../../db/queries/load-routing.ts'
import type { LogEvent } from '../../../db/queries/log.ts'
import type { Store } from '../../../db/store.ts'
import { emptyHanded, type Held } from '../../core/capacity/load.ts'
import { capacityRules } from '../../core/capacity/rules.ts'
import { type QueueRules, queueRules, type RoutingAgent, type RoutingSnapshot, type WorkItem } from '../../core/routing/snapshot.ts'
import type { CapacityOverrides } from '../../wire/agents.ts'
import { queueSettingsSchema } from '../../wire/queues.ts'
import { routingSettings } from './settings.ts'

/** How many rows one look-up asks for; SQLite takes 32,766 parameters. */
const chunkSize = 500

/** What must be read again. */
interface Stale {
  readonly items: Set<string>
  readonly agents: Set<string>
  all: boolean
}

/** The router's picture of what waits and who could take it, kept up to date from the event log. */
export class RoutingMirror {
  readonly #store: Store
  readonly #items = new Map<string, WorkItem>()
  readonly #agents = new Map<string, RoutingAgent>()
  #queues: QueueRules[] = []
  /** Queues that serve only who speaks the customer's language. */
  #byLanguage = new Set<string>()
  #maxRinging = 1
  #stale: Stale = { items: new Set(), agents: new Set(), all: true }

  constructor(store: Store) {
    this.#store = store
  }

  /** Notes what events make stale; true when any of them can matter to routing. */
  note(events: readonly LogEvent[]): boolean {
    let matters = false
    for (const event of events) matters = this.#noteOne(event) || matters
    return matters
  }

  /** Something was not as pictured: read these again before the next decision. */
  distrust(itemId: string, agentId: string): void {
    this.#stale.items.add(itemId)
    this.#stale.agents.add(agentId)
  }

  /**
   * Brings the picture up to date and returns it.
   * @param now epoch ms: renewals of presence leases are not told in the log, so leases that seem to have run out by then
   *   are read again.
   */
  async snapshot(now: number): Promise<RoutingSnapshot> {
    const stale = this.#stale
    for (const { id, leaseUntil } of this.#agents.values()) if (leaseUntil !== null && leaseUntil <= now) stale.agents.add(id)
    this.#stale = { items: new Set(), agents: new Set(), all: false }
    try {
      if (stale.all) await this.#loadAll()
      else {
        for (const ids of chunks(stale.items)) await this.#loadItems(ids)
        for (const ids of chunks(stale.agents)) await this.#loadAgents(ids)
      }
    } catch (error) {
      this.#stale.all = true
      throw error
    }
    const items = [...this.#items.values()]
    const ringing = new Map<string, number>()
    for (const { offeredTo } of items) for (const agentId of offeredTo) ringing.set(agentId, (ringing.get(agentId) ?? 0) + 1)
    const agents = [...this.#agents.values()].map((agent) => ({
      ...agent,
      ringing: ringing.get(agent.id) ?? 0,
      maxRinging: this.#maxRinging,
    }))
    return { queues: this.#queues, agents, items }
  }

  #noteOne(event: LogEvent): boolean {
    switch (event.type) {
      case 'conversation.created':
      case 'conversation.changed':
        this.#noteConversation(event)
        return true
      case 'agent.state_changed':
      case 'agent.presence_changed':
        if (event.subjectId !== null) this.#stale.agents.add(event.subjectId)
        return true
      case 'agent.changed':
      case 'queue.changed':
      case 'skill.changed':
      case 'group.changed':
      case 'routing.settings_changed':
        this.#stale.all = true
        return true
      default:
        return false
    }
  }

  #noteConversation({ subjectId, data }: LogEvent): void {
    if (subjectId !== null) this.#stale.items.add(subjectId)
    const before = (data.before ?? {}) as { assigneeId?: string | null; offeredTo?: string | null }
    for (const agentId of [data.agentId, before.assigneeId, before.offeredTo]) {
      if (typeof agentId === 'string') this.#stale.agents.add(agentId)
    }
  }

  async #loadAll(): Promise<void> {
    this.#maxRinging = (await routingSettings(this.#store)).maxRinging
    const queues = (await routingQueues(this.#store)).map((queue) => ({ ...queue, settings: queueSettingsSchema.parse(queue.settings) }))
    this.#queues = queues.map(({ id, settings, memberIds }) => queueRules(id, settings, memberIds))
    this.#byLanguage = new Set(queues.filter(({ settings }) => settings.matchLanguage).map(({ id }) => id))
    this.#items.clear()
    for (const row of await allWaiting(this.#store)) this.#items.set(row.id, this.#itemOf(row))
    this.#agents.clear()
    await this.#putAgents(null)
  }

  async #loadItems(ids: readonly string[]): Promise<void> {
    const found = new Map((await waitingByIds(this.#store, ids)).map((row) => [row.id, row]))
    for (const id of ids) {
      const row = found.get(id)
      if (row !== undefined && (row.status === 'queued' || row.status === 'offered')) this.#items.set(id, this.#itemOf(row))
      else this.#items.delete(id)
    }
  }

  async #loadAgents(ids: readonly string[]): Promise<void> {
    for (const id of ids) this.#agents.delete(id)
    await this.#putAgents(ids)
  }

  async #putAgents(ids: readonly string[] | null): Promise<void> {
    const skills = groupBy(await routingSkills(this.#store, ids), (row) => row.agentId)
    const held = groupBy(await heldCounters(this.#store, ids), (row) => row.scope)
    const groups = groupBy(await routingGroups(this.#store, ids), (row) => row.agentId)
    for (const row of await routingAgents(this.#store, ids)) {
      const of = { skills: skills.get(row.id) ?? [], counters: held.get(`agent:${row.id}`) ?? [], groups: groups.get(row.id) ?? [] }
      this.#agents.set(row.id, agentOf(row, of))
    }
  }

  #itemOf(row: WaitingRow): WorkItem {
    return itemOf(row, this.#byLanguage.has(row.queueId) ? row.language : null)
  }
}

function itemOf(row: WaitingRow, language: string | null): WorkItem {
  const preferred =
    row.preferredAgentId === null || row.preferredUntil === null ? null : { agentId: row.preferredAgentId, until: row.preferredUntil }
  return {
    id: row.id,
    queueId: row.queueId,
    channel: row.channel,
    priority: row.priority,
    createdAt: row.waitingSince,
    queuedAt: row.queuedAt,
    deadlineAt: row.slaDueAt,
    required: row.requiredSkills,
    language,
    preferredAgent: row.personal ? null : preferred,
    personalAgent: row.personal ? preferred : null,
    avoid: row.avoid,
    offeredTo: row.status === 'offered' && row.offeredTo !== null ? [row.offeredTo] : [],
  }
}

/** What belongs to an agent beside their row. */
interface OfAgent {
  readonly skills: readonly { skillId: string; level: number }[]
  readonly counters: readonly { name: string; value: number }[]
  readonly groups: readonly { groupId: string; capacity: CapacityOverrides }[]
}

function agentOf(row: RoutingAgentRow, { skills, counters, groups }: OfAgent): RoutingAgent {
  const held: Record<string, number> = { ...emptyHanded }
  for (const { name, value } of counters) if (name.startsWith('open:')) held[name.slice('open:'.length)] = value
  return {
    id: row.id,
    state: row.state,
    leaseUntil: row.leaseUntil,
    groupIds: groups.map(({ groupId }) => groupId),
    skills: skills.map(({ skillId, level }) => ({ skillId, level })),
    languages: row.languages,
    held: held as Held,
    capacity: capacityRules(...groups.map(({ capacity }) => capacity), row.capacity),
    idleSince: row.idleSince,
    lastOfferAt: row.lastOfferAt,
  }
}

function chunks(ids: ReadonlySet<string>): string[][] {
  const all = [...ids]
  return Array.from({ length: Math.ceil(all.length / chunkSize) }, (_, i) => all.slice(i * chunkSize, (i + 1) * chunkSize))
}
