import { deliveryById } from '../../../db/queries/deliveries.ts'
import { messageById } from '../../../db/queries/messages.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { visibleMail } from './read-mail.ts'

/**
 * The bytes of a mail as they came, for those who may read deliveries.
 * @throws AppError 'forbidden'; 'not_found' where there are none, or the viewer may not see the message.
 */
export async function openMailSource(ctx: ServiceContext, viewer: Viewer, messageId: string): Promise<AsyncIterable<Uint8Array>> {
  require(viewer, 'delivery.read')
  await visibleMail(ctx, viewer, messageId)
  const [message] = await messageById(ctx.store, { id: messageId })
  const [delivery] = message?.deliveryId == null ? [] : await deliveryById(ctx.store, { id: message.deliveryId })
  if (message === undefined || delivery === undefined || message.unsentAt !== null) throw noSource()
  const { session } = await ctx.inboxes.get(delivery.inboxId)
  if (session.openSource === undefined) throw noSource()
  return session.openSource(delivery.raw)
}

function noSource(): AppError {
  return new AppError('not_found', 'The source of this mail is not kept.')
}
