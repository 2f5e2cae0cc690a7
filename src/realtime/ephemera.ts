import type { Cancel } from '../ports/clock.ts'
import type { ServiceContext } from '../services/context.ts'
import type { AgentSignals } from '../wire/events.ts'
import { agentSignals } from '../wire/events.ts'
import type { AgentConnection, Connections } from './connection.ts'
import type { FanOut } from './fan-out.ts'
import { createViewers } from './viewers.ts'

/** Broadcast topic for signs of typing, whoever types; the payload is the `typing` signal. */
const typingTopic = 'typing'
/** How long a sign of typing holds, and how often one socket may give it in a conversation, milliseconds. */
const typingHoldMs = 6_000
const typingEveryMs = 2_000
/** Threads a console may have open at once. */
const maxThreads = 50

/** What passes without being kept: who looks at a conversation, who types in it. */
export interface Ephemera {
  open(connection: AgentConnection, conversationId: string): void
  close(connection: AgentConnection, conversationId: string): void
  closeAll(connection: AgentConnection): void
  /** Tells the others in a thread that the console has opened that it types; the customer too, unless it is a note. */
  type(connection: AgentConnection, conversationId: string, mode: 'reply' | 'note'): void
  stop(): void
}

/** Begins to hear of typing and viewers on all nodes. */
export async function createEphemera(ctx: ServiceContext, connections: Connections, fanOut: FanOut): Promise<Ephemera> {
  const { clock, broadcast, log } = ctx
  const typedAt = new WeakMap<AgentConnection, Map<string, number>>()
  const inThread = (conversationId: string) =>
    [...connections].filter((c) => c.mode === 'live' && c.threads.has(conversationId) && !c.congested)
  const tellTyping = (signal: AgentSignals['typing']) => {
    const others = inThread(signal.conversationId).filter((c) => signal.who === 'contact' || c.agentId !== signal.id)
    fanOut.signal('typing', signal, others)
  }
  const viewers = await createViewers({
    clock,
    broadcast,
    log,
    changed: (conversationId, agents) => fanOut.signal('viewers', { conversationId, agents }, inThread(conversationId)),
  })
  const cancelTyping: Cancel = await broadcast.subscribe(typingTopic, (payload) => {
    const signal = agentSignals.typing.safeParse(payload)
    if (signal.success) tellTyping(signal.data)
  })
  const close = (connection: AgentConnection, conversationId: string) => {
    if (!connection.threads.delete(conversationId)) return
    typedAt.get(connection)?.delete(conversationId)
    viewers.leave(connection, conversationId)
  }
  return {
    open: (connection, conversationId) => {
      if (connection.threads.has(conversationId)) return
      const [oldest] = connection.threads
      if (connection.threads.size >= maxThreads && oldest !== undefined) close(connection, oldest)
      connection.threads.add(conversationId)
      viewers.enter(connection, conversationId)
    },
    close,
    closeAll: (connection) => {
      for (const conversationId of connection.threads) close(connection, conversationId)
    },
    type: (connection, conversationId, mode) => {
      if (!connection.threads.has(conversationId)) return
      const now = clock.now()
      const times = typedAt.get(connection) ?? new Map<string, number>()
      if ((times.get(conversationId) ?? 0) > now - typingEveryMs) return
      typedAt.set(connection, times.set(conversationId, now))
      const signal: AgentSignals['typing'] = {
        conversationId,
        who: 'agent',
        id: connection.agentId,
        name: connection.name,
        until: now + typingHoldMs,
        mode,
      }
      const lost = (err: unknown) => log.debug({ err }, 'A sign of typing was lost.')
      broadcast.publish(typingTopic, signal).catch(lost)
      if (mode === 'note') return
      const key = `${conversationId}:${connection.agentId}`
      ctx.jobs.add('channel.typing', { conversationId, agentId: connection.agentId }, { key }).catch(lost)
    },
    stop: () => {
      cancelTyping()
      viewers.stop()
    },
  }
}
