import { eq, sql } from 'drizzle-orm'
import { statement } from '../statement.ts'

/** An agent's name for lines in threads; no row for unknown ids. */
export const agentName = statement<{ id: string }, { name: string; disabledAt: number | null }>('agent_name', ({ db, t }) =>
  db
    .select({ name: t.agents.name, disabledAt: t.agents.disabledAt })
    .from(t.agents)
    .where(eq(t.agents.id, sql.placeholder('id'))),
)

/** A queue's name and whether it takes work. */
export const queueName = statement<{ id: string }, { name: string; enabled: boolean }>('queue_name', ({ db, t }) =>
  db
    .select({ name: t.queues.name, enabled: t.queues.enabled })
    .from(t.queues)
    .where(eq(t.queues.id, sql.placeholder('id'))),
)
