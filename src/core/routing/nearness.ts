import type { ChannelId } from '../../wire/words.ts'
import type { Held } from '../capacity/load.ts'
import { weightInTheWay } from '../capacity/may-take.ts'
import type { CapacityRules } from '../capacity/rules.ts'

/** What an agent holds and may hold. */
export type HandsOf = (place: number) => { readonly held: Held; readonly rules: CapacityRules } | undefined

/** More changes than this are put right by sorting anew. */
const fewChanges = 40

/** For one channel: the agents by how much weight they must get rid of before they may take an item of it, the lower place first. */
export class Nearness {
  readonly #channel: ChannelId
  readonly #handsOf: HandsOf
  readonly #order: Int32Array
  readonly #weight: Float64Array
  readonly #stale: Set<number>
  /** Agents before this are reserved. */
  #from = 0

  constructor(channel: ChannelId, size: number, handsOf: HandsOf) {
    this.#channel = channel
    this.#handsOf = handsOf
    this.#order = Int32Array.from({ length: size }, (_, place) => place)
    this.#weight = new Float64Array(size)
    this.#stale = new Set(this.#order)
  }

  /** An agent's hands have changed. */
  touch(place: number): void {
    this.#stale.add(place)
    this.#from = 0
  }

  /** Nobody is reserved any more. */
  restart(): void {
    this.#from = 0
  }

  /** The nearest who may be asked. `isReserved`: asked before and still so; they are skipped for good. */
  nearest(isReserved: (place: number) => boolean, may: (place: number) => boolean): number | undefined {
    this.#sort()
    while (this.#from < this.#order.length && isReserved(this.#order[this.#from] ?? 0)) this.#from += 1
    for (let at = this.#from; at < this.#order.length; at++) {
      const place = this.#order[at] ?? 0
      if (may(place)) return place
    }
    return undefined
  }

  #sort(): void {
    if (this.#stale.size === 0) return
    const anew = this.#stale.size > fewChanges
    for (const place of this.#stale) {
      const hands = this.#handsOf(place)
      const weight = hands === undefined ? 0 : weightInTheWay(hands.held, this.#channel, hands.rules)
      if (this.#weight[place] === weight) continue
      this.#weight[place] = weight
      if (!anew) this.#move(place)
    }
    this.#stale.clear()
    if (anew) this.#order.sort((a, b) => this.#compare(a, b))
  }

  /** Puts one agent where they belong; all others are in order. */
  #move(place: number): void {
    const order = this.#order
    let at = order.indexOf(place)
    while (at > 0 && this.#compare(order[at - 1] ?? 0, place) > 0) {
      order[at] = order[at - 1] ?? 0
      at -= 1
    }
    while (at < order.length - 1 && this.#compare(order[at + 1] ?? 0, place) < 0) {
      order[at] = order[at + 1] ?? 0
      at += 1
    }
    order[at] = place
  }

  #compare(a: number, b: number): number {
    return (this.#weight[a] ?? 0) - (this.#weight[b] ?? 0) || a - b
  }
}
