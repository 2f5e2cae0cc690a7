import type { ChannelId } from '../../wire/words.ts'
import { emptyHanded, type Held, weightOf, withItem } from '../capacity/load.ts'
import { type CapacityVerdict, mayTake, standsInTheWay, weightInTheWay } from '../capacity/may-take.ts'
import { channelIds } from '../capacity/rules.ts'
import type { AgentIndex } from './agent-index.ts'
import { type Bits, emptyBits, setBit } from './bits.ts'

/** Not worked out; weights are never below 0. */
const unknown = -1

/** Whoever has as many unanswered offers as they may is as good as full. */
const handsRinging: CapacityVerdict = { ok: false, reason: 'capacity', limit: 'total', by: null }

type ByChannel = Readonly<Record<ChannelId, Bits>>

/** What agents hold in the course of a run, and who has room for what. */
export class Seats {
  /** Room for one more item of the channel, and free to take it. */
  readonly open: ByChannel
  /** No room because of a call. */
  readonly onCall: ByChannel
  /** No room because of anything else they hold. */
  readonly full: ByChannel
  /** Would have room with empty hands. */
  readonly serves: ByChannel
  /** Agents kept from refilling for the sake of an item they cannot take yet. */
  readonly reserved: Bits
  readonly idleSince: Float64Array
  /** 0 = never. */
  readonly lastOfferAt: Float64Array
  /** Weight held over the total; 1 = full. */
  readonly fill: Float64Array
  /** What `inTheWay` has worked out since the agent's hands last changed. */
  readonly #inTheWay: Readonly<Record<ChannelId, Float64Array>>
  readonly #agents: AgentIndex
  readonly #held: Held[]
  readonly #reservedFor: (ChannelId | undefined)[] = []
  readonly #ringing: number[]

  constructor(agents: AgentIndex) {
    const size = agents.agents.length
    this.#agents = agents
    this.#held = agents.agents.map((agent) => agent.held)
    this.#ringing = agents.agents.map((agent) => agent.ringing ?? 0)
    this.open = byChannel(() => emptyBits(size))
    this.onCall = byChannel(() => emptyBits(size))
    this.full = byChannel(() => emptyBits(size))
    this.serves = byChannel(() => emptyBits(size))
    this.reserved = emptyBits(size)
    this.fill = new Float64Array(size)
    this.#inTheWay = byChannel(() => new Float64Array(size))
    this.idleSince = Float64Array.from(agents.agents, (agent) => agent.idleSince)
    this.lastOfferAt = Float64Array.from(agents.agents, (agent) => agent.lastOfferAt ?? 0)
    for (const [place, agent] of agents.agents.entries()) {
      for (const channel of channelIds) {
        if (mayTake(emptyHanded, channel, agent.capacity).ok) setBit(this.serves[channel], place, true)
      }
      this.#refresh(place)
    }
  }

  /** Gives an item to an agent: it takes a slot from now on. */
  take(place: number, channel: ChannelId, now: number): void {
    this.#held[place] = withItem(this.#held[place] ?? emptyHanded, channel)
    this.#ringing[place] = (this.#ringing[place] ?? 0) + 1
    this.idleSince[place] = now
    this.lastOfferAt[place] = now
    this.#refresh(place)
  }

  /** Keeps an agent from taking what stands in the way of an item of `channel`. */
  reserve(place: number, channel: ChannelId): void {
    setBit(this.reserved, place, true)
    this.#reservedFor[place] = channel
    this.#refresh(place)
  }

  /** How much weight an agent must get rid of before they may take an item of the channel. */
  inTheWay(place: number, channel: ChannelId): number {
    const row = this.#inTheWay[channel]
    const known = row[place] ?? unknown
    if (known !== unknown) return known
    const rules = this.#agents.agents[place]?.capacity
    const held = this.#held[place]
    const weight = rules === undefined || held === undefined ? 0 : weightInTheWay(held, channel, rules)
    row[place] = weight
    return weight
  }

  #refresh(place: number): void {
    const rules = this.#agents.agents[place]?.capacity
    const held = this.#held[place]
    if (rules === undefined || held === undefined) return
    const wanted = this.#reservedFor[place]
    const ringsEnough = (this.#ringing[place] ?? 0) >= (this.#agents.agents[place]?.maxRinging ?? Number.POSITIVE_INFINITY)
    this.fill[place] = weightOf(held, rules) / Math.max(1, rules.total)
    for (const channel of channelIds) {
      const verdict: CapacityVerdict = ringsEnough ? handsRinging : mayTake(held, channel, rules)
      this.#inTheWay[channel][place] = unknown
      const kept = wanted !== undefined && standsInTheWay(held, channel, wanted, rules)
      setBit(this.open[channel], place, verdict.ok && !kept)
      setBit(this.onCall[channel], place, !verdict.ok && verdict.reason === 'blocked_by_call')
      setBit(this.full[channel], place, !verdict.ok && verdict.reason === 'capacity')
    }
  }
}

function byChannel<T>(make: () => T): Readonly<Record<ChannelId, T>> {
  return { phone: make(), sms: make(), line: make(), email: make(), webchat: make() }
}
