import { lockConversation } from '../../../db/queries/conversations.ts'
import { deleteQueueRow, openInQueue, repointInboxes, updateQueueRow, usesOfQueue } from '../../../db/queries/queue-rows.ts'
import type { Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import type { Queue } from '../../wire/queues.ts'
import type { Actor } from '../../wire/words.ts'
import { require } from '../access/require.ts'
import { systemViewer } from '../access/system-viewer.ts'
import type { ServiceContext } from '../context.ts'
import { changeQueue } from '../conversations/change-queue.ts'
import { moveConversation } from '../conversations/move-conversation.ts'
import { noteChange } from '../note-change.ts'
import { loadConfiguration } from '../routing/configuration.ts'
import { publishConfiguration } from '../routing/publish.ts'
import { queueOf } from './read-queues.ts'
import { writeMembers } from './write-queue.ts'

/**
 * Removes a queue. What depends on it is told first. With `moveTo`, its inboxes begin in that queue from now on, whatever waits in it
 * goes there at its age, and what agents have in hand belongs there. One that resolved conversations name is disabled
 * instead of removed, for reports go by it.
 * @throws AppError 'not_found'; 'conflict' with code `in_use` and what depends on it; 'invalid_input' for an unknown `moveTo`.
 */
export async function deleteQueue(
  ctx: ServiceContext,
  viewer: Viewer,
  id: string,
  { moveTo }: { moveTo?: string | undefined } = {},
): Promise<void> {
  require(viewer, 'queue.manage')
  await ctx.store.tx(async (tx) => {
    const queue = await queueOf(tx, id)
    const uses = { ...(await usesOfQueue(tx, id)), ...(await namedBy(tx, id)) }
    if (uses.queues.length > 0 || uses.rules.length > 0)
      throw inUse(`Other queues or rules send here: ${[...uses.queues, ...uses.rules].join(', ')}.`, uses)
    const at = ctx.clock.now()
    if (moveTo === undefined) {
      if (uses.inboxes.length > 0 || uses.openConversations || uses.resolvedConversations) throw inUse(sentenceOf(uses), uses)
    } else await moveAway(tx, viewer, queue, await targetOf(tx, id, moveTo), at)
    await writeMembers(ctx, tx, viewer, id, [], at)
    if (moveTo !== undefined && (uses.openConversations || uses.resolvedConversations))
      await updateQueueRow(tx, id, { name: queue.name, settings: queue.settings, enabled: false, updatedAt: at })
    else await deleteQueueRow(tx, id)
    await publishConfiguration(tx, viewer, { at, note: `queue ${queue.name} removed` })
  })
}

type Uses = Awaited<ReturnType<typeof usesOfQueue>> & { readonly queues: string[]; readonly rules: string[] }

function inUse(sentence: string, uses: Uses): AppError {
  return new AppError('conflict', sentence, { code: 'in_use', ...uses })
}

function sentenceOf({ inboxes, openConversations }: Uses): string {
  if (inboxes.length > 0) return `Inboxes begin in this queue: ${inboxes.join(', ')}. Point them at another first.`
  return openConversations
    ? 'Conversations are in this queue; hand them over first.'
    : 'Resolved conversations belong to this queue; disable it instead of deleting it.'
}

/** Queues that overflow into it and rules that send to it. */
async function namedBy(tx: Tx, id: string): Promise<{ queues: string[]; rules: string[] }> {
  const { queues, rules } = await loadConfiguration(tx)
  const names = (value: unknown) => JSON.stringify(value).includes(`"${id}"`)
  return {
    queues: queues.filter((queue) => queue.id !== id && names(queue.settings)).map(({ name }) => name),
    rules: rules.filter(({ when, effect }) => names(when) || effect.queueId === id).map(({ name }) => name),
  }
}

async function targetOf(tx: Tx, id: string, moveTo: string): Promise<Queue> {
  const target = moveTo === id ? null : await queueOf(tx, moveTo).catch(() => null)
  if (target?.enabled === true) return target
  const message = 'There is no such queue, or it takes no work.'
  throw new AppError('invalid_input', message, { fields: [{ path: 'moveTo', message }] })
}

async function moveAway(tx: Tx, viewer: Viewer, queue: Queue, target: Queue, now: number): Promise<void> {
  for (const inboxId of await repointInboxes(tx, queue.id, target.id, now)) {
    noteChange(tx, viewer, { type: 'inbox.changed', at: now, subjectId: inboxId })
  }
  const actor: Actor = viewer === systemViewer ? { type: 'system', id: 'operator' } : { type: 'agent', id: viewer.agentId }
  for (const { id } of await openInQueue(tx, queue.id)) {
    const [row] = await lockConversation(tx, { id, now })
    if (row === undefined || row.status === 'resolved') continue
    const { priority, requiredSkills } = target.settings
    const waits = row.status === 'queued' || row.status === 'offered'
    const changes = { queueId: target.id, priority: Math.max(priority, row.priority), requiredSkills, avoid: [] }
    if (waits) await moveConversation(tx, row, { event: { type: 'transferred', to: 'queue' }, actor, now, changes })
    else await changeQueue(tx, row, target.id, actor, now)
  }
}
