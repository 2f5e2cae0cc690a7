import { groupBy } from '../../../db/queries/by-ids.ts'
import {
  allWaiting,
  heldCounters,
  type RoutingAgentRow,
  routingAgents,
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
import { queueSettingsSchema } from '../../wire/queues.ts'

/** How many rows one look-up asks for; SQLite takes 32,766 parameters. */
const chunkSize = 500
/** Unanswered offers an agent may have at once: more would run out while they answer the first. */
const maxRingingOffers = 2

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
      maxRinging: maxRingingOffers,
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
    const queues = await routingQueues(this.#store)
    this.#queues = queues.map((queue) => queueRules(queue.id, queueSettingsSchema.parse(queue.settings), queue.memberIds))
    this.#items.clear()
    for (const row of await allWaiting(this.#store)) this.#items.set(row.id, itemOf(row))
    this.#agents.clear()
    await this.#putAgents(null)
  }

  async #loadItems(ids: readonly string[]): Promise<void> {
    const found = new Map((await waitingByIds(this.#store, ids)).map((row) => [row.id, row]))
    for (const id of ids) {
      const row = found.get(id)
      if (row !== undefined && (row.status === 'queued' || row.status === 'offered')) this.#items.set(id, itemOf(row))
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
    for (const row of await routingAgents(this.#store, ids)) {
      this.#agents.set(row.id, agentOf(row, skills.get(row.id) ?? [], held.get(`agent:${row.id}`) ?? []))
    }
  }
}

function itemOf(row: WaitingRow): WorkItem {
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
    language: null,
    preferredAgent: row.personal ? null : preferred,
    personalAgent: row.personal ? preferred : null,
    avoid: row.avoid,
    offeredTo: row.status === 'offered' && row.offeredTo !== null ? [row.offeredTo] : [],
  }
}

function agentOf(
  row: RoutingAgentRow,
  skills: readonly { skillId: string; level: number }[],
  counters: readonly { name: string; value: number }[],
): RoutingAgent {
  const held: Record<string, number> = { ...emptyHanded }
  for (const { name, value } of counters) if (name.startsWith('open:')) held[name.slice('open:'.length)] = value
  return {
    id: row.id,
    state: row.state,
    leaseUntil: row.leaseUntil,
    groupIds: [],
    skills: skills.map(({ skillId, level }) => ({ skillId, level })),
    languages: [],
    held: held as Held,
    capacity: capacityRules(row.capacity),
    idleSince: row.idleSince,
    lastOfferAt: null,
  }
}

function chunks(ids: ReadonlySet<string>): string[][] {
  const all = [...ids]
  return Array.from({ length: Math.ceil(all.length / chunkSize) }, (_, i) => all.slice(i * chunkSize, (i + 1) * chunkSize))
}
