import { createSystemClock } from '../adapters/clock-system.ts'
import type { Centre } from './centre.ts'
import type { BenchChild } from './child.ts'
import type { LinePlan } from './line-plan.ts'
import type { LoadOutcome } from './load-webhooks.ts'
import type { HubProcess } from './processes.ts'
import { type Verdict, verifyIngest } from './verify-ingest.ts'

/** Customers who write; each has a conversation before anything is measured. */
export const senders = 2_000
/** More than any hub takes in a second on one connection, and on many. */
const preparedPerSecond = { one: 5_000, many: 15_000 }
const warmUpMs = 1_000

let plans = 0

/** A plan with ids of its own. */
export function newPlan(
  { path, channelSecret }: Pick<Centre, 'path' | 'channelSecret'>,
  kind: LinePlan['kind'],
  repeats = kind !== 'first',
): LinePlan {
  plans += 1
  const run = String(100_000 + (plans % 900_000))
  return { run, path, channelSecret, senders, kind, repeats, at: createSystemClock().now() }
}

/** A load that has run, with what it was. */
export interface Ran {
  readonly plan: LinePlan
  readonly outcome: LoadOutcome
  /** Share of a processor that the hub took. */
  readonly hubCpu: number
}

/** Loads on one hub; all of them can be verified at the end. */
export class Ingest {
  readonly centre: Centre
  readonly ran: Ran[] = []
  readonly #hub: HubProcess
  readonly #load: BenchChild

  constructor(centre: Centre, hub: HubProcess, load: BenchChild) {
    this.centre = centre
    this.#hub = hub
    this.#load = load
  }

  /** The first message of every customer, or of `count`: contacts and conversations are made. */
  async introduce(count = senders): Promise<Ran> {
    const load = {
      port: this.#hub.port,
      plan: newPlan(this.centre, 'first'),
      connections: 32,
      warmUpMs: 0,
      measureMs: 120_000,
      count,
    }
    return this.#note(load.plan, () => this.#load.ask('closed', load))
  }

  async closed(kind: LinePlan['kind'], connections: number, measureMs: number): Promise<Ran> {
    const perSecond = connections === 1 ? preparedPerSecond.one : preparedPerSecond.many
    const count = Math.ceil((perSecond * (warmUpMs + measureMs)) / 1_000)
    const load = { port: this.#hub.port, plan: newPlan(this.centre, kind), connections, warmUpMs, measureMs, count }
    return this.#note(load.plan, () => this.#load.ask('closed', load))
  }

  async open(kind: LinePlan['kind'], rate: number, measureMs: number): Promise<Ran> {
    const load = { port: this.#hub.port, plan: newPlan(this.centre, kind), connections: 128, rate, measureMs }
    return this.#note(load.plan, () => this.#load.ask('open', load))
  }

  /** Holds everything that was acknowledged against the database. */
  verify(): Map<Ran, Verdict> {
    return new Map(this.ran.map((ran) => [ran, verifyIngest(this.centre.databaseFile, ran.plan, ran.outcome.acked)]))
  }

  async #note(plan: LinePlan, run: () => Promise<LoadOutcome>): Promise<Ran> {
    const [cpuMs, startedMs] = [this.#hub.cpuMs(), performance.now()]
    const outcome = await run()
    const ran = { plan, outcome, hubCpu: (this.#hub.cpuMs() - cpuMs) / (performance.now() - startedMs) }
    this.ran.push(ran)
    return ran
  }
}

/** What a reader must know about a load: that the client was the slower side, or that webhooks were refused. */
export function noteOf({ outcome }: Ran): { note?: string } {
  const notes = [
    ...(outcome.clientCpu > 0.7 ? [`client-bound (${Math.round(outcome.clientCpu * 100)} % of a processor)`] : []),
    ...(outcome.refused > 0 ? [`${outcome.refused} not answered with 200`] : []),
  ]
  return notes.length === 0 ? {} : { note: notes.join('; ') }
}
