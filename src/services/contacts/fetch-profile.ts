import { eq } from 'drizzle-orm'
import { pointById } from '../../../db/queries/contacts.ts'
import type { ServiceContext } from '../context.ts'
import { provisionalName } from './resolve-contact.ts'

/** How long a provider's profile is good for. */
export const profileFreshMs = 24 * 3_600_000
const timeoutMs = 10_000

/**
 * Asks the provider who is behind an address and takes name, picture and language into the record, where
 * no person has given a better name. Not telling is no error; it is asked again at the next contact.
 */
export async function fetchProfile(
  ctx: ServiceContext,
  input: { inboxId: string; pointId: string; threadKey: string },
  signal: AbortSignal,
): Promise<void> {
  const [point] = await pointById(ctx.store, { id: input.pointId })
  if (point === undefined || (point.profileFetchedAt ?? 0) > ctx.clock.now() - profileFreshMs) return
  const inbox = await ctx.inboxes.get(input.inboxId)
  const profile = await inbox.session.fetchProfile?.(input.threadKey, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]))
  if (profile === null || profile === undefined) return
  await ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    const { contacts, contactPoints } = tx.t
    await tx.db.update(contactPoints).set({ displayName: profile.displayName, profileFetchedAt: now }).where(eq(contactPoints.id, point.id))
    const [contact] = await tx.db.select().from(contacts).where(eq(contacts.id, point.contactId))
    if (contact === undefined) return
    const unnamed =
      contact.name === provisionalName({ kind: point.kind, address: point.address, verified: point.verified }) ||
      contact.name === point.displayName
    await tx.db
      .update(contacts)
      .set({
        name: unnamed ? profile.displayName.slice(0, 200) : contact.name,
        avatarUrl: profile.avatarUrl ?? contact.avatarUrl,
        locale: contact.locale ?? profile.locale ?? null,
        updatedAt: now,
      })
      .where(eq(contacts.id, contact.id))
    tx.append({
      type: 'contact.changed',
      at: now,
      actorType: 'system',
      actorId: 'profile',
      conversationId: null,
      subjectId: contact.id,
      data: { what: 'profile' },
    })
  })
}
