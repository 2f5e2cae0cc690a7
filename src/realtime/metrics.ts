/** How a console came to be in step with the log: it began now, was told what it had missed, or had to load afresh. */
export type ResyncOutcome = 'fresh' | 'caught_up' | 'resync'

/** Hears what happens on sockets, for `/metrics`. Nothing here may throw. */
export interface RealtimeMetrics {
  /** One event went out to so many sockets. */
  eventsSent(name: string, receivers: number): void
  resync(outcome: ResyncOutcome): void
  /** A console fell behind what it is sent. */
  fellBehind(): void
  callRefused(code: string): void
}

/** Where figures of the present are read. */
export interface RealtimeFigures {
  readonly sockets: number
  readonly behind: number
  /** Events sent and not acknowledged, over all sockets. */
  readonly outstanding: number
  /** Newest log number that has been told. */
  readonly position: number
}

/** Counts in memory. */
export interface RealtimeCounts {
  readonly sent: Record<string, number>
  readonly deliveries: number
  readonly resyncs: Record<ResyncOutcome, number>
  readonly fellBehind: number
  readonly refused: Record<string, number>
}

/** Metrics that count, and the counts. */
export function createRealtimeCounts(): { metrics: RealtimeMetrics; counts: RealtimeCounts } {
  const counts = {
    sent: {} as Record<string, number>,
    deliveries: 0,
    resyncs: { fresh: 0, caught_up: 0, resync: 0 },
    fellBehind: 0,
    refused: {} as Record<string, number>,
  }
  return {
    counts,
    metrics: {
      eventsSent: (name, receivers) => {
        counts.sent[name] = (counts.sent[name] ?? 0) + 1
        counts.deliveries += receivers
      },
      resync: (outcome) => void (counts.resyncs[outcome] += 1),
      fellBehind: () => void (counts.fellBehind += 1),
      callRefused: (code) => void (counts.refused[code] = (counts.refused[code] ?? 0) + 1),
    },
  }
}
