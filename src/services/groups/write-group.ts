import { deleteGroupRow, insertGroup, replaceGroupMembers, updateGroupRow } from '../../../db/queries/groups.ts'
import type { Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import type { Group, GroupInput } from '../../wire/groups.ts'
import { require } from '../access/require.ts'
import { checkAgents } from '../agents/check-assignments.ts'
import type { ServiceContext } from '../context.ts'
import { noteChange } from '../note-change.ts'
import { loadConfiguration } from '../routing/configuration.ts'
import { publishConfiguration } from '../routing/publish.ts'
import { refuseTaken } from '../unique-name.ts'
import { groupOf } from './read-groups.ts'

const nameTaken = 'A group of this name exists.'

/** Makes a group with its members. @throws AppError 'conflict' when the name is taken; 'invalid_input' for an unknown agent. */
export async function createGroup(ctx: ServiceContext, viewer: Viewer, input: GroupInput): Promise<Group> {
  require(viewer, 'routing.manage')
  return ctx.store.tx(async (tx) => {
    await checkAgents(tx, 'memberIds', input.memberIds)
    const at = ctx.clock.now()
    const { name, capacity } = input
    const row = { id: newId(), name, capacity, createdAt: at, updatedAt: at }
    await refuseTaken(tx, 'name', nameTaken, (inner) => insertGroup(inner, row))
    await settle(tx, viewer, row.id, input, at)
    return groupOf(tx, row.id)
  })
}

/** Replaces a group's name, capacity and members; it counts from the next decision on. @throws AppError as `createGroup`; 'not_found'. */
export async function updateGroup(ctx: ServiceContext, viewer: Viewer, id: string, input: GroupInput): Promise<Group> {
  require(viewer, 'routing.manage')
  return ctx.store.tx(async (tx) => {
    await checkAgents(tx, 'memberIds', input.memberIds)
    const at = ctx.clock.now()
    const { name, capacity } = input
    const found = await refuseTaken(tx, 'name', nameTaken, (inner) => updateGroupRow(inner, id, { name, capacity, updatedAt: at }))
    if (!found) throw new AppError('not_found', 'There is no such group.')
    await settle(tx, viewer, id, input, at)
    return groupOf(tx, id)
  })
}

/** Removes a group that no queue names. @throws AppError 'not_found'; 'conflict' with code `in_use` and the queues. */
export async function deleteGroup(ctx: ServiceContext, viewer: Viewer, id: string): Promise<void> {
  require(viewer, 'routing.manage')
  await ctx.store.tx(async (tx) => {
    const { name } = await groupOf(tx, id)
    const queues = (await loadConfiguration(tx)).queues
      .filter(
        ({ settings }) =>
          settings.groups.some(({ groupId }) => groupId === id) || settings.rings.some(({ widenTo }) => widenTo.includes(id)),
      )
      .map((queue) => queue.name)
    if (queues.length > 0) {
      throw new AppError('conflict', `Queues go by this group: ${queues.join(', ')}. Take it from them first.`, { code: 'in_use', queues })
    }
    const at = ctx.clock.now()
    await deleteGroupRow(tx, id)
    noteChange(tx, viewer, { type: 'group.changed', at, subjectId: id, data: { what: 'deleted' } })
    await publishConfiguration(tx, viewer, { at, note: `group ${name} removed` })
  })
}

async function settle(tx: Tx, viewer: Viewer, id: string, { name, memberIds }: GroupInput, at: number): Promise<void> {
  const moved = await replaceGroupMembers(tx, id, memberIds)
  // What the group says of capacity counts for all of its members.
  for (const agentId of new Set([...moved, ...memberIds]))
    noteChange(tx, viewer, { type: 'agent.changed', at, subjectId: agentId, data: { what: ['groups'] } })
  noteChange(tx, viewer, { type: 'group.changed', at, subjectId: id })
  await publishConfiguration(tx, viewer, { at, note: `group ${name}` })
}
