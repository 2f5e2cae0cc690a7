import { z } from 'zod'
import type { Channel } from '../../../channels/contract.ts'
import { inboxMemberIds, inboxRowById } from '../../../db/queries/inbox-rows.ts'
import { allInboxIds, loadInboxes } from '../../../db/queries/load-inboxes.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import { presentInbox } from '../../present/inbox.ts'
import type { ChannelInfo } from '../../wire/inbox-changes.ts'
import type { Inbox, InboxDetail } from '../../wire/inboxes.ts'
import { require } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { secretsSetOf } from './inbox-settings.ts'

/** The inboxes the viewer may see, in the order of their making. */
export async function listInboxes(ctx: ServiceContext, viewer: Viewer): Promise<Inbox[]> {
  require(viewer, 'inbox.read')
  const ids = (await allInboxIds(ctx.store, {})).map(({ id }) => id).filter((id) => !viewer.hiddenInboxIds.has(id))
  const rows = await loadInboxes(ctx.store, ids)
  return rows.map((row) => presentInbox(row, ctx.inboxes.channel(row.channel).capabilities)).toSorted((a, b) => (a.id < b.id ? -1 : 1))
}

/** An inbox with its settings; of its secrets only which are set. @throws AppError 'not_found'; 'forbidden' without `inbox.manage`. */
export async function getInboxDetail(ctx: ServiceContext, viewer: Viewer, id: string): Promise<InboxDetail> {
  require(viewer, 'inbox.manage')
  const row = await inboxRowById(ctx.store, id)
  const [loaded] = await loadInboxes(ctx.store, [id])
  if (row === null || loaded === undefined) throw new AppError('not_found', 'There is no such inbox.')
  return {
    ...presentInbox(loaded, ctx.inboxes.channel(row.channel).capabilities),
    config: row.config,
    secretsSet: secretsSetOf(ctx.secrets, id, row.secrets),
    restricted: row.restricted,
    memberIds: await inboxMemberIds(ctx.store, id),
    locale: row.locale,
    reopenWindowMs: row.reopenWindowMs,
    webhookUrl: await webhookUrlOf(ctx, id),
  }
}

/** Where the provider is to send its webhooks; null where the channel has none, or the inbox cannot be opened as it is. */
async function webhookUrlOf(ctx: ServiceContext, id: string): Promise<string | null> {
  try {
    const { session, channelId } = await ctx.inboxes.get(id)
    return session.webhook === undefined ? null : `${ctx.config.publicUrl}/webhooks/${channelId}/${id}`
  } catch (error) {
    ctx.log.warn({ err: error, inboxId: id }, 'An inbox cannot be opened.')
    return null
  }
}

/** The channels this hub carries, with what an account of each needs. */
export async function listChannels(ctx: ServiceContext, viewer: Viewer): Promise<ChannelInfo[]> {
  require(viewer, 'inbox.manage')
  return ctx.inboxes.channels.map(presentChannel)
}

function presentChannel({ id, capabilities, config, secretKeys }: Channel): ChannelInfo {
  return {
    id,
    capabilities,
    configSchema: { ...z.toJSONSchema(config, { io: 'input', unrepresentable: 'any' }) },
    secretKeys: [...secretKeys],
  }
}
