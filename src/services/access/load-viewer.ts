import { hiddenInboxIdsOfAgent, queueIdsOfAgent, viewerOfAgent } from '../../../db/queries/viewers.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import type { Cancel } from '../../ports/clock.ts'
import type { ServiceContext } from '../context.ts'

/** How long a change made on another node may go unseen when its broadcast is lost, milliseconds. */
const staleMs = 3_000
const topic = 'access'

interface Cached {
  readonly viewer: Viewer | null
  readonly staleAtMs: number
}

interface Cache {
  /** Rises when rights change, so that what was read before is not kept after. */
  generation: number
  readonly viewers: Map<string, Cached>
}

// Kept per context: two hubs in one process (tests) share nothing.
const caches = new WeakMap<ServiceContext, Cache>()

function cacheOf(ctx: ServiceContext): Cache {
  let cache = caches.get(ctx)
  if (cache === undefined) caches.set(ctx, (cache = { generation: 0, viewers: new Map() }))
  return cache
}

/**
 * What an agent may do and see at this moment; null when there is no such agent or it is disabled.
 * @param tokenPermissions permissions of the API token that acts: the viewer gets those the role grants too, never more.
 */
export async function loadViewer(ctx: ServiceContext, agentId: string, tokenPermissions?: readonly string[]): Promise<Viewer | null> {
  const viewer = await ofAgent(ctx, agentId)
  if (viewer === null || tokenPermissions === undefined || tokenPermissions.includes('*')) return viewer
  const granted = viewer.permissions
  const permissions = new Set(granted.has('*') ? tokenPermissions : tokenPermissions.filter((name) => granted.has(name)))
  return { ...viewer, permissions }
}

async function ofAgent(ctx: ServiceContext, agentId: string): Promise<Viewer | null> {
  const cache = cacheOf(ctx)
  const nowMs = ctx.clock.monotonicMs()
  const known = cache.viewers.get(agentId)
  if (known !== undefined && known.staleAtMs > nowMs) return known.viewer
  const { generation } = cache
  const viewer = await readViewer(ctx, agentId)
  if (cache.generation === generation) {
    if (cache.viewers.size >= 10_000) cache.viewers.clear()
    cache.viewers.set(agentId, { viewer, staleAtMs: nowMs + staleMs })
  }
  return viewer
}

async function readViewer(ctx: ServiceContext, agentId: string): Promise<Viewer | null> {
  const [agent] = await viewerOfAgent(ctx.store, { agentId })
  if (agent === undefined) return null
  const [queues, hidden] = await Promise.all([
    queueIdsOfAgent(ctx.store, { agentId }),
    agent.visibility === 'all' ? [] : hiddenInboxIdsOfAgent(ctx.store, { agentId }),
  ])
  return {
    agentId,
    roleId: agent.roleId,
    permissions: new Set(agent.permissions),
    visibility: agent.visibility,
    queueIds: new Set(queues.map(({ id }) => id)),
    hiddenInboxIds: new Set(hidden.map(({ id }) => id)),
  }
}

/** Drops what is remembered of rights, here and on the other nodes. Call it after the commit that changed roles, members, inboxes or agents. */
export function forgetViewers(ctx: ServiceContext): void {
  dropViewers(ctx)
  // A lost hint costs `staleMs`, no more.
  ctx.broadcast.publish(topic, {}).catch((error: unknown) => ctx.log.warn({ err: error }, 'Other nodes were not told of changed rights.'))
}

/** Hears of changed rights on other nodes until it is cancelled. */
export async function watchViewers(ctx: ServiceContext): Promise<Cancel> {
  const cancelTopic = await ctx.broadcast.subscribe(topic, () => dropViewers(ctx))
  const cancelGap = ctx.broadcast.onGap(() => dropViewers(ctx))
  return () => {
    cancelTopic()
    cancelGap()
  }
}

/** Drops what this node remembers of rights; for those who hear of a change from the log. */
export function dropViewers(ctx: ServiceContext): void {
  const cache = cacheOf(ctx)
  cache.generation += 1
  cache.viewers.clear()
}
