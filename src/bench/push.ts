import { setTimeout as sleep } from 'node:timers/promises'
import { type Listener, listen } from './fleet.ts'
import { type LinePlan, numberIn, requestsOf } from './line-plan.ts'
import { type Spread, spreadOf } from './percentiles.ts'
import { PostSocket } from './post-socket.ts'

/** Webhooks at a steady rate, and agents who are to hear of each. */
export interface PushInput {
  readonly port: number
  readonly tokens: readonly string[]
  readonly plan: LinePlan
  /** Sent first and not measured, so that a hub is timed as it runs after its first minute. */
  readonly warmUp: LinePlan
  /** Per second. */
  readonly rate: number
  readonly measureMs: number
}

/** What the agents heard. */
export interface PushOutcome {
  /** From the intended instant of a webhook to the event on one agent's socket, milliseconds. */
  readonly latency: Spread
  readonly missing: number
  readonly duplicate: number
  /** How long all took to be let in, milliseconds. */
  readonly connectMs: number
  readonly clientCpu: number
}

/** What comes later than this after the last webhook counts as missing, milliseconds. */
const patienceMs = 5_000
/** Sockets opened at once. */
const openedAtOnce = 25
/** Webhooks before anything is measured, and how many of them in a second. */
const warmUp = { count: 300, perSecond: 100 }

/** Sends webhooks and listens on every agent's socket, in one process, so that one clock times both. */
export async function measurePush({ port, tokens, plan, warmUp: first, rate, measureMs }: PushInput): Promise<PushOutcome> {
  const count = Math.floor((rate * measureMs) / 1_000)
  const tally = new Tally(tokens.length, count)
  const { listeners, connectMs } = await connectAll(port, tokens, tally)
  await sendSteadily(port, requestsOf(first, 0, warmUp.count), warmUp.perSecond, new Tally(0, warmUp.count))
  await sleep(1_000)
  const [cpu, startedMs] = [process.cpuUsage(), performance.now()]
  await sendSteadily(port, requestsOf(plan, 0, count), rate, tally)
  for (const until = performance.now() + patienceMs; !tally.complete && performance.now() < until; ) await sleep(20)
  const { user, system } = process.cpuUsage(cpu)
  const clientCpu = (user + system) / 1_000 / (performance.now() - startedMs)
  for (const listener of listeners) listener.close()
  return { ...tally.outcome(), connectMs, clientCpu }
}

async function connectAll(port: number, tokens: readonly string[], tally: Tally): Promise<{ listeners: Listener[]; connectMs: number }> {
  const startedMs = performance.now()
  const listeners: Listener[] = []
  for (let from = 0; from < tokens.length; from += openedAtOnce) {
    const some = tokens
      .slice(from, from + openedAtOnce)
      .map((token, i) =>
        listen({ port, token, onConversation: ({ conversation }) => tally.hear(from + i, numberIn(conversation.preview?.text ?? '')) }),
      )
    listeners.push(...(await Promise.all(some)))
  }
  return { listeners, connectMs: performance.now() - startedMs }
}

async function sendSteadily(port: number, requests: readonly Buffer[], rate: number, tally: Tally): Promise<void> {
  const sockets = Array.from({ length: 16 }, () => new PostSocket(port))
  const startMs = performance.now() + 10
  const answers: Promise<void>[] = []
  for (const [n, request] of requests.entries()) {
    const intendedMs = startMs + (n * 1_000) / rate
    await sleep(Math.max(0, intendedMs - performance.now()))
    const socket = sockets.pop() ?? new PostSocket(port)
    // A timer that is late by more than it must is the client's fault, not the hub's.
    tally.sent(n, performance.now())
    answers.push(
      new Promise((resolve) => {
        socket.post(request, () => {
          sockets.push(socket)
          resolve()
        })
      }),
    )
  }
  await Promise.all(answers)
  for (const socket of sockets) socket.close()
}

/** Who has heard of which webhook, and how soon. */
export class Tally {
  readonly #sentMs: Float64Array
  readonly #heard: Uint8Array
  readonly #count: number
  readonly #latencies: number[] = []
  #duplicate = 0

  constructor(agents: number, count: number) {
    this.#count = count
    this.#sentMs = new Float64Array(count)
    this.#heard = new Uint8Array(agents * count)
  }

  get complete(): boolean {
    return this.#latencies.length === this.#heard.length
  }

  sent(n: number, atMs: number): void {
    this.#sentMs[n] = atMs
  }

  /** @param n null for a conversation that is none of this run's. */
  hear(agent: number, n: number | null, atMs = performance.now()): void {
    const sentMs = n === null ? 0 : (this.#sentMs[n] ?? 0)
    if (n === null || sentMs === 0) return
    const place = agent * this.#count + n
    if (this.#heard[place] === 1) this.#duplicate += 1
    else this.#latencies.push(atMs - sentMs)
    this.#heard[place] = 1
  }

  outcome(): { latency: Spread; missing: number; duplicate: number } {
    return { latency: spreadOf(this.#latencies), missing: this.#heard.length - this.#latencies.length, duplicate: this.#duplicate }
  }
}
