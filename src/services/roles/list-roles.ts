import { allRoles } from '../../../db/queries/roles.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { presentRole } from '../../present/role.ts'
import type { Role } from '../../wire/agents.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'

/** All roles by name. */
export async function listRoles(ctx: ServiceContext, viewer: Viewer): Promise<Role[]> {
  require(viewer, 'agent.read')
  return (await allRoles(ctx.store)).map(presentRole)
}
