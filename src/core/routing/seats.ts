import type { ChannelId } from '../../wire/words.ts'
import { emptyHanded, type Held, weightOf, withItem } from '../capacity/load.ts'
import { type CapacityVerdict, mayTake, standsInTheWay, weightInTheWay } from '../capacity/may-take.ts'
import { type CapacityRules, channelIds } from '../capacity/rules.ts'
import type { AgentIndex } from './agent-index.ts'
import { type Bits, emptyBits, hasBit, setBit } from './bits.ts'
import type { RoutingAgent } from './snapshot.ts'

/** Not worked out; weights are never below 0. */
const unknown = -1

/** Whoever has as many unanswered offers as they may is as good as full. */
const handsRinging: CapacityVerdict = { ok: false, reason: 'capacity', limit: 'total', by: null }

type ByChannel<T = Bits> = Readonly<Record<ChannelId, T>>

/**
 * What agents hold, who has room for what, and, in the course of a pass, who is kept from refilling. What is given in a pass stays;
 * what is reserved lasts for the pass.
 */
export class Seats {
  /** Room for one more item of the channel, and kept for nothing it stands in the way of. */
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
  /** Words of `open` in which somebody is available. */
  readonly #passing: ByChannel<number[]>
  readonly #room: ByChannel
  /** What `inTheWay` has worked out since the agent's hands last changed. */
  readonly #inTheWay: ByChannel<Float64Array>
  readonly #agents: AgentIndex
  readonly #held: Held[] = []
  readonly #ringing: number[] = []
  readonly #capacity: CapacityRules[] = []
  readonly #reservedFor = new Map<number, ChannelId>()
  #someoneOpen = false

  constructor(agents: AgentIndex, ringing: (agent: RoutingAgent) => number) {
    const size = agents.agents.length
    const sets = (): ByChannel => byChannel(() => emptyBits(size))
    this.#agents = agents
    this.open = sets()
    this.#room = sets()
    this.onCall = sets()
    this.full = sets()
    this.serves = sets()
    this.reserved = emptyBits(size)
    this.fill = new Float64Array(size)
    this.idleSince = new Float64Array(size)
    this.lastOfferAt = new Float64Array(size)
    this.#passing = byChannel(() => [])
    this.#inTheWay = byChannel(() => new Float64Array(size))
    agents.agents.forEach((agent, place) => this.put(place, agent, ringing(agent)))
  }

  /** Takes over what an agent holds. */
  put(place: number, agent: RoutingAgent, ringing: number): void {
    this.#held[place] = agent.held
    this.#ringing[place] = ringing
    this.idleSince[place] = agent.idleSince
    this.lastOfferAt[place] = agent.lastOfferAt ?? 0
    if (this.#capacity[place] !== agent.capacity) {
      this.#capacity[place] = agent.capacity
      for (const channel of channelIds) setBit(this.serves[channel], place, mayTake(emptyHanded, channel, agent.capacity).ok)
    }
    this.#refresh(place)
  }

  /** Whether anybody who is available has room for anything; kept up to date in a pass. */
  get someoneOpen(): boolean {
    return this.#someoneOpen
  }

  /** Begins a pass: nobody is reserved. False when nobody is open. */
  begin(): boolean {
    this.reserved.fill(0)
    this.#reservedFor.clear()
    for (const channel of channelIds) this.open[channel].set(this.#room[channel])
    this.#note()
    return this.#someoneOpen
  }

  /** Gives an item to an agent: it takes a slot from now on. */
  take(place: number, channel: ChannelId, now: number): void {
    this.#held[place] = withItem(this.#held[place] ?? emptyHanded, channel)
    this.#ringing[place] = (this.#ringing[place] ?? 0) + 1
    this.idleSince[place] = now
    this.lastOfferAt[place] = now
    this.#refresh(place)
    this.#note()
  }

  /** Keeps an agent from taking what stands in the way of an item of `channel`. */
  reserve(place: number, channel: ChannelId): void {
    setBit(this.reserved, place, true)
    this.#reservedFor.set(place, channel)
    if (this.#keep(place)) this.#note()
  }

  /** What an agent holds now. */
  heldBy(place: number): Held {
    return this.#held[place] ?? emptyHanded
  }

  /** Whether any of a set is available and open for a channel. */
  anyOpen(channel: ChannelId, among: Bits): boolean {
    const open = this.open[channel]
    const { available } = this.#agents
    for (const word of this.#passing[channel]) if (((open[word] ?? 0) & (available[word] ?? 0) & (among[word] ?? 0)) !== 0) return true
    return false
  }

  /** How much weight an agent must get rid of before they may take an item of the channel. */
  inTheWay(place: number, channel: ChannelId): number {
    const row = this.#inTheWay[channel]
    const known = row[place] ?? unknown
    if (known !== unknown) return known
    const hands = this.#handsOf(place)
    const weight = hands === undefined ? 0 : weightInTheWay(hands.held, channel, hands.rules)
    row[place] = weight
    return weight
  }

  #handsOf(place: number) {
    const rules = this.#agents.agents[place]?.capacity
    const held = this.#held[place]
    return rules === undefined || held === undefined ? undefined : { held, rules }
  }

  #refresh(place: number): void {
    const hands = this.#handsOf(place)
    if (hands === undefined) return
    const { held, rules } = hands
    const ringsEnough = (this.#ringing[place] ?? 0) >= (this.#agents.agents[place]?.maxRinging ?? Number.POSITIVE_INFINITY)
    this.fill[place] = weightOf(held, rules) / Math.max(1, rules.total)
    for (const channel of channelIds) {
      const verdict: CapacityVerdict = ringsEnough ? handsRinging : mayTake(held, channel, rules)
      this.#inTheWay[channel][place] = unknown
      setBit(this.#room[channel], place, verdict.ok)
      setBit(this.open[channel], place, verdict.ok)
      setBit(this.onCall[channel], place, !verdict.ok && verdict.reason === 'blocked_by_call')
      setBit(this.full[channel], place, !verdict.ok && verdict.reason === 'capacity')
    }
    this.#keep(place)
  }

  /** Closes what stands in the way of the item an agent is kept for; true when anything was open. */
  #keep(place: number): boolean {
    const wanted = this.#reservedFor.get(place)
    const hands = this.#handsOf(place)
    if (wanted === undefined || hands === undefined) return false
    let closed = false
    for (const channel of channelIds) {
      if (!hasBit(this.open[channel], place) || !standsInTheWay(hands.held, channel, wanted, hands.rules)) continue
      setBit(this.open[channel], place, false)
      closed = true
    }
    return closed
  }

  #note(): void {
    let any = false
    const { available, words } = this.#agents
    for (const channel of channelIds) {
      const open = this.open[channel]
      const list = this.#passing[channel]
      list.length = 0
      for (let word = 0; word < words; word++) if (((open[word] ?? 0) & (available[word] ?? 0)) !== 0) list.push(word)
      any ||= list.length > 0
    }
    this.#someoneOpen = any
  }
}

function byChannel<T>(make: (channel: ChannelId) => T): ByChannel<T> {
  return { phone: make('phone'), sms: make('sms'), line: make('line'), email: make('email'), webchat: make('webchat') }
}
