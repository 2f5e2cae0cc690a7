import { newId } from '../lib/ids.ts'
import type { Cancel } from '../ports/clock.ts'
import type { ServiceContext } from '../services/context.ts'
import { leaseMs } from '../services/presence/lease.ts'
import { renewPresence } from '../services/presence/renew-presence.ts'
import { shortenPresence } from '../services/presence/shorten-presence.ts'
import type { AgentConnection, Connections } from './connection.ts'

/** Broadcast topic: an agent's last console on a node went, and their lease was shortened. */
const topic = 'presence'

/** Knows which sockets hold presence leases. */
export interface Consoles {
  /** The socket renews a lease. */
  note(connection: AgentConnection): void
  /** The socket is gone: without another console here the lease runs out soon. */
  gone(connection: AgentConnection): void
  readonly stop: Cancel
}

/** Begins to keep consoles; another node's shortening of a lease that is held here is made good. */
export async function keepConsoles(ctx: ServiceContext, connections: Connections): Promise<Consoles> {
  const { clock, broadcast, log } = ctx
  const node = newId()
  const renewedMs = new WeakMap<AgentConnection, number>()
  const attended = (agentId: string): boolean =>
    [...connections.of(agentId)].some((c) => c.console && (renewedMs.get(c) ?? Number.NEGATIVE_INFINITY) > clock.monotonicMs() - leaseMs)

  const shorten = async (agentId: string): Promise<void> => {
    await shortenPresence(ctx, agentId)
    await broadcast.publish(topic, { node, agentId })
  }
  const stop = await broadcast.subscribe(topic, (payload) => {
    const agentId = agentOf(payload, node)
    if (agentId === null || !attended(agentId)) return
    renewPresence(ctx, agentId).catch((err: unknown) => log.warn({ err, agentId }, 'A presence lease could not be renewed.'))
  })
  return {
    note: (connection) => {
      connection.console = true
      renewedMs.set(connection, clock.monotonicMs())
    },
    gone: ({ console, agentId }) => {
      if (!console || attended(agentId)) return
      shorten(agentId).catch((err: unknown) =>
        log.warn({ err, agentId }, 'A presence lease could not be shortened; it runs out by itself.'),
      )
    },
    stop,
  }
}

/** The agent another node speaks of; null for our own words and for nonsense. */
function agentOf(payload: unknown, node: string): string | null {
  if (typeof payload !== 'object' || payload === null || !('node' in payload) || !('agentId' in payload)) return null
  return payload.node !== node && typeof payload.agentId === 'string' ? payload.agentId : null
}
