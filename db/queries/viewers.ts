import { and, eq, isNull, sql } from 'drizzle-orm'
import { statement } from '../statement.ts'

/** An agent that is not disabled, with what the role grants. */
export const viewerOfAgent = statement<
  { agentId: string },
  { agentId: string; roleId: string; permissions: string[]; visibility: 'own' | 'team' | 'all' }
>('viewer_of_agent', ({ db, t }) =>
  db
    .select({ agentId: t.agents.id, roleId: t.agents.roleId, permissions: t.roles.permissions, visibility: t.roles.visibility })
    .from(t.agents)
    .innerJoin(t.roles, eq(t.roles.id, t.agents.roleId))
    .where(and(eq(t.agents.id, sql.placeholder('agentId')), isNull(t.agents.disabledAt)))
    .limit(1),
)

/** The queues an agent is a member of. */
export const queueIdsOfAgent = statement<{ agentId: string }, { id: string }>('queue_ids_of_agent', ({ db, t }) =>
  db
    .select({ id: t.queueMembers.queueId })
    .from(t.queueMembers)
    .where(eq(t.queueMembers.agentId, sql.placeholder('agentId'))),
)

/** Restricted inboxes that do not list the agent. */
export const hiddenInboxIdsOfAgent = statement<{ agentId: string }, { id: string }>('hidden_inbox_ids_of_agent', ({ db, t }) =>
  db
    .select({ id: t.inboxes.id })
    .from(t.inboxes)
    .leftJoin(t.inboxMembers, and(eq(t.inboxMembers.inboxId, t.inboxes.id), eq(t.inboxMembers.agentId, sql.placeholder('agentId'))))
    .where(and(eq(t.inboxes.restricted, true), isNull(t.inboxMembers.agentId))),
)
