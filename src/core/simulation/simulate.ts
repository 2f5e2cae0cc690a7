import type { QueueSettings } from '../../wire/queues.ts'
import { withItem } from '../capacity/load.ts'
import { abandonOutcome } from '../metrics/queue-metrics.ts'
import { RoutingEngine } from '../routing/engine.ts'
import { queueRules, type WorkItem } from '../routing/snapshot.ts'
import { Timers } from '../routing/timers.ts'
import { admit } from '../waiting/admission.ts'
import { leavesQueue, nextWaitingStep } from '../waiting/steps.ts'
import type { Arrival, DayPlan, Shift } from './plan.ts'
import { DayRecord, type SimulationResult } from './record.ts'

/** A queue as a simulated day needs it. */
export interface SimulatedQueue {
  readonly id: string
  readonly settings: QueueSettings
  readonly memberIds: readonly string[]
  /** Whether it is open at an instant; always, when left out. */
  readonly isOpen?: (at: number) => boolean
}

type Happening =
  | { readonly kind: 'shift_begins' | 'shift_ends'; readonly shift: Shift }
  | { readonly kind: 'arrives'; readonly arrival: Arrival }
  | { readonly kind: 'gives_up' | 'step' | 'accepts' | 'finishes'; readonly itemId: string; readonly turn: number }
  | { readonly kind: 'wake' }

/** Somebody in the centre: waiting, rung, or being served. */
interface Guest {
  readonly arrival: Arrival
  /** Rises when what was planned for them is void. */
  turn: number
  stepsTaken: number
  agentId: string | null
}

/**
 * Lives a day through with the queues as given, by the very engine that routes: the same plan and queues, the same day. Agents accept
 * what they are offered after the plan's time, and nobody declines; hours, admission and the steps of those who wait are followed.
 */
export function simulateDay(plan: DayPlan, queues: readonly SimulatedQueue[]): SimulationResult {
  return new Day(plan, queues).run()
}

class Day {
  readonly #plan: DayPlan
  readonly #queues: ReadonlyMap<string, SimulatedQueue>
  readonly #engine: RoutingEngine
  readonly #timers = new Timers<Happening>()
  readonly #guests = new Map<string, Guest>()
  readonly #record: DayRecord
  readonly #waiting = new Map<string, number>()
  readonly #onDuty = new Set<string>()
  #wakeAt: number | null = null

  constructor(plan: DayPlan, queues: readonly SimulatedQueue[]) {
    this.#plan = plan
    this.#queues = new Map(queues.map((queue) => [queue.id, queue]))
    const agents = plan.shifts.map(({ agent }) => ({ ...agent, state: 'offline' as const, leaseUntil: null }))
    const rules = queues.map(({ id, settings, memberIds }) => queueRules(id, settings, memberIds))
    this.#engine = new RoutingEngine({ queues: rules, agents, items: [] }, plan.from)
    this.#record = new DayRecord(new Map(queues.map(({ id, settings }) => [id, settings.serviceLevelMs])))
    for (const arrival of plan.arrivals) this.#timers.push(arrival.at, { kind: 'arrives', arrival })
    for (const shift of plan.shifts) {
      this.#timers.push(shift.from, { kind: 'shift_begins', shift })
      this.#timers.push(shift.to, { kind: 'shift_ends', shift })
    }
  }

  run(): SimulationResult {
    let at = this.#plan.from
    for (let due = this.#timers.first; due !== undefined; due = this.#timers.first) {
      at = due.at
      this.#timers.pop()
      this.#happen(due.what, at)
      if (this.#timers.first?.at !== at) this.#decide(at)
    }
    for (const { arrival, agentId } of this.#guests.values()) if (agentId === null) this.#record.leave(arrival.item.id, at, 'closed', null)
    return this.#record.result()
  }

  #happen(what: Happening, at: number): void {
    switch (what.kind) {
      case 'wake':
        this.#wakeAt = null
        return
      case 'shift_begins':
        return this.#clockIn(what.shift, at)
      case 'shift_ends':
        return this.#clockOut(what.shift, at)
      case 'arrives':
        return this.#arrive(what.arrival, at)
      default: {
        const guest = this.#guests.get(what.itemId)
        if (guest !== undefined && guest.turn === what.turn) this.#goOn(what.kind, guest, at)
      }
    }
  }

  #goOn(kind: 'gives_up' | 'step' | 'accepts' | 'finishes', guest: Guest, at: number): void {
    const { item, handleMs } = guest.arrival
    const now = this.#engine.item(item.id)
    if (kind === 'finishes') return this.#finish(guest, at)
    if (now === undefined) return
    if (kind === 'accepts') {
      for (const other of now.offeredTo) if (other !== guest.agentId) this.#free(other, item.channel, null)
      this.#out(guest, now, at, 'answered')
      this.#record.begin(item.id, guest.agentId ?? '', at)
      guest.turn += 1
      this.#timers.push(at + handleMs, { kind: 'finishes', itemId: item.id, turn: guest.turn })
    } else if (kind === 'step') this.#step(guest, now, at)
    else if (now.offeredTo.length === 0) {
      this.#out(guest, now, at, abandonOutcome(at - guest.arrival.at, this.#settingsOf(now)?.shortAbandonMs ?? 0))
      this.#guests.delete(item.id)
    }
  }

