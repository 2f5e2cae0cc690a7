import { deleteQueueRow, insertQueue, replaceQueueMembers, updateQueueRow, usesOfQueue } from '../../../db/queries/queue-rows.ts'
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
    return queueOf(tx, id)
  })
}

/**
 * Removes a queue that nothing depends on. One with a past is disabled instead, for reports name it.
 * @throws AppError 'not_found'; 'conflict' with code `in_use` and what depends on it.
 */
export async function deleteQueue(ctx: ServiceContext, viewer: Viewer, id: string): Promise<void> {
  require(viewer, 'queue.manage')
  await ctx.store.tx(async (tx) => {
    const uses = await usesOfQueue(tx, id)
    if (uses.inboxes.length > 0 || uses.openConversations || uses.resolvedConversations) {
      throw new AppError('conflict', sentenceOf(uses.inboxes, uses.openConversations), { code: 'in_use', ...uses })
    }
    const at = ctx.clock.now()
    await writeMembers(ctx, tx, viewer, id, [], at)
    if (!(await deleteQueueRow(tx, id))) throw new AppError('not_found', 'There is no such queue.')
  })
}

function sentenceOf(inboxes: readonly string[], open: boolean): string {
  if (inboxes.length > 0) return `Inboxes begin in this queue: ${inboxes.join(', ')}. Point them at another first.`
  return open
    ? 'Conversations are in this queue; hand them over first.'
    : 'Resolved conversations belong to this queue; disable it instead of deleting it.'
}

async function writeMembers(
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
  const known = new Set((await allSkills(tx)).map(({ id }) => id))
  const wrong = settings.requiredSkills.findIndex(({ skillId }) => !known.has(skillId))
  if (wrong < 0) return
  const message = 'There is no such skill.'
  throw new AppError('invalid_input', message, { fields: [{ path: `settings.requiredSkills.${wrong}.skillId`, message }] })
}
