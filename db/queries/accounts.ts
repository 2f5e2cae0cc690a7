import { and, eq, isNull, lt, or, sql } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import { statement } from '../statement.ts'
import type { Tx } from '../store.ts'

export type AgentRow = Tables['agents']['$inferSelect']

/** The agent with this address; addresses are kept in lower case. */
export const agentByEmail = statement<{ email: string }, AgentRow>('agent_by_email', ({ db, t }) =>
  db
    .select()
    .from(t.agents)
    .where(eq(t.agents.email, sql.placeholder('email')))
    .limit(1),
)

/** An agent's row, disabled or not. */
export const agentRowById = statement<{ id: string }, AgentRow>('agent_row_by_id', ({ db, t }) =>
  db
    .select()
    .from(t.agents)
    .where(eq(t.agents.id, sql.placeholder('id')))
    .limit(1),
)

/** Uses up a TOTP time step; false when it, or a later one, has been used. */
export async function takeTotpStep(tx: Tx, agentId: string, step: number): Promise<boolean> {
  const { agents } = tx.t
  const rows = await tx.db
    .update(agents)
    .set({ totpLastStep: step })
    .where(and(eq(agents.id, agentId), or(isNull(agents.totpLastStep), lt(agents.totpLastStep, step))))
    .returning({ id: agents.id })
  return rows.length > 0
}

/** Changes columns of an agent; false when there is none. */
export async function updateAgentRow(tx: Tx, id: string, changes: Partial<AgentRow>): Promise<boolean> {
  const rows = await tx.db.update(tx.t.agents).set(changes).where(eq(tx.t.agents.id, id)).returning({ id: tx.t.agents.id })
  return rows.length > 0
}
