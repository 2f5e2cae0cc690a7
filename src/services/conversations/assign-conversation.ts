import type { ConversationRow } from '../../../db/queries/conversations.ts'
import { agentName, queueName } from '../../../db/queries/names.ts'
import { queueSettings } from '../../../db/queries/queues.ts'
import type { Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { holds } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import type { AssignInput } from '../../wire/conversations.ts'
import type { Actor } from '../../wire/words.ts'
import type { ServiceContext } from '../context.ts'
import { appendLine, appendMessage } from './append-message.ts'
import { lockedConversation } from './locked-conversation.ts'
import { moveConversation } from './move-conversation.ts'

/**
 * Hands a conversation over: to a queue (it waits there with its age), or to a person. The owner's
 * hand-over to a colleague becomes that colleague's own item, offered to them; whoever may assign any
 * conversation puts it into an agent's hands at once. A note travels with it.
 * @throws AppError 'not_found', 'forbidden', 'invalid_input' for an unknown or disabled receiver, 'conflict'.
 */
export async function assignConversation(ctx: ServiceContext, viewer: Viewer, conversationId: string, input: AssignInput): Promise<void> {
  await ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    const actor: Actor = { type: 'agent', id: viewer.agentId }
    const row = await lockedConversation(tx, viewer, 'conversation.assign', conversationId, now)
    if (input.note !== undefined && input.note.trim() !== '') {
      await appendMessage(tx, {
        conversationId,
        inboxId: row.inboxId,
        direction: 'note',
        parts: [{ type: 'text', text: input.note }],
        actor,
        now,
      })
    }
    if (input.queueId !== undefined) await toQueue(tx, row, input.queueId, actor, now)
    else if (input.agentId !== undefined) await toAgent(tx, viewer, row, input.agentId, actor, now)
  })
}

async function toQueue(tx: Tx, row: ConversationRow, queueId: string, actor: Actor, now: number): Promise<void> {
  const [queue] = await queueName(tx, { id: queueId })
  if (queue === undefined || !queue.enabled) throw unknownReceiver('queueId', 'There is no such queue, or it takes no work.')
  const settings = await queueSettings(tx, queueId)
  const changes = {
    queueId,
    priority: settings.priority,
    requiredSkills: settings.requiredSkills,
    avoid: [],
    preferredAgentId: null,
    preferredUntil: null,
    personal: false,
  }
  await moveConversation(tx, row, { event: { type: 'transferred', to: 'queue' }, actor, now, changes })
  await appendLine(tx, row, actor, now, 'conversation.to_queue', { queue: queue.name })
}

async function toAgent(tx: Tx, viewer: Viewer, row: ConversationRow, agentId: string, actor: Actor, now: number): Promise<void> {
  const [agent] = await agentName(tx, { id: agentId })
  if (agent === undefined || agent.disabledAt !== null)
    throw unknownReceiver('agentId', 'There is no such agent, or their account is disabled.')
  const outright = holds(viewer, 'conversation.assign_any') || agentId === viewer.agentId
  const event = outright ? ({ type: 'assigned' } as const) : ({ type: 'transferred', to: 'agent' } as const)
  await moveConversation(tx, row, { event, actor, now, agentId })
  await appendLine(tx, row, actor, now, outright ? 'conversation.assigned' : 'conversation.to_agent', { agent: agent.name })
}

function unknownReceiver(path: string, message: string): AppError {
  return new AppError('invalid_input', message, { fields: [{ path, message }] })
}
