import { eq } from 'drizzle-orm'
import type { SmsConfig } from '../channels/sms/config.ts'
import type { TwilioSandbox } from '../channels/twilio/sandbox.ts'
import type { ServiceContext } from './services/context.ts'
import { listChatHistories } from './services/sandbox/list-chat-histories.ts'

/** Points the demo's SMS inboxes at the stand-in, which listens on a free port, another at each start. */
export async function pointSmsAt(ctx: ServiceContext, inboxIds: readonly string[], origin: string): Promise<void> {
  for (const inboxId of inboxIds) {
    await ctx.store.tx(async (tx) => {
      const { inboxes } = tx.t
      const [row] = await tx.db.select({ config: inboxes.config }).from(inboxes).where(eq(inboxes.id, inboxId))
      if (row === undefined) return
      await tx.db
        .update(inboxes)
        .set({ config: { ...row.config, apiBaseUrl: origin } })
        .where(eq(inboxes.id, inboxId))
    })
    await ctx.inboxes.forget(inboxId)
  }
}

/** Gives the stand-in the number of an inbox; requests to our public address go to the hub on this machine. */
export async function addSmsNumber(ctx: ServiceContext, twilio: TwilioSandbox, inboxId: string, hubUrl: string): Promise<void> {
  const inbox = await ctx.inboxes.get(inboxId)
  const { accountSid, authToken, apiKeySid, apiKeySecret, from, messagingServiceSid } = inbox.config as SmsConfig
  const account = twilio.account({
    accountSid,
    authToken,
    apiKeySid,
    apiKeySecret,
    messagingServiceSid,
    number: from ?? '',
    displayName: inbox.name,
    smsUrl: `${ctx.config.publicUrl}/webhooks/sms/${inboxId}`,
    deliverTo: hubUrl,
  })
  // What was said before a restart is on the stand-in's phones again.
  for (const prefix of ['+', 'whatsapp:']) account.restore(await listChatHistories(ctx, inboxId, prefix))
}
