import { calendarById } from '../../../db/queries/calendars.ts'
import { allGroups } from '../../../db/queries/groups.ts'
import { insertQueue, replaceQueueMembers, updateQueueRow } from '../../../db/queries/queue-rows.ts'
import { allSkills } from '../../../db/queries/skills.ts'
import type { Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import type { Queue, QueueInput } from '../../wire/queues.ts'
import { forgetViewers } from '../access/load-viewer.ts'
import { require } from '../access/require.ts'
import { checkAgents } from '../agents/check-assignments.ts'
import type { ServiceContext } from '../context.ts'
import { noteChange } from '../note-change.ts'
import { publishConfiguration } from '../routing/publish.ts'
import { refuseTaken } from '../unique-name.ts'
import { queueOf } from './read-queues.ts'

const nameTaken = 'A queue of this name exists.'

/** Makes a queue with its members. @throws AppError 'conflict' when the name is taken; 'invalid_input' for an unknown agent or skill. */
export async function createQueue(ctx: ServiceContext, viewer: Viewer, input: QueueInput): Promise<Queue> {
  require(viewer, 'queue.manage')
  return ctx.store.tx(async (tx) => {
    await checkNames(tx, input)
    const at = ctx.clock.now()
    const { name, enabled, settings } = input
    const row = { id: newId(), name, enabled, settings, createdAt: at, updatedAt: at }
    await refuseTaken(tx, 'name', nameTaken, (inner) => insertQueue(inner, row))
    await writeMembers(ctx, tx, viewer, row.id, input.memberIds, at)
    await publishConfiguration(tx, viewer, { at, note: `queue ${name}` })
    return queueOf(tx, row.id)
  })
}

/**
 * Replaces a queue's name, rules, switch and members. What waits in it stays; the next routing pass goes by the new rules.
 * @throws AppError as `createQueue`; 'not_found'.
 */
export async function updateQueue(ctx: ServiceContext, viewer: Viewer, id: string, input: QueueInput): Promise<Queue> {
  require(viewer, 'queue.manage')
  return ctx.store.tx(async (tx) => {
    await checkNames(tx, input)
    const at = ctx.clock.now()
    const { name, enabled, settings } = input
    const found = await refuseTaken(tx, 'name', nameTaken, (inner) => updateQueueRow(inner, id, { name, enabled, settings, updatedAt: at }))
    if (!found) throw new AppError('not_found', 'There is no such queue.')
    await writeMembers(ctx, tx, viewer, id, input.memberIds, at)
    await publishConfiguration(tx, viewer, { at, note: `queue ${name}` })
    return queueOf(tx, id)
  })
}

/** Replaces a queue's members and tells of all that changed with it; part of the change's own transaction. */
export async function writeMembers(
  ctx: ServiceContext,
  tx: Tx,
  viewer: Viewer,
  queueId: string,
  agentIds: readonly string[],
  at: number,
): Promise<void> {
  for (const agentId of await replaceQueueMembers(tx, queueId, agentIds)) {
    noteChange(tx, viewer, { type: 'agent.changed', at, subjectId: agentId, data: { what: ['queueIds'] } })
  }
  noteChange(tx, viewer, { type: 'queue.changed', at, subjectId: queueId })
  tx.afterCommit(() => forgetViewers(ctx))
}

async function checkNames(tx: Tx, { memberIds, settings }: QueueInput): Promise<void> {
  await checkAgents(tx, 'memberIds', memberIds)
  const skills = new Set((await allSkills(tx)).map(({ id }) => id))
  const wrong = settings.requiredSkills.findIndex(({ skillId }) => !skills.has(skillId))
  if (wrong >= 0) refuse(`settings.requiredSkills.${wrong}.skillId`, 'There is no such skill.')
  // A conversation has one live offer: `offers_live_uq` and what is shown of it rest on that.
  if (settings.ringAgents > 1) refuse('settings.ringAgents', 'A queue rings one agent at a time.')
  const groups = new Set((await allGroups(tx)).map(({ id }) => id))
  const wrongGroup = settings.groups.findIndex(({ groupId }) => !groups.has(groupId))
  if (wrongGroup >= 0) refuse(`settings.groups.${wrongGroup}.groupId`, 'There is no such group.')
  if (settings.calendarId !== null && (await calendarById(tx, settings.calendarId)) === null)
    refuse('settings.calendarId', 'There is no such calendar.')
}

function refuse(path: string, message: string): never {
  throw new AppError('invalid_input', message, { fields: [{ path, message }] })
}
