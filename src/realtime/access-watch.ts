import { loadInboxes } from '../../db/queries/load-inboxes.ts'
import { loadQueues } from '../../db/queries/load-queues.ts'
import type { LogEvent } from '../../db/queries/log.ts'
import { agentName } from '../../db/queries/names.ts'
import type { Viewer } from '../core/access/authorize.ts'
import { AppError } from '../lib/errors.ts'
import { authenticate } from '../services/access/authenticate.ts'
import { dropViewers } from '../services/access/load-viewer.ts'
import type { ServiceContext } from '../services/context.ts'
import type { AgentConnection, Connections } from './connection.ts'

/** Keeps sockets within what their log-ins allow at this moment. */
export interface AccessWatch {
  /** Applies a stretch of the log before it is told: cuts ended log-ins, reloads rights that changed. Rejects when rights cannot be read. */
  apply(events: readonly LogEvent[]): Promise<void>
  /** Proves these log-ins again: cuts those that have ended, reloads rights that changed. */
  recheck(connections: Iterable<AgentConnection>): Promise<void>
}

/** What the watch does to a connection. */
export interface AccessActs {
  /** The log-in has ended. */
  end(connection: AgentConnection, reason: string): void
  /** The rights are others: what the console holds may be too much or too little. */
  changed(connection: AgentConnection): void
}

/** Makes a watch over the connections of this node. */
export function createAccessWatch(ctx: ServiceContext, connections: Connections, acts: AccessActs): AccessWatch {
  const recheckOne = async (connection: AgentConnection, changed: boolean): Promise<void> => {
    const auth = await authenticate(ctx, connection.credentials).catch((error: unknown) => {
      if (error instanceof AppError && error.kind === 'unauthenticated') return null
      throw error
    })
    if (auth === null || auth.viewer.agentId !== connection.agentId) return acts.end(connection, 'expired')
    const before = connection.viewer
    connection.auth = auth
    if (changed || !sameRights(before, auth.viewer)) acts.changed(connection)
  }
  return {
    recheck: async (list) => {
      for (const connection of list) await recheckOne(connection, false)
    },
    apply: async (events) => {
      const affected = new Map<AgentConnection, boolean>()
      for (const event of events) {
        for (const ended of endedBy(event, connections)) acts.end(ended, reasonOf(event))
        // A role's own name and rights stand in what its people have loaded.
        const changed = event.type === 'role.changed'
        for (const connection of await affectedBy(ctx, event, connections))
          affected.set(connection, changed || affected.get(connection) === true)
      }
      if (affected.size > 0) dropViewers(ctx)
      for (const [connection, changed] of affected) await recheckOne(connection, changed)
    },
  }
}

/** Sockets whose log-in an event ends. */
function endedBy({ type, subjectId, data }: LogEvent, connections: Connections): AgentConnection[] {
  if (type !== 'session.ended' || subjectId === null) return []
  const ended = new Set([...idsOf(data.sessionIds), ...idsOf(data.tokenIds)])
  return [...connections.of(subjectId)].filter((connection) => ended.has(connection.auth.by.id))
}

function idsOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function reasonOf({ data }: LogEvent): string {
  return typeof data.reason === 'string' ? data.reason : 'ended'
}

/** Sockets whose rights an event may have changed. */
async function affectedBy(ctx: ServiceContext, { type, subjectId }: LogEvent, connections: Connections): Promise<AgentConnection[]> {
  if (subjectId === null) return []
  const where = (test: (viewer: Viewer) => boolean) => [...connections].filter(({ viewer }) => test(viewer))
  switch (type) {
    case 'agent.changed': {
      const own = [...connections.of(subjectId)]
      const [agent] = own.length === 0 ? [] : await agentName(ctx.store, { id: subjectId })
      for (const connection of own) connection.name = agent?.name ?? connection.name
      return own
    }
    case 'role.changed':
      return where((viewer) => viewer.roleId === subjectId)
    case 'queue.changed': {
      const [queue] = await loadQueues(ctx.store, [subjectId])
      const members = new Set(queue?.memberIds ?? [])
      return where((viewer) => viewer.queueIds.has(subjectId) !== members.has(viewer.agentId))
    }
    case 'inbox.changed': {
      const [inbox] = await loadInboxes(ctx.store, [subjectId])
      const members = new Set(inbox?.memberIds ?? [])
      const hidden = (viewer: Viewer) => inbox?.restricted === true && viewer.visibility !== 'all' && !members.has(viewer.agentId)
      return where((viewer) => viewer.hiddenInboxIds.has(subjectId) !== hidden(viewer))
    }
    default:
      return []
  }
}

/**
 * Whether an event that a console missed may have changed what it may see: what it holds from before is then not
 * made right by telling it what changed since.
 */
export function mayHaveChangedRights({ type, subjectId, data }: LogEvent, viewer: Viewer): boolean {
  switch (type) {
    case 'agent.changed':
      return subjectId === viewer.agentId
    case 'role.changed':
      return subjectId === viewer.roleId
    case 'inbox.changed':
      return viewer.visibility !== 'all' && data.what !== 'health'
    default:
      return false
  }
}

function sameRights(a: Viewer, b: Viewer): boolean {
  return (
    a === b ||
    (a.roleId === b.roleId &&
      a.visibility === b.visibility &&
      sameSet(a.permissions, b.permissions) &&
      sameSet(a.queueIds, b.queueIds) &&
      sameSet(a.hiddenInboxIds, b.hiddenInboxIds))
  )
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((item) => b.has(item))
}
