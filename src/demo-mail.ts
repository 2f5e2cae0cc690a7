import { asc, eq } from 'drizzle-orm'
import type { Router } from 'express'
import type { EmailConfig } from '../channels/email/config.ts'
import { createMailSandbox } from '../channels/email/sandbox.ts'
import { sandboxInboxesKey } from './demo.ts'
import type { DeclaredRoute } from './http/route-table.ts'
import { createSandboxMailRouter, sandboxMailRouteTable } from './http/sandbox-mail.ts'
import { namedLog } from './lib/log.ts'
import { systemViewer } from './services/access/system-viewer.ts'
import type { ServiceContext } from './services/context.ts'
import { createInbox } from './services/inboxes/write-inbox.ts'
import { startSmtpListener } from './smtp-listener.ts'

/** The demo's mailbox, where customers of the sandbox write to. */
const demoAddress = 'hello@camellia.test'

/** The mail part of the demo. */
export interface DemoMail {
  readonly router: { readonly router: Router; readonly routes: readonly DeclaredRoute[] }
  /** Lets customers' mail in; after the hub listens. */
  connect(): Promise<void>
  stop(): Promise<void>
}

/** Starts the stand-in mail server and points the demo's mailbox at it, which is made where the demo has none yet. */
export async function startDemoMail(ctx: ServiceContext, allowedOrigins: string[]): Promise<DemoMail> {
  const sandbox = createMailSandbox({ now: () => ctx.clock.now(), log: namedLog(ctx.log, 'sandbox') })
  const { host, port } = await sandbox.start()
  allowedOrigins.push(`tcp://${host}:${port}`)
  const inboxId = (await demoMailbox(ctx)) ?? (await addDemoMailbox(ctx, host, port))
  if (inboxId !== null) await pointAt(ctx, inboxId, host, port)
  let listening: { stop(): Promise<void> } | null = null
  return {
    router: { router: createSandboxMailRouter(ctx, sandbox.mailboxes), routes: sandboxMailRouteTable },
    connect: async () => {
      if (inboxId === null) return
      const { name, config } = await ctx.inboxes.get(inboxId)
      const { address, displayName } = config as EmailConfig
      const inboxes = [{ address, name: displayName === '' ? name : displayName }]
      const place = ctx.config.smtpIn
      if (place !== null) return sandbox.connect({ host: '127.0.0.1', port: place.port, inboxes })
      const listener = await startSmtpListener(ctx, { host: '127.0.0.1', port: 0, name: 'camellia.test', tls: null })
      listening = listener
      sandbox.connect({ host: '127.0.0.1', port: listener.port, inboxes })
    },
    stop: async () => {
      await listening?.stop()
      await sandbox.stop()
    },
  }
}

/** The mailbox among the demo's inboxes. */
async function demoMailbox({ store }: ServiceContext): Promise<string | null> {
  const ids = await demoInboxIds({ store })
  const rows = await store.db.select({ id: store.t.inboxes.id }).from(store.t.inboxes).where(eq(store.t.inboxes.channel, 'email'))
  return rows.find(({ id }) => ids.includes(id))?.id ?? null
}

async function demoInboxIds({ store }: Pick<ServiceContext, 'store'>): Promise<string[]> {
  const [row] = await store.db.select().from(store.t.settings).where(eq(store.t.settings.key, sandboxInboxesKey))
  return Array.isArray(row?.value) ? row.value.filter((id): id is string => typeof id === 'string') : []
}

/** Only a demo centre gets one; a centre of its own that was started with the sandbox does not. */
async function addDemoMailbox(ctx: ServiceContext, host: string, port: number): Promise<string | null> {
  const { store } = ctx
  const ids = await demoInboxIds(ctx)
  const [queue] = await store.db.select({ id: store.t.queues.id }).from(store.t.queues).orderBy(asc(store.t.queues.id)).limit(1)
  if (ids.length === 0 || queue === undefined || ctx.config.production) return null
  const inbox = await createInbox(ctx, systemViewer, {
    channel: 'email',
    name: '山茶信箱',
    queueId: queue.id,
    locale: 'zh-TW',
    enabled: true,
    restricted: false,
    memberIds: [],
    reopenWindowMs: 3 * 86_400_000,
    config: {
      address: demoAddress,
      displayName: '山茶茶行',
      signature: '<p>山茶茶行 Camellia Tea House<br>台北市大稻埕</p>',
      receive: 'smtp',
      smtpHost: host,
      smtpPort: port,
      smtpSecurity: 'none',
      undoSendSeconds: 5,
    },
  })
  await store.tx((tx) =>
    tx.db
      .update(tx.t.settings)
      .set({ value: [...ids, inbox.id] })
      .where(eq(tx.t.settings.key, sandboxInboxesKey)),
  )
  return inbox.id
}

/** The stand-in listens on a free port, another at each start. */
async function pointAt(ctx: ServiceContext, inboxId: string, host: string, port: number): Promise<void> {
  await ctx.store.tx(async (tx) => {
    const { inboxes } = tx.t
    const [row] = await tx.db.select({ config: inboxes.config }).from(inboxes).where(eq(inboxes.id, inboxId))
    if (row === undefined) return
    await tx.db
      .update(inboxes)
      .set({ config: { ...row.config, smtpHost: host, smtpPort: port, smtpSecurity: 'none' } })
      .where(eq(inboxes.id, inboxId))
  })
  await ctx.inboxes.forget(inboxId)
}
