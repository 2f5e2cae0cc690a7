import {
  deleteInboxRow,
  type InboxRow,
  inboxRowById,
  inboxWasUsed,
  insertInbox,
  replaceInboxMembers,
  updateInboxRow,
} from '../../../db/queries/inbox-rows.ts'
import { queueName } from '../../../db/queries/names.ts'
import type { Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import type { InboxChanges } from '../../wire/inbox-changes.ts'
import type { InboxDetail, InboxInput } from '../../wire/inboxes.ts'
import { forgetViewers } from '../access/load-viewer.ts'
import { require } from '../access/require.ts'
import { checkAgents } from '../agents/check-assignments.ts'
import type { ServiceContext } from '../context.ts'
import { noteChange } from '../note-change.ts'
import { storeSettings } from './inbox-settings.ts'
import { getInboxDetail } from './read-inboxes.ts'

/**
 * Connects an account of a channel. Its secrets are sealed and never shown again.
 * @throws AppError 'invalid_input' for settings the channel's schema refuses, an unknown queue, agent or channel.
 */
export async function createInbox(ctx: ServiceContext, viewer: Viewer, input: InboxInput): Promise<InboxDetail> {
  require(viewer, 'inbox.manage')
  const channel = ctx.inboxes.channels.find(({ id }) => id === input.channel)
  if (channel === undefined) throw invalid('channel', 'This hub does not carry this channel.')
  const id = newId()
  const settings = storeSettings(ctx.secrets, channel, id, input.config, null, ctx.clock.now())
  const at = ctx.clock.now()
  await ctx.store.tx(async (tx) => {
    await checkReferences(tx, input.queueId, input.memberIds)
    const { name, queueId, locale, enabled, restricted, reopenWindowMs } = input
    await insertInbox(tx, {
      id,
      channel: channel.id,
      name,
      ...settings,
      queueId,
      locale,
      enabled,
      restricted,
      reopenWindowMs,
      health: { state: 'ok', since: at, detail: null },
      quota: null,
      createdAt: at,
      updatedAt: at,
    })
    await replaceInboxMembers(tx, id, input.memberIds)
    noteInboxChange(ctx, tx, viewer, id, at)
  })
  return getInboxDetail(ctx, viewer, id)
}

/**
 * Changes an inbox; what `changes` leaves out stays. The next use opens it with its new settings.
 * @throws AppError as `createInbox`; 'not_found'.
 */
export async function updateInbox(ctx: ServiceContext, viewer: Viewer, id: string, changes: InboxChanges): Promise<InboxDetail> {
  require(viewer, 'inbox.manage')
  const at = ctx.clock.now()
  await ctx.store.tx(async (tx) => {
    const row = await existingInbox(tx, id)
    await checkReferences(tx, changes.queueId, changes.memberIds)
    await updateInboxRow(tx, id, { ...columnsOf(ctx, row, changes), updatedAt: at })
    if (changes.memberIds !== undefined) await replaceInboxMembers(tx, id, changes.memberIds)
    noteInboxChange(ctx, tx, viewer, id, at)
  })
  await ctx.inboxes.forget(id)
  return getInboxDetail(ctx, viewer, id)
}

function columnsOf(ctx: ServiceContext, row: InboxRow, changes: InboxChanges): Partial<InboxRow> {
  const { config, memberIds: _, ...plain } = changes
  const columns = Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined))
  if (config === undefined) return columns
  const settings = storeSettings(ctx.secrets, ctx.inboxes.channel(row.channel), row.id, config, row, ctx.clock.now())
  // New credentials deserve a fresh judgement.
  return { ...columns, ...settings, health: { state: 'ok', since: ctx.clock.now(), detail: null } }
}

/**
 * Removes an inbox that was never used; one with a past is disabled instead.
 * @throws AppError 'not_found'; 'conflict' with code `in_use`.
 */
export async function deleteInbox(ctx: ServiceContext, viewer: Viewer, id: string): Promise<void> {
  require(viewer, 'inbox.manage')
  await ctx.store.tx(async (tx) => {
    await existingInbox(tx, id)
    if (await inboxWasUsed(tx, id)) {
      throw new AppError('conflict', 'Conversations came in through this inbox; disable it instead of deleting it.', { code: 'in_use' })
    }
    await deleteInboxRow(tx, id)
    noteInboxChange(ctx, tx, viewer, id, ctx.clock.now(), { what: 'deleted' })
  })
  await ctx.inboxes.forget(id)
}

async function existingInbox(tx: Tx, id: string): Promise<InboxRow> {
  const row = await inboxRowById(tx, id)
  if (row === null) throw new AppError('not_found', 'There is no such inbox.')
  return row
}

async function checkReferences(tx: Tx, queueId: string | undefined, memberIds: readonly string[] | undefined): Promise<void> {
  if (queueId !== undefined && (await queueName(tx, { id: queueId })).length === 0) throw invalid('queueId', 'There is no such queue.')
  if (memberIds !== undefined) await checkAgents(tx, 'memberIds', memberIds)
}

function noteInboxChange(ctx: ServiceContext, tx: Tx, viewer: Viewer, id: string, at: number, data: Record<string, unknown> = {}): void {
  noteChange(tx, viewer, { type: 'inbox.changed', at, subjectId: id, data })
  tx.afterCommit(() => forgetViewers(ctx))
}

function invalid(path: string, message: string): AppError {
  return new AppError('invalid_input', message, { fields: [{ path, message }] })
}
