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
import type { Routing } from '../../core/routing/decision.ts'
import { RoutingEngine } from '../../core/routing/engine.ts'
import { queueRules, type RoutingAgent, type WorkItem } from '../../core/routing/snapshot.ts'
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
  readonly #leases = new Map<string, number | null>()
  /** Offers each agent has not answered yet. */
  readonly #ringing = new Map<string, number>()
  /** Queues that serve only who speaks the customer's language. */
  #byLanguage = new Set<string>()
  #maxRinging = 1
  /** Whom each waiting item is offered to, as the database says. */
  readonly #offeredTo = new Map<string, readonly string[]>()
  #engine: RoutingEngine = new RoutingEngine({ queues: [], agents: [], items: [] }, 0)
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
   * Brings the picture up to date and decides by it. What is decided counts as carried out until the log, or `distrust`, says
   * otherwise.
   * @param now epoch ms: renewals of presence leases are not told in the log, so leases that seem to have run out by then
   *   are read again.
   */
  async decide(now: number): Promise<Routing> {
    await this.#refresh(now)
    return this.#engine.decide(now)
  }

  async #refresh(now: number): Promise<void> {
    const stale = this.#stale
    for (const [id, leaseUntil] of this.#leases) if (leaseUntil !== null && leaseUntil <= now) stale.agents.add(id)
    this.#stale = { items: new Set(), agents: new Set(), all: false }
    try {
      if (stale.all) return await this.#loadAll(now)
      for (const ids of chunks(stale.items)) await this.#loadItems(ids, stale.agents)
      for (const ids of chunks(stale.agents)) await this.#loadAgents(ids)
    } catch (error) {
      this.#stale.all = true
      throw error
    }
  }

  #noteOne(event: LogEvent): boolean {
    switch (event.type) {
      case 'conversation.created':
      case 'conversation.changed':
      case 'sla.warned':
      case 'sla.breached':
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

  async #loadAll(now: number): Promise<void> {
    this.#maxRinging = (await routingSettings(this.#store)).maxRinging
    const queues = (await routingQueues(this.#store)).map((queue) => ({ ...queue, settings: queueSettingsSchema.parse(queue.settings) }))
    this.#byLanguage = new Set(queues.filter(({ settings }) => settings.matchLanguage).map(({ id }) => id))
    this.#ringing.clear()
    this.#offeredTo.clear()
    this.#leases.clear()
    const items = (await allWaiting(this.#store)).map((row) => this.#itemOf(row))
    for (const { offeredTo } of items) this.#ring(offeredTo, 1)
    const agents = await this.#readAgents(null)
    const rules = queues.map(({ id, settings, memberIds }) => ({ ...queueRules(id, settings, memberIds), ringAgents: 1 }))
    this.#engine = new RoutingEngine({ queues: rules, agents, items }, now)
  }

  /** @param touched gets the agents whose unanswered offers change with it. */
  async #loadItems(ids: readonly string[], touched: Set<string>): Promise<void> {
    const found = new Map((await waitingByIds(this.#store, ids)).map((row) => [row.id, row]))
    for (const id of ids) {
      const row = found.get(id)
      const before = this.#offeredTo.get(id) ?? []
      const item = row !== undefined && (row.status === 'queued' || row.status === 'offered') ? this.#itemOf(row) : null
      this.#ring(before, -1)
      this.#ring(item?.offeredTo ?? [], 1)
      for (const agentId of [...before, ...(item?.offeredTo ?? [])]) touched.add(agentId)
      if (item === null) {
        this.#offeredTo.delete(id)
        this.#engine.removeItem(id)
      } else this.#engine.putItem(item)
    }
  }

  #ring(agentIds: readonly string[], by: 1 | -1): void {
    for (const id of agentIds) this.#ringing.set(id, Math.max(0, (this.#ringing.get(id) ?? 0) + by))
  }

  async #loadAgents(ids: readonly string[]): Promise<void> {
    const agents = await this.#readAgents(ids)
    const here = new Set(agents.map(({ id }) => id))
    for (const agent of agents) this.#engine.putAgent(agent)
    for (const id of ids) {
      if (here.has(id)) continue
      this.#leases.delete(id)
      this.#engine.removeAgent(id)
    }
  }

  async #readAgents(ids: readonly string[] | null): Promise<RoutingAgent[]> {
    const skills = groupBy(await routingSkills(this.#store, ids), (row) => row.agentId)
    const held = groupBy(await heldCounters(this.#store, ids), (row) => row.scope)
    const groups = groupBy(await routingGroups(this.#store, ids), (row) => row.agentId)
    return (await routingAgents(this.#store, ids)).map((row) => {
      this.#leases.set(row.id, row.leaseUntil)
      const of = { skills: skills.get(row.id) ?? [], counters: held.get(`agent:${row.id}`) ?? [], groups: groups.get(row.id) ?? [] }
      return { ...agentOf(row, of), ringing: this.#ringing.get(row.id) ?? 0, maxRinging: this.#maxRinging }
    })
  }

  #itemOf(row: WaitingRow): WorkItem {
    const item = itemOf(row, this.#byLanguage.has(row.queueId) ? row.language : null)
    this.#offeredTo.set(row.id, item.offeredTo)
    return item
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
