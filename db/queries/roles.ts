import { and, asc, eq, inArray, isNull, ne } from 'drizzle-orm'
import type { Tables } from '../schema/index.ts'
import type { Store, Tx } from '../store.ts'

export type RoleRow = Tables['roles']['$inferSelect']

/** All roles by name; a centre has a handful. */
export async function allRoles(on: Store | Tx): Promise<RoleRow[]> {
  return on.db.select().from(on.t.roles).orderBy(asc(on.t.roles.name))
}

/** Roles by id; those that are gone are left out. */
export async function rolesByIds(on: Store | Tx, ids: readonly string[]): Promise<RoleRow[]> {
  return on.db
    .select()
    .from(on.t.roles)
    .where(inArray(on.t.roles.id, [...ids]))
}

export async function roleById(on: Store | Tx, id: string): Promise<RoleRow | null> {
  const [row] = await on.db.select().from(on.t.roles).where(eq(on.t.roles.id, id)).limit(1)
  return row ?? null
}

export async function insertRole(tx: Tx, row: RoleRow): Promise<void> {
  await tx.db.insert(tx.t.roles).values(row)
}

/** Adds a built-in role or brings it to what this version grants. */
export async function upsertBuiltinRole(tx: Tx, row: RoleRow): Promise<void> {
  const { roles } = tx.t
  const { permissions, visibility } = row
  await tx.db
    .insert(roles)
    .values(row)
    .onConflictDoUpdate({ target: roles.id, set: { permissions, visibility, builtin: true } })
}

/** Changes a role that is not built in; false when there is none. */
export async function updateRoleRow(tx: Tx, id: string, changes: Pick<RoleRow, 'name' | 'permissions' | 'visibility'>): Promise<boolean> {
  const { roles } = tx.t
  const rows = await tx.db
    .update(roles)
    .set(changes)
    .where(and(eq(roles.id, id), eq(roles.builtin, false)))
    .returning({ id: roles.id })
  return rows.length > 0
}

export async function deleteRoleRow(tx: Tx, id: string): Promise<void> {
  await tx.db.delete(tx.t.roles).where(and(eq(tx.t.roles.id, id), eq(tx.t.roles.builtin, false)))
}

/** Names of agents with a role, disabled ones too; at most `limit`. */
export async function agentNamesWithRole(on: Store | Tx, roleId: string, limit: number): Promise<string[]> {
  const { agents } = on.t
  const rows = await on.db
    .select({ name: agents.name })
    .from(agents)
    .where(eq(agents.roleId, roleId))
    .orderBy(asc(agents.name))
    .limit(limit)
  return rows.map(({ name }) => name)
}

/** Whether an enabled agent other than `exceptId` holds every permission. */
export async function hasAdministrator(on: Store | Tx, exceptId: string | null = null): Promise<boolean> {
  const full = (await allRoles(on)).filter(({ permissions }) => permissions.includes('*')).map(({ id }) => id)
  if (full.length === 0) return false
  const { agents } = on.t
  const enabled = and(inArray(agents.roleId, full), isNull(agents.disabledAt))
  const [row] = await on.db
    .select({ id: agents.id })
    .from(agents)
    .where(exceptId === null ? enabled : and(enabled, ne(agents.id, exceptId)))
    .limit(1)
  return row !== undefined
}
