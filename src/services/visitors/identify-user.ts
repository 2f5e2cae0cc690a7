import { normaliseAddress } from '../../core/identity/address.ts'
import { AppError } from '../../lib/errors.ts'
import type { IdentityProof, VisitorSession } from '../../wire/visitor.ts'
import type { ServiceContext } from '../context.ts'
import { type ChatInbox, knownVisitor } from './chat-inbox.ts'
import { checkProof, type ProvenUser } from './check-proof.ts'
import { joinThreads } from './join-threads.ts'
import { sessionOf } from './open-visitor-session.ts'
import { appendVisitorEnded, changeVisitor } from './visitor-record.ts'
import { userVisitorId } from './visitor-token.ts'

/**
 * Gives a browser the identity of the user its site has proved it to be. The same user has one thread on all their browsers.
 * What the browser wrote while it was anonymous goes with them; what another user wrote on it does not, and stays theirs.
 * Every token of an anonymous browser ends here.
 * @param token the browser's session so far; an unknown one counts as none.
 * @throws AppError 'forbidden' as `checkProof`.
 */
export async function identifyUser(
  ctx: ServiceContext,
  chat: ChatInbox,
  token: string | undefined,
  proof: IdentityProof,
): Promise<VisitorSession> {
  const now = ctx.clock.now()
  const user = await checkProof(chat.config, proof, now)
  const externalId = externalAddress(chat, user)
  const visitorId = userVisitorId(chat.key, externalId)
  const before = token === undefined ? null : await knownVisitor(ctx, chat, token)
  const record = await ctx.store.tx(async (tx) => {
    const anonymous = before !== null && before.externalId === null && before.visitorId !== visitorId
    if (anonymous) {
      await joinThreads(tx, chat.inbox, { from: before.visitorId, to: visitorId, externalId, user, now })
      await changeVisitor(tx, { visitorId: before.visitorId, inboxId: chat.inbox.id }, { validFrom: now + 1 }, now)
      appendVisitorEnded(tx, before.visitorId, 'identified', now)
    }
    const { name, email, emailVerified } = user
    const profile = { ...(anonymous ? before.profile : {}), ...(name ? { name } : {}), ...(email ? { email, emailVerified } : {}) }
    return changeVisitor(tx, { visitorId, inboxId: chat.inbox.id }, { externalId, profile }, now)
  })
  return sessionOf(ctx, chat, visitorId, record)
}

/** The user's address among contact points: what one site calls `42` is nobody at another. */
function externalAddress(chat: ChatInbox, user: ProvenUser): string {
  const address = normaliseAddress('external', `${chat.config.identityRealm ?? chat.inbox.id}:${user.id}`)
  if (address === null) throw new AppError('forbidden', 'The site’s id of its user is too long.', { code: 'identity_proof' })
  return address
}