  #arrive(arrival: Arrival, at: number): void {
    const { item } = arrival
    const queue = this.#queues.get(item.queueId)
    if (queue === undefined) return
    const guest: Guest = { arrival, turn: 0, stepsTaken: 0, agentId: null }
    this.#record.enter(item, at)
    const { settings, memberIds } = queue
    const onDuty = memberIds.filter((id) => this.#onDuty.has(id)).length + (settings.groups.length > 0 ? this.#onDuty.size : 0)
    const open = queue.isOpen?.(at) ?? true
    const answer = admit(settings, { open, onDuty, waiting: this.#waiting.get(item.queueId) ?? 0, expectedWaitMs: null })
    if (!answer.admitted && answer.action !== null && leavesQueue(answer.action) && answer.action.kind !== 'queue') {
      return this.#record.leave(item.id, at, answer.reason === 'closed' ? 'closed' : 'blocked', null)
    }
    if (!answer.admitted && answer.action?.kind === 'callback') return this.#record.leave(item.id, at, 'callback', null)
    this.#guests.set(item.id, guest)
    this.#count(item.queueId, 1)
    this.#engine.putItem(item)
    this.#timers.push(at + arrival.patienceMs, { kind: 'gives_up', itemId: item.id, turn: 0 })
    if (!answer.admitted && answer.action?.kind === 'queue') this.#move(guest, item, answer.action.queueId, at)
    else this.#planStep(guest, item)
  }

  #step(guest: Guest, item: WorkItem, at: number): void {
    const settings = this.#settingsOf(item)
    const next = settings === undefined ? null : nextWaitingStep(settings, { queuedAt: item.queuedAt, taken: guest.stepsTaken })
    if (next === null || next.dueAt > at || item.offeredTo.length > 0) return
    guest.stepsTaken += 1
    const { action } = next.step
    if (action.kind === 'queue') return this.#move(guest, item, action.queueId, at)
    if (action.kind === 'callback' || leavesQueue(action)) {
      this.#out(guest, item, at, action.kind === 'callback' ? 'callback' : 'timed_out')
      this.#guests.delete(item.id)
      return
    }
    const raised = action.kind === 'raise_priority' ? { ...item, priority: Math.min(9, item.priority + action.by) } : item
    this.#engine.putItem(raised)
    this.#planStep(guest, raised)
  }

  #move(guest: Guest, item: WorkItem, queueId: string, at: number): void {
    this.#record.leave(item.id, at, 'overflowed', null)
    this.#count(item.queueId, -1)
    const moved = { ...item, queueId, queuedAt: at }
    guest.stepsTaken = 0
    this.#record.enter(moved, at)
    this.#count(queueId, 1)
    this.#engine.putItem(moved)
    this.#planStep(guest, moved)
  }

  #planStep(guest: Guest, item: WorkItem): void {
    const settings = this.#settingsOf(item)
    const next = settings === undefined ? null : nextWaitingStep(settings, { queuedAt: item.queuedAt, taken: guest.stepsTaken })
    if (next !== null) this.#timers.push(next.dueAt, { kind: 'step', itemId: item.id, turn: guest.turn })
  }

  #out(guest: Guest, item: WorkItem, at: number, outcome: Parameters<DayRecord['leave']>[2]): void {
    this.#record.leave(item.id, at, outcome, guest.agentId)
    this.#count(item.queueId, -1)
    this.#engine.removeItem(item.id)
  }

  #finish(guest: Guest, at: number): void {
    const { item } = guest.arrival
    this.#guests.delete(item.id)
    this.#record.end(item.id, at)
    if (guest.agentId !== null) this.#free(guest.agentId, item.channel, at)
  }

  /** Gives an agent a slot back. `idleSince` null: they served nobody, and their turn is as it was. */
  #free(agentId: string, channel: WorkItem['channel'], idleSince: number | null): void {
    const agent = this.#engine.agent(agentId)
    if (agent === undefined) return
    this.#engine.putAgent({ ...agent, held: withItem(agent.held, channel, -1), idleSince: idleSince ?? agent.idleSince })
  }

  #clockIn({ agent, to }: Shift, at: number): void {
    const now = this.#engine.agent(agent.id)
    this.#onDuty.add(agent.id)
    this.#record.clockIn(agent.id, at)
    if (now !== undefined) this.#engine.putAgent({ ...now, state: 'available', leaseUntil: to, idleSince: at })
  }

  /** What an agent has in hand at the end of the shift is finished; they get nothing more. */
  #clockOut({ agent }: Shift, at: number): void {
    const now = this.#engine.agent(agent.id)
    this.#onDuty.delete(agent.id)
    this.#record.clockOut(agent.id, at)
    if (now !== undefined) this.#engine.putAgent({ ...now, state: 'offline', leaseUntil: null })
  }

  #decide(at: number): void {
    const { decisions, nextWakeAt } = this.#engine.decide(at)
    for (const { itemId, agentId } of decisions) {
      const guest = this.#guests.get(itemId)
      if (guest === undefined) continue
      guest.agentId ??= agentId
      if (guest.agentId !== agentId) continue
      guest.turn += 1
      this.#timers.push(at + this.#plan.answerMs, { kind: 'accepts', itemId, turn: guest.turn })
    }
    if (nextWakeAt !== null && (this.#wakeAt === null || nextWakeAt < this.#wakeAt)) {
      this.#wakeAt = nextWakeAt
      this.#timers.push(nextWakeAt, { kind: 'wake' })
    }
  }

  #settingsOf(item: WorkItem): QueueSettings | undefined {
    return this.#queues.get(item.queueId)?.settings
  }

  #count(queueId: string, by: 1 | -1): void {
    this.#waiting.set(queueId, (this.#waiting.get(queueId) ?? 0) + by)
  }
}
