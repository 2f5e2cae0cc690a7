import type { Inbound } from '../../../channels/contract.ts'
import { insertMember, memberByExternalId, type ThreadMemberRow, updateMember } from '../../../db/queries/thread-members.ts'
import type { Tx } from '../../../db/store.ts'
import { newId } from '../../lib/ids.ts'
import type { OpenInbox, ServiceContext } from '../context.ts'

/** How long what a provider told of a member is good for. */
export const memberFreshMs = 24 * 3_600_000

interface Seen {
  readonly threadKey: string
  readonly externalId: string
  /** The provider's time of it, epoch ms. */
  readonly at: number
  /** False: they left. */
  readonly present: boolean
}

/**
 * Takes who joined and who left a group, whatever the order of the news: the newest counts. Whoever is new is looked up at
 * the provider.
 */
export async function noteMembers(
  tx: Tx,
  ctx: ServiceContext,
  inbox: OpenInbox,
  item: Extract<Inbound, { type: 'members' }>,
): Promise<void> {
  const { threadKey, occurredAt: at } = item
  for (const externalId of item.joined) await noteMember(tx, ctx, inbox, { threadKey, externalId, at, present: true })
  for (const externalId of item.left) await noteMember(tx, ctx, inbox, { threadKey, externalId, at, present: false })
}

/** Notes one person of a thread; whoever writes is in it. */
export async function noteMember(tx: Tx, ctx: ServiceContext, inbox: OpenInbox, seen: Seen): Promise<ThreadMemberRow> {
  const { threadKey, externalId, at, present } = seen
  const key = { inboxId: inbox.id, threadKey, externalId }
  const [known] = await memberByExternalId(tx, key)
  const row = known ?? (await addMember(tx, key, seen))
  if (known !== undefined && known.membershipAt < at && (known.leftAt === null) !== present) {
    await updateMember(tx, row.id, present ? { leftAt: null, membershipAt: at } : { leftAt: at, membershipAt: at })
  }
  if (present && (row.profileFetchedAt ?? 0) < ctx.clock.now() - memberFreshMs) {
    const payload = { inboxId: inbox.id, memberId: row.id }
    tx.afterCommit(() => void ctx.jobs.add('member.profile', payload, { key: row.id }).catch(() => undefined))
  }
  return row
}

async function addMember(tx: Tx, key: Pick<ThreadMemberRow, 'inboxId' | 'threadKey' | 'externalId'>, seen: Seen): Promise<ThreadMemberRow> {
  const row: ThreadMemberRow = {
    id: newId(),
    ...key,
    displayName: null,
    avatarUrl: null,
    joinedAt: seen.at,
    leftAt: seen.present ? null : seen.at,
    membershipAt: seen.at,
    profileFetchedAt: null,
  }
  if (await insertMember(tx, row)) return row
  const [raced] = await memberByExternalId(tx, key)
  return raced ?? row
}
