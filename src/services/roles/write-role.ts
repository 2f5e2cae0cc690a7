import { agentNamesWithRole, deleteRoleRow, insertRole, type RoleRow, roleById, updateRoleRow } from '../../../db/queries/roles.ts'
import type { Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import { presentRole } from '../../present/role.ts'
import type { RoleInput } from '../../wire/access.ts'
import type { Role } from '../../wire/agents.ts'
import { keepAdministrator, requireWithinOwn } from '../access/guard-roles.ts'
import { forgetViewers } from '../access/load-viewer.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { noteChange } from '../note-change.ts'
import { checkPermissionNames } from '../tokens/create-api-token.ts'
import { refuseTaken } from '../unique-name.ts'

const nameTaken = 'A role of this name exists.'

/**
 * Makes a role. Every role holds `self`.
 * @throws AppError 'conflict' when the name is taken; 'invalid_input' for names that are no permission; 'forbidden' for more than one's own.
 */
export async function createRole(ctx: ServiceContext, viewer: Viewer, input: RoleInput): Promise<Role> {
  const permissions = grantedBy(viewer, input)
  return ctx.store.tx(async (tx) => {
    const at = ctx.clock.now()
    const row: RoleRow = { id: newId(), name: input.name, permissions, visibility: input.visibility, builtin: false, createdAt: at }
    await refuseTaken(tx, 'name', nameTaken, (inner) => insertRole(inner, row))
    noteChange(tx, viewer, { type: 'role.changed', at, subjectId: row.id })
    return presentRole(row)
  })
}

/**
 * Replaces a role's name, permissions and visibility; it counts at once for everybody who has it.
 * @throws AppError as `createRole`; 'not_found'; 'conflict' for built-in roles and when no administrator would be left.
 */
export async function updateRole(ctx: ServiceContext, viewer: Viewer, id: string, input: RoleInput): Promise<Role> {
  const permissions = grantedBy(viewer, input)
  return ctx.store.tx(async (tx) => {
    const row = await ownRole(tx, viewer, id)
    const at = ctx.clock.now()
    const changes = { name: input.name, permissions, visibility: input.visibility }
    await keepAdministrator(tx, () => refuseTaken(tx, 'name', nameTaken, (inner) => updateRoleRow(inner, id, changes)))
    noteChange(tx, viewer, { type: 'role.changed', at, subjectId: id })
    tx.afterCommit(() => forgetViewers(ctx))
    return presentRole({ ...row, ...changes })
  })
}

/** Removes a role that nobody has. @throws AppError 'not_found'; 'conflict' for built-in roles and, naming agents, while it is in use. */
export async function deleteRole(ctx: ServiceContext, viewer: Viewer, id: string): Promise<void> {
  require(viewer, 'role.manage')
  await ctx.store.tx(async (tx) => {
    await ownRole(tx, viewer, id)
    const agents = await agentNamesWithRole(tx, id, 20)
    if (agents.length > 0) throw new AppError('conflict', 'Agents have this role; give them another first.', { code: 'in_use', agents })
    await deleteRoleRow(tx, id)
    noteChange(tx, viewer, { type: 'role.changed', at: ctx.clock.now(), subjectId: id, data: { what: 'deleted' } })
  })
}

function grantedBy(viewer: Viewer, { permissions }: RoleInput): string[] {
  require(viewer, 'role.manage')
  checkPermissionNames(permissions)
  requireWithinOwn(viewer, permissions)
  return [...new Set(['self', ...permissions])]
}

async function ownRole(tx: Tx, viewer: Viewer, id: string): Promise<RoleRow> {
  const row = await roleById(tx, id)
  if (row === null) throw new AppError('not_found', 'There is no such role.')
  if (row.builtin) throw new AppError('conflict', 'This role is built in; make one of your own instead.', { code: 'builtin' })
  requireWithinOwn(viewer, row.permissions)
  return row
}
