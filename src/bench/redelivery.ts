import { setTimeout as sleep } from 'node:timers/promises'
import { type LinePlan, requestsOf } from './line-plan.ts'
import { PostSocket } from './post-socket.ts'

/** A platform that sends again what was not answered with 200. */
export interface RedeliveryInput {
  readonly port: number
  readonly plan: LinePlan
  readonly connections: number
  /** Webhooks in all. */
  readonly count: number
  /** Per second, so that the stream outlasts the kills. */
  readonly rate: number
}

/** How it ended. */
export interface RedeliveryOutcome {
  /** Numbers of the webhooks that were answered with 200 in the end. */
  readonly acked: Uint32Array
  /** Attempts that were not answered with 200. */
  readonly failures: number
}

/** Told by `stopRedelivery`: nothing new is sent, what is owed is sent to the end. */
let ending = false

/** Lets the stream of this process run out. */
export async function stopRedelivery(): Promise<void> {
  ending = true
}

/** Sends webhooks in order until told to stop, each until it is acknowledged, over crashes of the hub. */
export async function redeliver({ port, plan, connections, count, rate }: RedeliveryInput): Promise<RedeliveryOutcome> {
  const requests = requestsOf(plan, 0, count)
  const owed: number[] = []
  const acked: number[] = []
  let next = 0
  let failures = 0
  const startMs = performance.now()
  const due = (): boolean => !ending && next < count && startMs + (next * 1_000) / rate <= performance.now()
  const one = async (): Promise<void> => {
    let socket = new PostSocket(port)
    for (;;) {
      const n = owed.shift() ?? (due() ? next++ : undefined)
      if (n === undefined) {
        if ((ending || next === count) && acked.length === next) break
        await sleep(1)
        continue
      }
      const status = await post(socket, requests[n] ?? Buffer.alloc(0))
      if (status === 200) acked.push(n)
      else {
        failures += 1
        owed.push(n)
        socket.close()
        await sleep(20)
        socket = new PostSocket(port)
      }
    }
    socket.close()
  }
  await Promise.all(Array.from({ length: connections }, one))
  return { acked: Uint32Array.from(acked), failures }
}

function post(socket: PostSocket, request: Buffer): Promise<number> {
  return new Promise((resolve) => socket.post(request, resolve))
}
