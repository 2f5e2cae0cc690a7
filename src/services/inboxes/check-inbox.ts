import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import type { InboxDetail } from '../../wire/inboxes.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { readQuota } from '../quota/read-quota.ts'
import { setInboxHealth } from './note-account-news.ts'
import { getInboxDetail } from './read-inboxes.ts'

const timeoutMs = 15_000

/**
 * Looks whether an account works as it is set up, and writes it into its health.
 * @throws AppError 'not_found', 'forbidden'; 'unavailable' when the provider cannot be asked now.
 */
export async function checkInbox(ctx: ServiceContext, viewer: Viewer, id: string): Promise<InboxDetail> {
  require(viewer, 'inbox.manage')
  const detail = await getInboxDetail(ctx, viewer, id)
  const { session } = await ctx.inboxes.get(id)
  if (session.checkAccount === undefined) return detail
  const signal = AbortSignal.timeout(timeoutMs)
  const found = await session.checkAccount(detail.webhookUrl ?? '', signal)
  if (found === null) throw new AppError('unavailable', 'The provider cannot be asked at the moment.')
  await ctx.store.tx((tx) => setInboxHealth(tx, id, found.state, found.detail, ctx.clock.now()))
  if (found.state === 'ok') await readQuota(ctx, id, signal)
  return getInboxDetail(ctx, viewer, id)
}
