import { capacityRules } from '../../../src/core/capacity/rules.ts'
import { RoutingEngine } from '../../../src/core/routing/engine.ts'
import { route } from '../../../src/core/routing/route.ts'
import type { QueueRules, RoutingAgent, WorkItem } from '../../../src/core/routing/snapshot.ts'
import type { AgentState, ChannelId } from '../../../src/wire/words.ts'
import { numbers } from './centre.ts'
import { agent, item, now, queue, ring } from './support.ts'

const channels: readonly ChannelId[] = ['phone', 'sms', 'line', 'email', 'webchat']
const states: readonly AgentState[] = ['available', 'available', 'available', 'busy', 'wrap_up', 'not_responding', 'offline']
const selections = ['longest_idle', 'least_loaded', 'best_skill', 'round_robin'] as const

/** A centre at random with something happening to it at each step, told to an engine that keeps its picture. */
export class RoutingWalk {
  readonly engine: RoutingEngine
  at = now
  /** Offers the engine made. */
  offers = 0
  readonly #pick: (below: number) => number
  readonly #agentCount: number
  readonly #queueCount: number
  #items = 0

  constructor(seed: number, agentCount = 8, queueCount = 4) {
    this.#pick = numbers(seed)
    this.#agentCount = agentCount
    this.#queueCount = queueCount
    const agents = Array.from({ length: agentCount }, (_, n) => this.#agent(`a${n}`))
    this.engine = new RoutingEngine({ agents, queues: this.#queues(), items: [] }, now)
  }

  /** One event; returns what the engine decided and what looking at everything anew decides, as text. */
  step(): readonly [string, string] {
    this.#happen()
    const anew = route(this.engine.snapshot(), this.at)
    const kept = this.engine.decide(this.at)
    this.offers += kept.decisions.length
    return [JSON.stringify(kept), JSON.stringify(anew)]
  }

  /** One event told to the engine alone. */
  stepKept(): void {
    this.#happen()
    this.offers += this.engine.decide(this.at).decisions.length
  }

  /** Whether the kept picture decides nothing more than what has been carried out, looked at anew. */
  settled(): boolean {
    return route(this.engine.snapshot(), this.at).decisions.length === 0
  }

  #happen(): void {
    const items = this.engine.snapshot().items
    const it = items[this.#pick(Math.max(1, items.length))]
    const who = this.engine.agent(`a${this.#pick(this.#agentCount)}`)
    const event = this.#pick(100)
    if (event < 25) this.at += this.#pick(15_000)
    else if (event < 45 || it === undefined || who === undefined) this.#arrive()
    else if (event < 60) this.#outcome(it)
    else if (event < 72) this.#finish(who)
    else if (event < 82) this.engine.putAgent({ ...who, state: states[this.#pick(states.length)] ?? 'busy', leaseUntil: this.at + 45_000 })
    else if (event < 88) this.engine.putAgent({ ...who, leaseUntil: this.#pick(3) === 0 ? null : this.at + this.#pick(45_000) })
    else if (event < 97) this.engine.putItem(this.#changed(it))
    else if (event === 97) this.engine.putAgent({ ...this.#agent(who.id), held: who.held })
    else if (event === 98) this.engine.putQueues(this.#queues())
    else this.engine.removeItem(it.id)
  }

  #arrive(): void {
    if (this.engine.snapshot().items.length < 40) this.engine.putItem(this.#item(`i${this.#items++}`))
  }

  /** Somebody answers the oldest of its offers, one way or the other. */
  #outcome(it: WorkItem): void {
    const [agentId, ...others] = it.offeredTo
    const who = agentId === undefined ? undefined : this.engine.agent(agentId)
    if (agentId === undefined || who === undefined) return
    if (this.#pick(2) === 0) return this.engine.removeItem(it.id)
    this.engine.putAgent({ ...who, held: { ...who.held, [it.channel]: Math.max(0, who.held[it.channel] - 1) } })
    this.engine.putItem({ ...it, offeredTo: others, avoid: [...it.avoid, { agentId, until: this.at + this.#pick(60_000) }] })
  }

  #finish(who: RoutingAgent): void {
    const busy = channels.filter((channel) => who.held[channel] > 0)
    const channel = busy[this.#pick(Math.max(1, busy.length))]
    if (channel !== undefined) this.engine.putAgent({ ...who, held: { ...who.held, [channel]: who.held[channel] - 1 }, idleSince: this.at })
  }

  #changed(it: WorkItem): WorkItem {
    const other = this.#item(it.id)
    switch (this.#pick(5)) {
      case 0:
        return { ...it, priority: other.priority }
      case 1:
        return { ...it, queueId: other.queueId, queuedAt: this.at }
      case 2:
        return { ...it, channel: other.channel }
      case 3:
        return { ...it, personalAgent: other.personalAgent, preferredAgent: other.preferredAgent }
      default:
        return { ...it, required: other.required, deadlineAt: other.deadlineAt }
    }
  }

  #item(id: string): WorkItem {
    const pick = this.#pick
    const someone = (odds: number) => (pick(odds) === 0 ? { agentId: `a${pick(this.#agentCount)}`, until: this.at + pick(40_000) } : null)
    return item(id, {
      queueId: `q${pick(this.#queueCount + 1)}`,
      channel: channels[pick(5)] ?? 'line',
      priority: 4 + pick(3),
      createdAt: this.at - pick(20_000),
      queuedAt: this.at - pick(5_000),
      deadlineAt: pick(3) === 0 ? this.at + pick(300_000) : null,
      required: Array.from({ length: pick(3) }, (_, n) => ({ skillId: `s${pick(3)}`, minLevel: 1 + pick(4), dropOrder: n + 1 })),
      language: pick(6) === 0 ? 'ja' : null,
      preferredAgent: someone(4),
      personalAgent: someone(10),
    })
  }

  #agent(id: string): RoutingAgent {
    const pick = this.#pick
    const held = { webchat: pick(3), email: pick(3), phone: pick(6) === 0 ? 1 : 0 }
    return agent(id, {
      held,
      leaseUntil: this.at + pick(60_000),
      groupIds: pick(2) === 0 ? ['g'] : [],
      languages: pick(2) === 0 ? ['ja'] : [],
      skills: ['s0', 's1', 's2'].filter(() => pick(2) === 0).map((skillId) => ({ skillId, level: 1 + pick(5) })),
      capacity: capacityRules(pick(4) === 0 ? { total: 140, interruptedBy: { phone: ['email'] } } : {}),
      idleSince: this.at - pick(60_000),
      ...(pick(2) === 0 ? { maxRinging: 2 } : {}),
    })
  }

  #queues(): QueueRules[] {
    const pick = this.#pick
    return Array.from({ length: this.#queueCount }, (_, n) =>
      queue(`q${n}`, [], {
        members: [
          ...Array.from({ length: this.#agentCount }, (__, a) => ({ agentId: `a${a}`, delayMs: pick(3) === 0 ? 8_000 : 0 })).filter(
            () => pick(3) > 0,
          ),
          { groupId: 'g', delayMs: 10_000 },
        ],
        order: pick(2) === 0 ? 'deadline' : 'oldest',
        ageOffsetMs: pick(3) * 5_000,
        selection: selections[pick(4)] ?? 'longest_idle',
        rings: [
          ring(5_000, { lowerLevelBy: 2 }),
          ring(12_000, { dropThrough: 1 }),
          ring(20_000, { dropThrough: 2, dropLanguage: true, widenTo: ['g'] }),
        ],
        ringAgents: pick(4) === 0 ? 2 : 1,
        drainAfterMs: 4_000 * pick(4),
      }),
    )
  }
}
