import type { QueueOutcome, QueueStay } from '../../wire/metrics.ts'
import { shareOf } from '../metrics/distribution.ts'
import { union } from '../metrics/facts.ts'
import { type QueueMetrics, queueMetrics } from '../metrics/queue-metrics.ts'
import type { WorkItem } from '../routing/snapshot.ts'

/** What came of a simulated day. Times are milliseconds, shares 0–1. */
export interface SimulationResult {
  readonly queues: Readonly<Record<string, QueueMetrics>>
  /** Of all queues together, each answer judged by its queue's time. */
  readonly serviceLevel: number | null
  readonly waits: { readonly p50: number | null; readonly p90: number | null; readonly max: number | null }
  readonly abandonRate: number | null
  /** Time with at least one contact over time on duty. */
  readonly occupancy: number | null
  /** How evenly busy time was shared: 1 = all alike, 1/n = one has it all (Jain's index). Null = nobody was on duty. */
  readonly fairShare: number | null
  readonly handled: number
}

interface Duty {
  readonly from: number
  to: number
}

/** Notes what happens on a simulated day. */
export class DayRecord {
  readonly #serviceLevelMs: ReadonlyMap<string, number>
  readonly #stays = new Map<string, QueueStay>()
  readonly #ended: QueueStay[] = []
  readonly #began = new Map<string, { readonly agentId: string; readonly at: number }>()
  readonly #busy = new Map<string, { from: number; to: number }[]>()
  readonly #duty = new Map<string, Duty[]>()
  #handled = 0

  constructor(serviceLevelMs: ReadonlyMap<string, number>) {
    this.#serviceLevelMs = serviceLevelMs
  }

  enter({ id, queueId, channel, priority, createdAt }: WorkItem, at: number): void {
    this.#stays.set(id, {
      id,
      conversationId: id,
      queueId,
      channel,
      priority,
      createdAt,
      enteredAt: at,
      leftAt: null,
      outcome: null,
      agentId: null,
    })
  }

  leave(itemId: string, at: number, outcome: QueueOutcome, agentId: string | null): void {
    const stay = this.#stays.get(itemId)
    if (stay === undefined) return
    this.#stays.delete(itemId)
    this.#ended.push({ ...stay, leftAt: at, outcome, agentId })
  }

  begin(itemId: string, agentId: string, at: number): void {
    this.#began.set(itemId, { agentId, at })
  }

  end(itemId: string, at: number): void {
    const part = this.#began.get(itemId)
    if (part === undefined) return
    this.#began.delete(itemId)
    this.#handled += 1
    push(this.#busy, part.agentId, { from: part.at, to: at })
  }

  clockIn(agentId: string, at: number): void {
    push(this.#duty, agentId, { from: at, to: at })
  }

  clockOut(agentId: string, at: number): void {
    const last = this.#duty.get(agentId)?.at(-1)
    if (last !== undefined) last.to = at
  }

  result(): SimulationResult {
    const all = queueMetrics(this.#ended, 0)
    const byQueue = Object.fromEntries(
      [...this.#serviceLevelMs].map(([id, ms]) => [
        id,
        queueMetrics(
          this.#ended.filter(({ queueId }) => queueId === id),
          ms,
        ),
      ]),
    )
    const inTime = this.#ended.filter(({ outcome, queueId, enteredAt, leftAt }) => {
      return outcome === 'answered' && leftAt !== null && leftAt - enteredAt <= (this.#serviceLevelMs.get(queueId) ?? 0)
    }).length
    const { p50, p90, max } = all.answerTime
    return {
      queues: byQueue,
      serviceLevel: shareOf(inTime, all.outcomes.answered + all.outcomes.abandoned),
      waits: { p50, p90, max },
      abandonRate: all.abandonRate,
      ...this.#work(),
      handled: this.#handled,
    }
  }

  #work(): Pick<SimulationResult, 'occupancy' | 'fairShare'> {
    const shares: number[] = []
    let busyMs = 0
    let dutyMs = 0
    for (const [agentId, spans] of this.#duty) {
      const duty = spans.reduce((sum, { from, to }) => sum + to - from, 0)
      const busy = union(this.#busy.get(agentId) ?? []).reduce(
        (sum, span) => sum + spans.reduce((part, { from, to }) => part + Math.max(0, Math.min(to, span.to) - Math.max(from, span.from)), 0),
        0,
      )
      if (duty > 0) shares.push(busy / duty)
      busyMs += busy
      dutyMs += duty
    }
    const sum = shares.reduce((total, share) => total + share, 0)
    const squares = shares.reduce((total, share) => total + share * share, 0)
    return { occupancy: shareOf(busyMs, dutyMs), fairShare: shareOf(sum * sum, shares.length * squares) }
  }
}

function push<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key)
  if (list === undefined) lists.set(key, [value])
  else list.push(value)
}
