import { loadMessages } from '../../../db/queries/load-messages.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import { presentMessage } from '../../present/message.ts'
import type { Message } from '../../wire/messages.ts'
import type { ServiceContext } from '../context.ts'
import { visibleConversation } from './get-conversation.ts'

/** A message of a conversation the viewer may see. @throws AppError 'not_found' also when they may not. */
export async function getMessage(ctx: ServiceContext, viewer: Viewer, messageId: string): Promise<Message> {
  const [row] = await loadMessages(ctx.store, [messageId])
  if (row === undefined) throw new AppError('not_found', 'There is no such message.')
  await visibleConversation(ctx, viewer, row.conversationId).catch((error: unknown) => {
    throw error instanceof AppError && error.kind === 'not_found' ? new AppError('not_found', 'There is no such message.') : error
  })
  return presentMessage(row)
}
