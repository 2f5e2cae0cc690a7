import { eq, inArray } from 'drizzle-orm'
import type { Router } from 'express'
import type { LineConfig } from '../channels/line/config.ts'
import type { LineSandbox } from '../channels/line/sandbox.ts'
import { addSmsNumber, pointSmsAt } from './demo-sms.ts'
import type { DeclaredRoute } from './http/route-table.ts'
import { createEgress } from './lib/egress.ts'
import { namedLog } from './lib/log.ts'
import type { ServiceContext } from './services/context.ts'
import { listChatHistories } from './services/sandbox/list-chat-histories.ts'

/** The key under which the demo centre lists the inboxes whose provider is a stand-in. */
export const sandboxInboxesKey = 'sandbox.inboxes'

/** The stand-ins of this node, as the hub starts and ends them. */
export interface Demo {
  readonly routers: readonly { readonly router: Router; readonly routes: readonly DeclaredRoute[] }[]
  /** Tells the stand-ins where the hub listens on this machine. */
  connect(hubUrl: string): Promise<void>
  stop(): Promise<void>
}

const none: Demo = { routers: [], connect: async () => undefined, stop: async () => undefined }

/**
 * With `DEMO=1`: starts the stand-in platforms, seeds the demo centre where the database is new (never in
 * production), and points the demo's inboxes at the stand-ins, as an administrator would. Otherwise nothing.
 * @param allowedOrigins the hub's list of private origins it may reach; the stand-ins' are added.
 */
export async function startDemo(ctx: ServiceContext, allowedOrigins: string[]): Promise<Demo> {
  if (!ctx.config.demo) return none
  const { createLineSandbox } = await import('../channels/line/sandbox.ts')
  const { createTwilioSandbox } = await import('../channels/twilio/sandbox.ts')
  const { shopPage } = await import('../channels/webchat/sandbox.ts')
  const { createSandboxRouter, sandboxRouteTable } = await import('./http/sandbox.ts')
  const { startDemoMail } = await import('./demo-mail.ts')
  const { createShopRouter, shopRouteTable } = await import('./http/shop.ts')
  const hubOrigins: string[] = []
  const egress = createEgress({ allowedOrigins: hubOrigins })
  const line = createLineSandbox({
    clock: ctx.clock,
    fetch: egress.fetch,
    log: namedLog(ctx.log, 'sandbox'),
    insecureMediaHosts: [new URL(ctx.config.publicUrl).host],
  })
  const twilio = createTwilioSandbox({ clock: ctx.clock, fetch: egress.fetch, log: namedLog(ctx.log, 'sandbox') })
  const { origin } = await line.start()
  const { origin: twilioOrigin } = await twilio.start()
  allowedOrigins.push(origin, twilioOrigin)
  await seedWhenNew(ctx, origin, twilioOrigin)
  const inboxIds = await sandboxInboxes(ctx, 'line')
  const smsInboxIds = await sandboxInboxes(ctx, 'sms')
  const mail = await startDemoMail(ctx, allowedOrigins)
  await pointAt(ctx, inboxIds, origin)
  await pointSmsAt(ctx, smsInboxIds, twilioOrigin)
  return {
    routers: [
      { router: createShopRouter(ctx, shopPage), routes: shopRouteTable },
      mail.router,
      { router: createSandboxRouter(ctx, { line, twilio }), routes: sandboxRouteTable },
    ],
    connect: async (hubUrl) => {
      hubOrigins.push(hubUrl)
      for (const inboxId of inboxIds) await addAccount(ctx, line, inboxId, hubUrl)
      for (const inboxId of smsInboxIds) await addSmsNumber(ctx, twilio, inboxId, hubUrl)
      await mail.connect()
    },
    stop: async () => {
      await mail.stop()
      await line.stop()
      await twilio.stop()
      egress.close()
    },
  }
}

async function seedWhenNew(ctx: ServiceContext, lineOrigin: string, twilioOrigin: string): Promise<void> {
  if (ctx.config.production) return
  const { store } = ctx
  const [known] = await store.db.select({ id: store.t.inboxes.id }).from(store.t.inboxes).limit(1)
  if (known !== undefined) return
  const { seedDemo } = await import('../db/seed/seed-demo.ts')
  await seedDemo(ctx, { lineOrigin, twilioOrigin })
}

async function sandboxInboxes({ store }: ServiceContext, channel: 'line' | 'sms'): Promise<string[]> {
  const [row] = await store.db.select().from(store.t.settings).where(eq(store.t.settings.key, sandboxInboxesKey))
  const ids = Array.isArray(row?.value) ? row.value.filter((id): id is string => typeof id === 'string') : []
  const inboxes =
    ids.length === 0
      ? []
      : await store.db
          .select({ id: store.t.inboxes.id, channel: store.t.inboxes.channel })
          .from(store.t.inboxes)
          .where(inArray(store.t.inboxes.id, ids))
  return inboxes.filter((inbox) => inbox.channel === channel).map((inbox) => inbox.id)
}

/** The stand-in listens on a free port, another at each start. */
async function pointAt(ctx: ServiceContext, inboxIds: readonly string[], origin: string): Promise<void> {
  for (const inboxId of inboxIds) {
    await ctx.store.tx(async (tx) => {
      const { inboxes } = tx.t
      const [row] = await tx.db.select({ config: inboxes.config }).from(inboxes).where(eq(inboxes.id, inboxId))
      if (row === undefined) return
      await tx.db
        .update(inboxes)
        .set({ config: { ...row.config, apiBaseUrl: origin, apiDataBaseUrl: origin } })
        .where(eq(inboxes.id, inboxId))
    })
    await ctx.inboxes.forget(inboxId)
  }
}

/** Messages a month of the demo's plan: enough to try, few enough to see it go. */
const demoQuota = 500

async function addAccount(ctx: ServiceContext, line: LineSandbox, inboxId: string, hubUrl: string): Promise<void> {
  const inbox = await ctx.inboxes.get(inboxId)
  const config = inbox.config as LineConfig
  const account = line.account({
    channelId: config.channelId,
    channelSecret: config.channelSecret,
    channelAccessToken: config.channelAccessToken ?? '',
    displayName: inbox.name,
    webhookUrl: `${hubUrl}/webhooks/line/${inboxId}`,
    monthlyQuota: demoQuota,
    menus: { 'richmenu-shop': 'Shop', 'richmenu-service': 'Service' },
    ...(config.botUserId === undefined ? {} : { botUserId: config.botUserId }),
  })
  // What was said before a restart is on the stand-in's phones again.
  account.restore(await listChatHistories(ctx, inboxId))
}
