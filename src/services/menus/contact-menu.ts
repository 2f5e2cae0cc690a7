import type { ChatMenu, Session } from '../../../channels/contract.ts'
import { type ConversationRow, conversationById } from '../../../db/queries/conversations.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import type { Permission } from '../../core/access/permissions.ts'
import { AppError } from '../../lib/errors.ts'
import { require as requirePermission } from '../access/require.ts'
import type { ServiceContext } from '../context.ts'
import { appendLine } from '../conversations/append-message.ts'
import { scopeOf } from '../conversations/move-conversation.ts'

const timeoutMs = 10_000

/** Menus of a customer's account, and the one they see; `current` null for the account's default. */
export interface CustomerMenus {
  readonly menus: ChatMenu[]
  readonly current: string | null
}

/** @throws AppError 'not_found'; 'conflict' with code `no_menus` where the channel has none; 'provider_unavailable'. */
export async function readMenus(ctx: ServiceContext, viewer: Viewer, conversationId: string): Promise<CustomerMenus> {
  const { row, menus } = await menusOf(ctx, viewer, 'conversation.read', conversationId)
  const signal = AbortSignal.timeout(timeoutMs)
  return { menus: [...(await menus.list(signal))], current: await menus.current(row.threadKey, signal) }
}

/** Shows the customer another menu below their chat, and says so in the thread. @throws AppError as `readMenus`; 'forbidden', 'invalid_input'. */
export async function setMenu(ctx: ServiceContext, viewer: Viewer, conversationId: string, menuId: string | null): Promise<CustomerMenus> {
  const { row, menus } = await menusOf(ctx, viewer, 'conversation.reply', conversationId)
  const signal = AbortSignal.timeout(timeoutMs)
  const known = await menus.list(signal)
  const chosen = known.find(({ id }) => id === menuId)
  if (menuId !== null && chosen === undefined) throw new AppError('invalid_input', 'There is no such menu.')
  await menus.set(row.threadKey, menuId, signal)
  const actor = { type: 'agent', id: viewer.agentId } as const
  await ctx.store.tx(async (tx) => {
    const code = chosen === undefined ? 'menu.default' : 'menu.shown'
    await appendLine(tx, row, actor, ctx.clock.now(), code, chosen === undefined ? {} : { menu: chosen.name })
  })
  return { menus: [...known], current: menuId }
}

async function menusOf(
  ctx: ServiceContext,
  viewer: Viewer,
  permission: Permission,
  conversationId: string,
): Promise<{ row: ConversationRow; menus: NonNullable<Session['menus']> }> {
  const [row] = await conversationById(ctx.store, { id: conversationId })
  if (row === undefined) throw new AppError('not_found', 'There is no such conversation.')
  requirePermission(viewer, permission, { kind: 'conversation', scope: scopeOf(row) })
  const { menus } = (await ctx.inboxes.get(row.inboxId)).session
  if (menus === undefined) throw new AppError('conflict', 'This channel has no menus.', { code: 'no_menus' })
  return { row, menus }
}
