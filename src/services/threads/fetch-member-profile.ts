import { newestOfThread } from '../../../db/queries/conversations.ts'
import { memberById, messagesOfMember, updateMember } from '../../../db/queries/thread-members.ts'
import type { ServiceContext } from '../context.ts'
import { memberFreshMs } from './note-members.ts'

const timeoutMs = 10_000

/** After so long a provider that would not tell is asked again, at the member's next message. */
const askAgainMs = 3_600_000

/** Messages on which a new name is shown at once; older ones have it when they are loaded again. */
const shownMessages = 100

/** Asks the provider who a member of a group is. Not telling (no consent, no friend) is no error. */
export async function fetchMemberProfile(
  ctx: ServiceContext,
  input: { readonly inboxId: string; readonly memberId: string },
  signal: AbortSignal,
): Promise<void> {
  const [member] = await memberById(ctx.store, { id: input.memberId })
  if (member === undefined || (member.profileFetchedAt ?? 0) > ctx.clock.now() - memberFreshMs) return
  const { session } = await ctx.inboxes.get(input.inboxId)
  const limited = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
  const profile = (await session.fetchProfile?.(`${member.threadKey}/${member.externalId}`, limited)) ?? null
  await ctx.store.tx(async (tx) => {
    const now = ctx.clock.now()
    if (profile === null) return updateMember(tx, member.id, { profileFetchedAt: now - memberFreshMs + askAgainMs })
    const displayName = profile.displayName.slice(0, 200)
    await updateMember(tx, member.id, { displayName, avatarUrl: profile.avatarUrl ?? null, profileFetchedAt: now })
    const [conversation] = await newestOfThread(tx, { inboxId: member.inboxId, threadKey: member.threadKey })
    if (conversation === undefined || displayName === member.displayName) return
    for (const id of await messagesOfMember(tx, conversation.id, member.id, shownMessages)) {
      tx.append({
        type: 'message.changed',
        at: now,
        actorType: 'system',
        actorId: 'profile',
        conversationId: conversation.id,
        subjectId: id,
        data: { what: 'author' },
      })
    }
  })
}
