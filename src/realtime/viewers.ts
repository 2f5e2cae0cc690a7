import { z } from 'zod'
import { newId } from '../lib/ids.ts'
import type { Log } from '../lib/log.ts'
import type { Broadcast } from '../ports/broadcast.ts'
import type { Cancel, Clock } from '../ports/clock.ts'
import type { AgentSignals } from '../wire/events.ts'
import type { AgentConnection } from './connection.ts'

/** Who looks at which conversation, over all nodes. Nothing of it is stored; what a dead node said runs out. */
export interface Viewers {
  enter(connection: AgentConnection, conversationId: string): void
  leave(connection: AgentConnection, conversationId: string): void
  stop(): void
}

/** What viewers are kept with. */
export interface ViewersDeps {
  readonly clock: Clock
  readonly broadcast: Broadcast
  readonly log: Log
  /** Hears of a conversation whose viewers are others now, and who they are. */
  changed(conversationId: string, agents: AgentSignals['viewers']['agents']): void
}

const topic = 'viewers'
/** How often a node says again who looks, and how long that holds, milliseconds. */
const renewMs = 20_000
const holdMs = 45_000
/** Viewers named of one conversation at most; a broadcast is small. */
const maxNamed = 30

const said = z.object({
  node: z.string(),
  conversationId: z.string(),
  agents: z.array(z.object({ id: z.string(), name: z.string() })).max(maxNamed),
})

interface Remote {
  readonly agents: readonly { readonly id: string; readonly name: string }[]
  readonly until: number
}

/** Makes an empty set of viewers that hears of those on other nodes. */
export async function createViewers({ clock, broadcast, log, changed: tell }: ViewersDeps): Promise<Viewers> {
  const node = newId()
  const local = new Map<string, Set<AgentConnection>>()
  const remote = new Map<string, Map<string, Remote>>()
  let cancelTimer: Cancel = () => undefined

  const localAgents = (conversationId: string) => {
    const byId = new Map([...(local.get(conversationId) ?? [])].map((c) => [c.agentId, { id: c.agentId, name: c.name }]))
    return [...byId.values()].slice(0, maxNamed)
  }
  const changed = (conversationId: string): void => {
    const now = clock.now()
    const others = [...(remote.get(conversationId)?.values() ?? [])].flatMap((r) => (r.until > now ? r.agents : []))
    tell(conversationId, [...new Map([...localAgents(conversationId), ...others].map((agent) => [agent.id, agent])).values()])
  }
  const say = (conversationId: string): void => {
    broadcast
      .publish(topic, { node, conversationId, agents: localAgents(conversationId) })
      .catch((err: unknown) => log.debug({ err }, 'Other nodes were not told who looks at a conversation.'))
  }
  const hear = (payload: unknown): void => {
    const heard = said.safeParse(payload)
    if (!heard.success || heard.data.node === node) return
    const { conversationId, agents } = heard.data
    const nodes = remote.get(conversationId) ?? new Map<string, Remote>()
    if (agents.length > 0) remote.set(conversationId, nodes.set(heard.data.node, { agents, until: clock.now() + holdMs }))
    else if (nodes.delete(heard.data.node) && nodes.size === 0) remote.delete(conversationId)
    changed(conversationId)
  }
  /** Drops what ran out and says again who looks here. */
  const renew = (): void => {
    for (const [conversationId, nodes] of remote) {
      for (const [other, { until }] of nodes) if (until <= clock.now()) nodes.delete(other)
      if (nodes.size > 0) continue
      remote.delete(conversationId)
      changed(conversationId)
    }
    for (const conversationId of local.keys()) say(conversationId)
    cancelTimer = clock.after(renewMs, renew)
  }
  const cancelTopic = await broadcast.subscribe(topic, hear)
  cancelTimer = clock.after(renewMs, renew)

  return {
    enter: (connection, conversationId) => {
      const set = local.get(conversationId) ?? new Set()
      local.set(conversationId, set.add(connection))
      say(conversationId)
      changed(conversationId)
    },
    leave: (connection, conversationId) => {
      const set = local.get(conversationId)
      if (set?.delete(connection) !== true) return
      if (set.size === 0) local.delete(conversationId)
      say(conversationId)
      changed(conversationId)
    },
    stop: () => {
      cancelTopic()
      cancelTimer()
    },
  }
}
