import type { z } from 'zod'
import { type AgentSignals, agentEvents } from '../wire/events.ts'
import type { AgentConnection, AgentNamespace } from './connection.ts'
import type { RealtimeMetrics } from './metrics.ts'
import type { Publication } from './publications.ts'

/** Sends to consoles; one body is encoded once for all its receivers. */
export interface FanOut {
  /** Sends each publication to those of `connections` it is for. `onClosed` hears of conversations that a receiver may no longer see. */
  publish(
    publications: readonly Publication[],
    connections: Iterable<AgentConnection>,
    onClosed: (connection: AgentConnection, conversationId: string) => void,
  ): void
  signal<K extends keyof AgentSignals>(name: K, body: AgentSignals[K], connections: Iterable<AgentConnection>): void
}

/** @param check parses every body before it is sent; for tests. */
export function createFanOut(space: AgentNamespace, metrics: RealtimeMetrics, check: boolean): FanOut {
  const emit = (name: string, body: unknown, receivers: readonly AgentConnection[]): void => {
    const [only] = receivers
    if (only === undefined) return
    if (receivers.length === 1) only.socket.emit(name, body)
    else space.local.to(receivers.map((r) => r.socket.id)).emit(name, body)
  }
  return {
    publish: (publications, connections, onClosed) => {
      const all = [...connections]
      for (const publication of publications) {
        const receivers = all.filter(publication.isFor)
        if (receivers.length === 0) continue
        const body = publication.body()
        if (check) (agentEvents[publication.name] as z.ZodType).parse(body)
        emit(publication.name, body, receivers)
        metrics.eventsSent(publication.name, receivers.length)
        for (const receiver of receivers) {
          receiver.sent(publication.seq)
          if (publication.closes !== undefined) onClosed(receiver, publication.closes)
        }
      }
    },
    signal: (name, body, connections) => emit(name, body, [...connections]),
  }
}
