import { allGroups, groupById, type LoadedGroup } from '../../../db/queries/groups.ts'
import type { Store, Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import type { Group } from '../../wire/groups.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'

/** All groups by name. */
export async function listGroups(ctx: ServiceContext, viewer: Viewer): Promise<Group[]> {
  require(viewer, 'agent.read')
  return (await allGroups(ctx.store)).map(presentGroup)
}

/** One group for a caller that has asked for leave. @throws AppError 'not_found'. */
export async function groupOf(on: Store | Tx, id: string): Promise<Group> {
  const row = await groupById(on, id)
  if (row === null) throw new AppError('not_found', 'There is no such group.')
  return presentGroup(row)
}

function presentGroup({ id, name, capacity, memberIds, updatedAt }: LoadedGroup): Group {
  return { id, name, capacity, memberIds, updatedAt }
}
