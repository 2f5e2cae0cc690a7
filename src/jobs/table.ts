import { z } from 'zod'
import { fetchProfile } from '../services/contacts/fetch-profile.ts'
import type { ServiceContext } from '../services/context.ts'
import { endWrapUp } from '../services/conversations/end-wrap-up.ts'
import { showTyping } from '../services/conversations/show-typing.ts'
import { wakeConversation } from '../services/conversations/wake-conversation.ts'
import { fetchFile } from '../services/files/fetch-file.ts'
import { expireOffer } from '../services/offers/expire-offer.ts'
import { sendDue } from '../services/outbox/send-next.ts'
import { readQuota } from '../services/quota/read-quota.ts'
import { fetchMemberProfile } from '../services/threads/fetch-member-profile.ts'
import { idSchema } from '../wire/words.ts'

/** One kind of job: what it is given and what it does. Handlers are idempotent; the truth is in columns. */
export interface Job<P> {
  readonly payload: z.ZodType<P>
  /** Jobs of this kind running at once on a node. */
  readonly concurrency: number
  readonly run: (ctx: ServiceContext, payload: P, signal: AbortSignal) => Promise<void>
}

const job = <P>(definition: Job<P>): Job<P> => definition
const conversation = z.object({ conversationId: idSchema })

/** Every job there is: name → payload → handler. */
export const jobTable = {
  'outbox.send': job({ payload: conversation, concurrency: 32, run: (ctx, p, signal) => sendDue(ctx, p.conversationId, signal) }),
  'offer.expire': job({ payload: z.object({ offerId: idSchema }), concurrency: 32, run: (ctx, p) => expireOffer(ctx, p.offerId) }),
  'wrap-up.end': job({ payload: conversation, concurrency: 8, run: (ctx, p) => endWrapUp(ctx, p.conversationId) }),
  'snooze.end': job({ payload: conversation, concurrency: 8, run: (ctx, p) => wakeConversation(ctx, p.conversationId) }),
  'file.fetch': job({ payload: z.object({ fileId: idSchema }), concurrency: 4, run: (ctx, p, signal) => fetchFile(ctx, p.fileId, signal) }),
  'contact.profile': job({
    payload: z.object({ inboxId: idSchema, pointId: idSchema, threadKey: z.string().max(300) }),
    concurrency: 4,
    run: fetchProfile,
  }),
  'member.profile': job({ payload: z.object({ inboxId: idSchema, memberId: idSchema }), concurrency: 4, run: fetchMemberProfile }),
  'inbox.quota': job({
    payload: z.object({ inboxId: idSchema }),
    concurrency: 2,
    run: (ctx, p, signal) => readQuota(ctx, p.inboxId, signal),
  }),
  'channel.mark-read': job({
    payload: z.object({ inboxId: idSchema, tokens: z.array(z.string()).max(1_000) }),
    concurrency: 4,
    run: async (ctx, p, signal) => (await ctx.inboxes.get(p.inboxId)).session.markRead?.(p.tokens, signal),
  }),
  'channel.typing': job({ payload: conversation.extend({ agentId: idSchema }), concurrency: 4, run: showTyping }),
} as const

/** Registers every job's handler, with its payload validated. */
export function registerJobs(ctx: ServiceContext): void {
  for (const name of Object.keys(jobTable) as (keyof typeof jobTable)[]) register(ctx, name, jobTable[name] as Job<unknown>)
}

function register(ctx: ServiceContext, name: string, { payload, concurrency, run }: Job<unknown>): void {
  ctx.jobs.process(name, async (given, { signal }) => run(ctx, payload.parse(given), signal), { concurrency })
}
