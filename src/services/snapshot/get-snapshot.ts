import { keySources, latest } from '../../../db/queries/list-conversations.ts'
import { loadConversations } from '../../../db/queries/load-conversations.ts'
import { allInboxIds, loadInboxes } from '../../../db/queries/load-inboxes.ts'
import { allQueueIds, loadQueueStats, loadQueues } from '../../../db/queries/load-queues.ts'
import { newestSeq } from '../../../db/queries/log.ts'
import { pendingOffersOf } from '../../../db/queries/offers.ts'
import { allRoles, roleById } from '../../../db/queries/roles.ts'
import { allSkills } from '../../../db/queries/skills.ts'
import { canSee, holds, type Viewer } from '../../core/access/authorize.ts'
import { canSeeInbox, canSeeQueue } from '../../core/access/lists.ts'
import { AppError } from '../../lib/errors.ts'
import { presentConversation, scopeOf } from '../../present/conversation.ts'
import { presentInbox } from '../../present/inbox.ts'
import { presentQueue } from '../../present/queue.ts'
import { presentQueueStats } from '../../present/queue-stats.ts'
import { presentRole } from '../../present/role.ts'
import type { Conversation } from '../../wire/conversations.ts'
import type { Inbox } from '../../wire/inboxes.ts'
import type { Queue, QueueStats } from '../../wire/queues.ts'
import type { Snapshot, SnapshotMe } from '../../wire/snapshot.ts'
import { listAgents } from '../agents/list-agents.ts'
import type { ServiceContext } from '../context.ts'
import { presentOffersTo } from '../offers/get-offer.ts'

/** Most conversations of one's own that a snapshot carries; capacity keeps real numbers far below. */
const maxOwn = 500

/**
 * Everything a console starts from. The log's number is read before the rows, so events after it may be
 * applied to them whatever was committed meanwhile.
 */
export async function getSnapshot(ctx: ServiceContext, viewer: Viewer): Promise<Snapshot> {
  const seq = await newestSeq(ctx.store)
  return {
    seq,
    at: ctx.clock.now(),
    me: await meOf(ctx, viewer),
    agents: await listAgents(ctx, viewer),
    queues: await queuesFor(ctx, viewer),
    stats: await statsFor(ctx, viewer),
    inboxes: await inboxesFor(ctx, viewer),
    roles: holds(viewer, 'agent.read') ? (await allRoles(ctx.store)).map(presentRole) : [],
    skills: holds(viewer, 'agent.read') ? (await allSkills(ctx.store)).map(({ id, name }) => ({ id, name })) : [],
    offers: await presentOffersTo(ctx, viewer, await pendingOffersOf(ctx.store, viewer.agentId)),
    conversations: await ownConversations(ctx, viewer),
  }
}

async function meOf(ctx: ServiceContext, viewer: Viewer): Promise<SnapshotMe> {
  const role = await roleById(ctx.store, viewer.roleId)
  if (role === null) throw new AppError('unauthenticated', 'Your role is not there any more; log in again.')
  const { id, name, permissions, visibility, builtin } = role
  return { agentId: viewer.agentId, role: { id, name, permissions, visibility, builtin }, permissions: [...viewer.permissions] }
}

/** All queues with `queue.read`: a conversation may be handed to any of them. */
export async function queuesFor(ctx: ServiceContext, viewer: Viewer): Promise<Queue[]> {
  if (!holds(viewer, 'queue.read')) return []
  const ids = await allQueueIds(ctx.store, {})
  const rows = await loadQueues(
    ctx.store,
    ids.map((q) => q.id),
  )
  return rows.map(presentQueue).sort((a, b) => (a.id < b.id ? -1 : 1))
}

/** Numbers of the queues whose conversations the viewer may see. */
export async function statsFor(ctx: ServiceContext, viewer: Viewer): Promise<QueueStats[]> {
  const ids = await allQueueIds(ctx.store, {})
  const rows = await loadQueueStats(
    ctx.store,
    ids.map((q) => q.id).filter((id) => canSeeQueue(viewer, id)),
  )
  const asOf = ctx.clock.now()
  return rows.map((row) => presentQueueStats(row, asOf))
}

async function inboxesFor(ctx: ServiceContext, viewer: Viewer): Promise<Inbox[]> {
  const ids = await allInboxIds(ctx.store, {})
  const rows = await loadInboxes(
    ctx.store,
    ids.map((i) => i.id).filter((id) => canSeeInbox(viewer, id)),
  )
  return rows.map((row) => presentInbox(row, ctx.inboxes.channel(row.channel).capabilities)).sort((a, b) => (a.id < b.id ? -1 : 1))
}

async function ownConversations(ctx: ServiceContext, viewer: Viewer): Promise<Conversation[]> {
  if (!holds(viewer, 'conversation.read')) return []
  const keys = await keySources.assignee(viewer.agentId, true)(ctx.store, latest, maxOwn)
  const rows = new Map(
    (
      await loadConversations(
        ctx.store,
        keys.map((k) => k.id),
      )
    ).map((row) => [row.id, row]),
  )
  return keys.flatMap(({ id }) => {
    const row = rows.get(id)
    return row !== undefined && row.assigneeId === viewer.agentId && canSee(viewer, scopeOf(row)) ? [presentConversation(row)] : []
  })
}
