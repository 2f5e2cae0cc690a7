import { setTimeout as sleep } from 'node:timers/promises'
import { type LinePlan, requestsOf } from './line-plan.ts'
import { type Spread, spreadOf } from './percentiles.ts'
import { PostSocket } from './post-socket.ts'

/** What a load of webhooks came to. */
export interface LoadOutcome {
  /** Of the measured part, per second. */
  readonly rate: number
  /** Milliseconds, of the measured part. */
  readonly latency: Spread
  /** Numbers of the webhooks answered with 200, warm-up included. */
  readonly acked: Uint32Array
  /** Answers other than 200, broken connections included. */
  readonly refused: number
  /** Share of a processor that the load itself took. */
  readonly clientCpu: number
}

/** Keeps `connections` requests under way. */
export interface ClosedLoad {
  readonly port: number
  readonly plan: LinePlan
  readonly connections: number
  readonly warmUpMs: number
  readonly measureMs: number
  /** Prepared at most; the load ends when they are used up. */
  readonly count: number
}

/** Sends at intended instants, whatever the answers do. */
export interface OpenLoad {
  readonly port: number
  readonly plan: LinePlan
  /** Per second. */
  readonly rate: number
  readonly measureMs: number
  readonly connections: number
}

/** Closed loop, for the highest rate. */
export async function loadClosed({ port, plan, connections, warmUpMs, measureMs, count }: ClosedLoad): Promise<LoadOutcome> {
  const requests = requestsOf(plan, 0, count)
  const notes = new Notes(count)
  const sockets = Array.from({ length: connections }, () => new PostSocket(port))
  await sleep(50)
  const startMs = performance.now()
  const fromMs = startMs + warmUpMs
  const untilMs = fromMs + measureMs
  let next = 0
  let cpu = process.cpuUsage()
  const warm = setTimeout(() => {
    cpu = process.cpuUsage()
  }, warmUpMs)
  await Promise.all(
    sockets.map(
      (socket) =>
        new Promise<void>((resolve) => {
          const go = (): void => {
            const sentMs = performance.now()
            const request = requests[next]
            if (sentMs >= untilMs || request === undefined || socket.broken) return resolve()
            const n = next++
            socket.post(request, (status) => {
              const nowMs = performance.now()
              notes.note(n, status, nowMs - sentMs, sentMs >= fromMs)
              if (sentMs >= fromMs) notes.lastMs = nowMs
              go()
            })
          }
          go()
        }),
    ),
  )
  clearTimeout(warm)
  for (const socket of sockets) socket.close()
  return notes.outcome(Math.max(1, notes.lastMs - fromMs), cpu)
}

/** Open loop: latency counts from the intended instant, so that a server that stalls is charged for those who wait. */
export async function loadOpen({ port, plan, rate, measureMs, connections }: OpenLoad): Promise<LoadOutcome> {
  const count = Math.floor((rate * measureMs) / 1_000)
  const requests = requestsOf(plan, 0, count)
  const notes = new Notes(count)
  const idle = Array.from({ length: connections }, () => new PostSocket(port))
  const all = [...idle]
  await sleep(100)
  const cpu = process.cpuUsage()
  const startMs = performance.now() + 5
  const intended = (n: number): number => startMs + (n * 1_000) / rate
  const replaced = (socket: PostSocket): PostSocket => {
    const fresh = new PostSocket(port)
    all[all.indexOf(socket)] = fresh
    return fresh
  }
  await new Promise<void>((resolve) => {
    let next = 0
    let answered = 0
    const tick = (): void => {
      for (let socket = idle.at(-1); socket && next < count && intended(next) <= performance.now(); socket = idle.at(-1)) {
        idle.pop()
        send(socket, next++)
      }
    }
    const send = (socket: PostSocket, n: number): void => {
      socket.post(requests[n] ?? Buffer.alloc(0), (status) => {
        notes.note(n, status, performance.now() - intended(n), true)
        idle.push(socket.broken ? replaced(socket) : socket)
        answered += 1
        if (answered === count) {
          clearInterval(timer)
          resolve()
        } else tick()
      })
    }
    const timer = setInterval(tick, 1)
  })
  for (const socket of all) socket.close()
  return notes.outcome(performance.now() - startMs, cpu)
}

class Notes {
  readonly #latencies: number[] = []
  readonly #acked: Uint32Array
  #ackedCount = 0
  #refused = 0
  lastMs = 0

  constructor(count: number) {
    this.#acked = new Uint32Array(count)
  }

  note(n: number, status: number, tookMs: number, measured: boolean): void {
    if (status === 200) this.#acked[this.#ackedCount++] = n
    else this.#refused += 1
    if (measured && status === 200) this.#latencies.push(tookMs)
  }

  outcome(tookMs: number, since: NodeJS.CpuUsage): LoadOutcome {
    const { user, system } = process.cpuUsage(since)
    return {
      rate: (this.#latencies.length * 1_000) / tookMs,
      latency: spreadOf(this.#latencies),
      acked: this.#acked.slice(0, this.#ackedCount),
      refused: this.#refused,
      clientCpu: (user + system) / 1_000 / tookMs,
    }
  }
}
