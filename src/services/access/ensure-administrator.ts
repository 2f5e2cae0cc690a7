import { agentByEmail, updateAgentRow } from '../../../db/queries/accounts.ts'
import { insertAgent } from '../../../db/queries/agent-rows.ts'
import { hasAdministrator, upsertBuiltinRole } from '../../../db/queries/roles.ts'
import { lockName } from '../../../db/queries/row-locks.ts'
import type { Tx } from '../../../db/store.ts'
import { builtinRoles } from '../../core/access/permissions.ts'
import { newId } from '../../lib/ids.ts'
import type { NewLink } from '../../wire/access.ts'
import type { ServiceContext } from '../context.ts'
import { issueSetupLink } from './issue-link.ts'
import { newAgentRow } from './new-agent-row.ts'
import { hashPassword } from './passwords.ts'

/** Adds the built-in roles, or brings them to what this version grants. Idempotent; for start-up and the seed. */
export async function ensureRoles(ctx: ServiceContext): Promise<void> {
  const now = ctx.clock.now()
  await ctx.store.tx(async (tx) => {
    for (const role of builtinRoles) {
      await upsertBuiltinRole(tx, { ...role, permissions: [...role.permissions], builtin: true, createdAt: now })
    }
  })
}

/**
 * Makes sure that somebody can administer the hub. Where nobody can: the account of `ADMIN_EMAIL` with
 * `ADMIN_PASSWORD`, or else a link that works once. Idempotent, also on nodes that start together.
 * @returns the link to print, or null when there is nothing to do by hand.
 */
export async function ensureAdministrator(ctx: ServiceContext): Promise<NewLink | null> {
  await ensureRoles(ctx)
  if (await hasAdministrator(ctx.store)) return null
  const { admin } = ctx.config
  const passwordHash = admin === null || admin.password === null ? null : await hashPassword(admin.password)
  return ctx.store.tx(async (tx) => {
    await lockName(tx, 'administrators')
    if (await hasAdministrator(tx)) return null
    const agentId = admin === null ? null : await administratorFor(ctx, tx, admin.email, passwordHash)
    return passwordHash === null ? issueSetupLink(ctx, tx, agentId) : null
  })
}

/** The account of `ADMIN_EMAIL`; one that exists without the role is made an administrator, for the operator says so. */
async function administratorFor(ctx: ServiceContext, tx: Tx, email: string, passwordHash: string | null): Promise<string> {
  const now = ctx.clock.now()
  const [known] = await agentByEmail(tx, { email })
  if (known === undefined) {
    const name = email.split('@')[0] ?? email
    const row = newAgentRow({ id: newId(), email, name, roleId: 'admin', locale: 'en', passwordHash, now })
    await insertAgent(tx, row)
    return row.id
  }
  const password = passwordHash === null ? {} : { passwordHash }
  await updateAgentRow(tx, known.id, { roleId: 'admin', disabledAt: null, updatedAt: now, ...password })
  return known.id
}
