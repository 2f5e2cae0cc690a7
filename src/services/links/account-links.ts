import { and, eq, gt, isNull } from 'drizzle-orm'
import type { Inbound } from '../../../channels/contract.ts'
import { pointByAddress } from '../../../db/queries/contacts.ts'
import { conversationById } from '../../../db/queries/conversations.ts'
import type { Store, Tx } from '../../../db/store.ts'
import type { Viewer } from '../../core/access/authorize.ts'
import { AppError } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import { hashToken, newToken } from '../../lib/secrets.ts'
import { require as requirePermission } from '../access/require.ts'
import type { OpenInbox, ServiceContext } from '../context.ts'
import { lockedConversation } from '../conversations/locked-conversation.ts'
import { joinIdentity } from './join-identity.ts'

type AccountLinkRow = Store['t']['accountLinks']['$inferSelect']

/** How long a customer may wait before they follow the address they were sent. */
const linkLifeMs = 7 * 24 * 3_600_000

/** How long a log-in at the company's site may take to come back to us; LINE's own permission lives ten minutes. */
const nonceLifeMs = 10 * 60_000

const timeoutMs = 10_000

/**
 * Makes an address by which the customer of a conversation can prove who they are to the company.
 * @throws AppError 'not_found', 'forbidden'; 'conflict' with code `no_account_link` where the channel or account has none.
 */
export async function requestAccountLink(
  ctx: ServiceContext,
  viewer: Viewer,
  conversationId: string,
): Promise<{ url: string; expiresAt: number }> {
  const [seen] = await conversationById(ctx.store, { id: conversationId })
  if (seen === undefined) throw new AppError('not_found', 'There is no such conversation.')
  const { session } = await ctx.inboxes.get(seen.inboxId)
  const token = newToken('link')
  const expiresAt = ctx.clock.now() + linkLifeMs
  await ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    const row = await lockedConversation(tx, viewer, 'conversation.reply', conversationId, now)
    if (session.accountLink === undefined)
      throw new AppError('conflict', 'This account has no log-in page of the company.', { code: 'no_account_link' })
    await tx.db.insert(tx.t.accountLinks).values({
      id: newId(),
      inboxId: row.inboxId,
      threadKey: row.threadKey,
      conversationId,
      tokenHash: hashToken(token),
      nonceHash: null,
      accountId: null,
      contactId: row.contactId,
      createdAt: now,
      expiresAt,
      usedAt: null,
    })
  })
  return { url: `${ctx.config.publicUrl}/link/${token}`, expiresAt }
}

/** Where a customer who follows the address goes to log in. @throws AppError 'not_found' when it is unknown, used or too old; 'unavailable'. */
export async function openAccountLink(ctx: ServiceContext, token: string): Promise<string> {
  const row = await linkOf(ctx, token)
  const { session } = await ctx.inboxes.get(row.inboxId)
  const url = await session.accountLink?.begin(row.threadKey, `${ctx.config.publicUrl}/link/${token}`, AbortSignal.timeout(timeoutMs))
  if (url == null) throw new AppError('unavailable', 'The account cannot be linked at the moment; try again later.')
  return url
}

/**
 * Takes the company's word that the customer who followed the address has logged in as `accountId`.
 * @returns where to send their browser, so that the provider confirms that it is theirs.
 * @throws AppError 'not_found', 'forbidden', 'conflict'.
 */
export async function confirmAccountLink(
  ctx: ServiceContext,
  viewer: Viewer,
  { token, accountId, linkToken }: { token: string; accountId: string; linkToken: string },
): Promise<{ redirectUrl: string }> {
  requirePermission(viewer, 'contact.write')
  const row = await linkOf(ctx, token)
  const { session } = await ctx.inboxes.get(row.inboxId)
  if (session.accountLink === undefined) throw new AppError('conflict', 'This account has no log-in page of the company.')
  const nonce = newToken('n')
  await ctx.store.tx(async (tx) => {
    const { accountLinks: a } = tx.t
    const changes = { nonceHash: hashToken(nonce), accountId, expiresAt: ctx.clock.now() + nonceLifeMs }
    await tx.db
      .update(a)
      .set(changes)
      .where(and(eq(a.id, row.id), isNull(a.usedAt)))
  })
  return { redirectUrl: session.accountLink.finish(linkToken, nonce) }
}

async function linkOf({ store, clock }: ServiceContext, token: string): Promise<AccountLinkRow> {
  const { accountLinks: a } = store.t
  const [row] = await store.db
    .select()
    .from(a)
    .where(and(eq(a.tokenHash, hashToken(token)), isNull(a.usedAt), gt(a.expiresAt, clock.now())))
  if (row === undefined) throw new AppError('not_found', 'This address was used already, or is too old.')
  return row
}

/**
 * Takes the provider's word that the one who logged in is the one on the phone: the company's account becomes a proven
 * contact point. A nonce counts once, in its time, and for the person it was given for.
 */
export async function applyLinked(
  tx: Tx,
  ctx: ServiceContext,
  inbox: OpenInbox,
  item: Extract<Inbound, { type: 'linked' }>,
): Promise<void> {
  const now = ctx.clock.now()
  const { accountLinks: a } = tx.t
  const [row] = await tx.db
    .update(a)
    .set({ usedAt: now })
    .where(
      and(
        eq(a.nonceHash, hashToken(item.nonce)),
        eq(a.inboxId, inbox.id),
        eq(a.threadKey, item.threadKey),
        isNull(a.usedAt),
        gt(a.expiresAt, now),
      ),
    )
    .returning()
  if (row?.accountId == null) return
  const [point] = await pointByAddress(tx, { kind: item.party.kind, address: item.party.address })
  if (point !== undefined) await joinIdentity(tx, { inbox, point, accountId: row.accountId, threadKey: item.threadKey }, now)
}
