import { and, eq, inArray } from 'drizzle-orm'
import { noteReading } from '../../core/quota/forecast.ts'
import type { ServiceContext } from '../context.ts'
import { setInboxHealth } from '../inboxes/note-account-news.ts'
import { planOffsetMs, quotaStanding } from './quota-of.ts'

/** How old a reading may become. */
export const quotaFreshMs = 3_600_000
const timeoutMs = 15_000

/** Inboxes whose plan was not read within the hour; there are few inboxes, so all are looked at. */
export async function dueQuotas(ctx: ServiceContext): Promise<string[]> {
  const metered = ctx.inboxes.channels.filter(({ capabilities }) => capabilities.metered === true).map(({ id }) => id)
  if (metered.length === 0) return []
  const { inboxes } = ctx.store.t
  const rows = await ctx.store.db
    .select({ id: inboxes.id, quota: inboxes.quota })
    .from(inboxes)
    .where(and(eq(inboxes.enabled, true), inArray(inboxes.channel, metered)))
  const oldest = ctx.clock.now() - quotaFreshMs
  return rows.flatMap(({ id, quota }) => (quota === null || quota.readAt <= oldest ? [id] : []))
}

/**
 * Reads what an account has used of its plan and may still use, and tells consoles. A plan that is used up shows as the
 * inbox's health until the provider tells of a new month or a larger plan. A provider that does not answer changes nothing.
 */
export async function readQuota(ctx: ServiceContext, inboxId: string, signal: AbortSignal): Promise<void> {
  const { session } = await ctx.inboxes.get(inboxId)
  const { meter } = session
  const reading = (await meter?.read(AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]))) ?? null
  if (reading === null || meter === undefined) return
  await ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    const { inboxes } = tx.t
    const [row] = await tx.db.select({ quota: inboxes.quota, health: inboxes.health }).from(inboxes).where(eq(inboxes.id, inboxId))
    if (row === undefined) return
    const quota = noteReading(row.quota, reading, now, planOffsetMs)
    await tx.db.update(inboxes).set({ quota }).where(eq(inboxes.id, inboxId))
    const { level } = quotaStanding(quota, meter, now)
    if (level === 'exhausted')
      await setInboxHealth(tx, inboxId, 'quota_exhausted', 'The account has used up its messages of this month.', now)
    else if (row.health.state === 'quota_exhausted') await setInboxHealth(tx, inboxId, 'ok', null, now)
    tx.append({
      type: 'inbox.changed',
      at: now,
      actorType: 'system',
      actorId: 'quota',
      conversationId: null,
      subjectId: inboxId,
      data: { what: 'health', quota: level },
    })
  })
}
