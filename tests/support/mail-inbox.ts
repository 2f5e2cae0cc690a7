import { asc, eq } from 'drizzle-orm'
import { systemViewer } from '../../src/services/access/system-viewer.ts'
import { createInbox } from '../../src/services/inboxes/write-inbox.ts'
import { createQueue } from '../../src/services/queues/write-queue.ts'
import type { MailHead } from '../../src/wire/mail.ts'
import type { MessagePart } from '../../src/wire/messages.ts'
import { queueSettingsSchema } from '../../src/wire/queues.ts'
import { type Dovecot, mailPassword } from './dovecot.ts'
import type { TestHub } from './hub.ts'
import { until } from './until.ts'

/** A mail as it was stored. */
export interface StoredMail {
  readonly id: string
  readonly conversationId: string
  readonly subject: string
  readonly text: string
  readonly head: MailHead
  readonly parts: readonly MessagePart[]
  readonly authorName: string | null
  readonly deliveryId: string | null
}

/** A mail inbox of a test, with what came in through it. */
export interface MailInbox {
  readonly inboxId: string
  readonly address: string
  /** Mails of this inbox in the order they were stored. */
  stored(): Promise<StoredMail[]>
  /** Waits until so many are stored. */
  storedCount(count: number, limitMs?: number): Promise<StoredMail[]>
  deliveries(): Promise<{ id: string; status: string; externalId: string; raw: string; error: string | null }[]>
  health(): Promise<{ state: string; detail: string | null; since: number }>
  conversation(
    id: string,
  ): Promise<{ status: string; previousId: string | null; subject: string | null; threadKey: string; contactId: string }>
}

/** A queue of its own for the mail of a test. */
export async function mailQueue(hub: TestHub): Promise<string> {
  const { id } = await createQueue(hub.ctx, systemViewer, {
    name: `mail ${Math.random().toString(36).slice(2, 12)}`,
    enabled: true,
    settings: queueSettingsSchema.parse({}),
    memberIds: [],
  })
  return id
}

/** Where a test server is reached, as hubs may be allowed to. */
export function originOf(server: { readonly port: number }): string {
  return `tcp://127.0.0.1:${server.port}`
}

/** Settings that read a user of a test Dovecot over a plain connection. */
export function imapConfig(dovecot: Dovecot, user: string, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    address: `${user}@desk.example`,
    imapHost: '127.0.0.1',
    imapPort: dovecot.port,
    imapSecurity: 'none',
    user,
    password: mailPassword,
    firstImportDays: 36_500,
    ...more,
  }
}

/** Connects a mailbox by the use case an administrator would use. */
export async function makeMailInbox(hub: TestHub, config: Readonly<Record<string, unknown>>, queueId?: string): Promise<MailInbox> {
  const address = String(config['address'])
  const { id: inboxId } = await createInbox(hub.ctx, systemViewer, {
    channel: 'email',
    name: address,
    queueId: queueId ?? (await mailQueue(hub)),
    locale: 'en',
    enabled: true,
    restricted: false,
    memberIds: [],
    reopenWindowMs: 3 * 86_400_000,
    config: { ...config },
  })
  const { store } = hub.ctx
  const stored = async () => {
    const { messages: m } = store.t
    const rows = await store.db.select().from(m).where(eq(m.inboxId, inboxId)).orderBy(asc(m.id))
    return rows.flatMap((row) => (row.mail === null || row.direction !== 'in' ? [] : [mailOf(row, row.mail)]))
  }
  return {
    inboxId,
    address,
    stored,
    storedCount: (count, limitMs) =>
      until(
        `${count} mails of ${address} are stored`,
        async () => {
          const found = await stored()
          return found.length >= count ? found : null
        },
        limitMs,
      ),
    deliveries: async () => {
      const { deliveries: d } = store.t
      return store.db.select().from(d).where(eq(d.inboxId, inboxId)).orderBy(asc(d.id))
    },
    health: async () => {
      const { inboxes: t } = store.t
      const [row] = await store.db.select({ health: t.health }).from(t).where(eq(t.id, inboxId))
      if (row === undefined) throw new Error('The inbox is gone.')
      return row.health
    },
    conversation: async (id) => {
      const { conversations: c } = store.t
      const [row] = await store.db.select().from(c).where(eq(c.id, id))
      if (row === undefined) throw new Error('There is no such conversation.')
      return row
    },
  }
}

function mailOf(
  row: { id: string; conversationId: string; parts: MessagePart[]; authorName: string | null; deliveryId: string | null },
  head: MailHead,
): StoredMail {
  const text = row.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('\n')
  const { id, conversationId, parts, authorName, deliveryId } = row
  return { id, conversationId, subject: head.subject, text, head, parts, authorName, deliveryId }
}

let mails = 0

/** What a test's mail differs in. Headers are given as they stand on the wire. */
export interface MailGiven {
  readonly from?: string
  readonly to?: string
  readonly subject?: string
  readonly messageId?: string | null
  readonly headers?: readonly string[]
  readonly text?: string
  readonly date?: string
}

/** A plain mail; what is left out is usual. */
export function mailText(given: MailGiven = {}): string {
  mails += 1
  const { from = 'Chen Wei <chen@shop.example>', to = 'support@desk.example', subject = `question ${mails}` } = given
  const messageId = given.messageId === undefined ? `<m${mails}.${process.pid}@shop.example>` : given.messageId
  return [
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${subject}`,
    `Date: ${given.date ?? 'Mon, 05 Jan 2026 10:00:00 +0800'}`,
    ...(messageId === null ? [] : [`Message-ID: ${messageId}`]),
    ...(given.headers ?? []),
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    given.text ?? `body of mail ${mails}`,
    '',
  ].join('\r\n')
}
