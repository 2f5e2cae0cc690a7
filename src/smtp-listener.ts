import { readFile } from 'node:fs/promises'
import { eq } from 'drizzle-orm'
import { defaultMaxMailBytes, type EmailConfig } from '../channels/email/config.ts'
import { type SmtpIn, startSmtpIn } from '../channels/email/smtp-in.ts'
import { isOwnRecipient } from '../channels/email/thread-address.ts'
import { limitKeyOfIp } from './lib/ip-key.ts'
import { namedLog } from './lib/log.ts'
import type { ServiceContext } from './services/context.ts'
import { acceptPayloads } from './services/deliveries/accept-delivery.ts'

/** Mails a client address may hand over, by minute. */
const mailsPerMinute = 600

/** The hub's own way in for mail. */
export interface SmtpListener extends SmtpIn {
  readonly host: string
}

/**
 * Starts the listener that takes mail for the inboxes that receive by SMTP, on the given place.
 * @throws whatever keeps it from listening, or an unreadable certificate.
 */
export async function startSmtpListener(
  ctx: ServiceContext,
  place: NonNullable<ServiceContext['config']['smtpIn']>,
): Promise<SmtpListener> {
  const limiter = ctx.limiters.limiter({ name: 'smtp-in', points: mailsPerMinute, windowSeconds: 60 })
  const listener = await startSmtpIn({
    host: place.host,
    port: place.port,
    name: place.name,
    tls: place.tls === null ? null : { cert: await readFile(place.tls.certFile, 'utf8'), key: await readFile(place.tls.keyFile, 'utf8') },
    maxBytes: defaultMaxMailBytes,
    now: () => ctx.clock.now(),
    inboxFor: (recipient) => inboxFor(ctx, recipient),
    allows: async (clientIp) => (await limiter.consume(limitKeyOfIp(clientIp))).allowed,
    blobs: {
      put: (source, maxBytes) => ctx.blobs.put(source, { maxBytes }),
      get: async (key) => (await ctx.blobs.get(key)).stream,
      delete: (key) => ctx.blobs.delete(key),
    },
    deliver: async (inboxId, payload) => {
      await acceptPayloads(ctx, await ctx.inboxes.get(inboxId), [payload])
    },
    log: namedLog(ctx.log, 'channel'),
  })
  return { ...listener, host: place.host }
}

/** The enabled inbox that receives mail for this address by SMTP. */
async function inboxFor(ctx: ServiceContext, recipient: string): Promise<string | null> {
  const { inboxes: t } = ctx.store.t
  const rows = await ctx.store.db.select({ id: t.id, enabled: t.enabled, config: t.config }).from(t).where(eq(t.channel, 'email'))
  const found = rows.find(({ enabled, config }) => {
    const settings = config as unknown as EmailConfig
    return enabled && settings.receive === 'smtp' && isOwnRecipient(settings, recipient)
  })
  return found?.id ?? null
}
