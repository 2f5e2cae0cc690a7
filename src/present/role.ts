import type { RoleRow } from '../../db/queries/roles.ts'
import type { Role } from '../wire/agents.ts'

/** A role as administrators see it. */
export function presentRole({ id, name, permissions, visibility, builtin }: RoleRow): Role {
  return { id, name, permissions, visibility, builtin }
}
