import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import type { SMTPServer, SMTPServerDataStream, SMTPServerSession } from 'smtp-server'
import { AppError } from '../../src/lib/errors.ts'
import type { ChannelKit, RawPayload } from '../contract.ts'
import { type MailPayload, withoutBytes } from './payload.ts'
import { plainAddress } from './read-headers.ts'

/** Recipients of one mail, connections at once, and how long a client may be silent (RFC 5321 §4.5.3.2 asks for 5 minutes). */
const maxRecipients = 100
const maxClients = 200
const silenceTimeoutMs = 300_000

/** What the listener asks of the hub. */
export interface SmtpInOptions {
  readonly host: string
  readonly port: number
  /** Name it greets with. */
  readonly name: string
  /** PEM; null offers no STARTTLS. */
  readonly tls: { readonly cert: string; readonly key: string } | null
  readonly maxBytes: number
  now(): number
  /** The inbox that receives mail for an address by SMTP, or null. @throws when that cannot be told now. */
  inboxFor(recipient: string): Promise<string | null>
  /** Whether a client may hand over one more mail now. */
  allows(clientIp: string): Promise<boolean>
  readonly blobs: ChannelKit['blobs']
  /** Stores a mail in each inbox; resolves when it is safe there. @throws when it is not: the client comes again. */
  deliver(inboxId: string, payload: RawPayload): Promise<void>
  readonly log: ChannelKit['log']
}

/** The listener. */
export interface SmtpIn {
  readonly port: number
  /** Waits for mails under way. Idempotent. */
  stop(): Promise<void>
}

interface Refusal extends Error {
  responseCode?: number
}

/**
 * Takes mail by SMTP for the inboxes that receive that way, as a forwarding target or as the domain's mail exchanger. It
 * answers the final dot with 250 when the mail is stored, and with 451 when it cannot be, so that nothing is lost between
 * two servers; a client that comes again because our answer was lost doubles nothing. It relays nothing.
 */
export async function startSmtpIn(options: SmtpInOptions): Promise<SmtpIn> {
  const { SMTPServer } = await import('smtp-server')
  const underWay = new Set<Promise<void>>()
  const targets = new WeakMap<SMTPServerSession, Map<string, string>>()
  const server = new SMTPServer({
    name: options.name,
    banner: 'Onequeue',
    size: options.maxBytes,
    authOptional: true,
    disabledCommands: options.tls === null ? ['AUTH', 'STARTTLS'] : ['AUTH'],
    ...(options.tls === null ? {} : { ...options.tls, minVersion: 'TLSv1.2' as const }),
    disableReverseLookup: true,
    maxClients,
    socketTimeout: silenceTimeoutMs,
    closeTimeout: 5_000,
    logger: false,
    onMailFrom: (_address, session, done) => {
      targets.delete(session)
      done()
    },
    onRcptTo: (address, session, done) => {
      acceptRecipient(options, targets, address.address, session).then(() => done(), done)
    },
    onData: (stream, session, done) => {
      const work = take(options, stream, session, targets.get(session) ?? new Map())
      underWay.add(work)
      work
        .then(
          () => done(),
          (error: unknown) => done(answerTo(options, error)),
        )
        .finally(() => underWay.delete(work))
    },
  })
  server.on('error', (error) => options.log.info({ err: error }, 'SMTP client broke off'))
  const port = await listening(server, options)
  return {
    port,
    stop: async () => {
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await Promise.allSettled(underWay)
    },
  }
}

function listening(server: SMTPServer, { port, host }: SmtpInOptions): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    const listener = server.listen(port, host, () => {
      server.off('error', reject)
      const address = listener.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}

async function acceptRecipient(
  options: SmtpInOptions,
  targets: WeakMap<SMTPServerSession, Map<string, string>>,
  given: string,
  session: SMTPServerSession,
): Promise<void> {
  const known = targets.get(session) ?? new Map<string, string>()
  if (known.size >= maxRecipients) throw refusal(452, 'Too many recipients')
  const recipient = plainAddress(given)
  let inboxId: string | null
  try {
    if (!(await options.allows(session.remoteAddress))) throw refusal(450, 'Too much mail from here; try again later')
    inboxId = recipient === null ? null : await options.inboxFor(recipient)
  } catch (error) {
    throw answerTo(options, error)
  }
  if (recipient === null || inboxId === null) throw refusal(550, 'No such mailbox here')
  targets.set(session, known.set(recipient, inboxId))
}

/** Stores the bytes once for each inbox, with the recipients that lead there. */
async function take(
  options: SmtpInOptions,
  stream: SMTPServerDataStream,
  session: SMTPServerSession,
  targets: ReadonlyMap<string, string>,
): Promise<void> {
  const from = session.envelope.mailFrom === false ? '' : session.envelope.mailFrom.address
  const inboxIds = [...new Set(targets.values())]
  const [first, ...more] = inboxIds
  if (first === undefined) throw refusal(554, 'No recipients')
  const stored = await options.blobs.put(stream as Readable, options.maxBytes)
  if (stream.sizeExceeded) {
    await options.blobs.delete(stored.key)
    throw refusal(552, 'The mail is larger than is taken here')
  }
  const receivedAt = options.now()
  for (const [at, inboxId] of [first, ...more].entries()) {
    const blob = at === 0 ? stored.key : await copyOf(options, stored.key)
    const to = [...targets].flatMap(([recipient, inbox]) => (inbox === inboxId ? [recipient] : []))
    await options.deliver(inboxId, payloadOf(options, { from, to, receivedAt, bytes: stored.bytes, sha256: stored.sha256, blob }))
  }
}

/** Each inbox has bytes of its own, so that forgetting one's takes none from the other. */
async function copyOf({ blobs, maxBytes }: SmtpInOptions, key: string): Promise<string> {
  return (await blobs.put(await blobs.get(key), maxBytes)).key
}

interface Taken {
  readonly from: string
  readonly to: readonly string[]
  readonly receivedAt: number
  readonly bytes: number
  readonly sha256: string
  readonly blob: string
}

function payloadOf(options: SmtpInOptions, { from, to, receivedAt, bytes, sha256, blob }: Taken): RawPayload {
  const payload: MailPayload = {
    kind: 'mail',
    via: 'smtp',
    receivedAt,
    spam: false,
    writtenAfter: 0,
    cut: false,
    bytes,
    envelope: { from, to: [...to] },
    blob,
  }
  // A client that did not hear our 250 sends the very same bytes from and for the same.
  const key = createHash('sha256')
    .update(JSON.stringify([sha256, from, [...to].toSorted()]))
    .digest('hex')
  return {
    externalId: `smtp:${key}`,
    raw: JSON.stringify(payload),
    rawWhenRepeated: withoutBytes(payload),
    discard: () => void options.blobs.delete(blob).catch(() => undefined),
  }
}

function answerTo(options: SmtpInOptions, error: unknown): Refusal {
  if (isRefusal(error)) return error
  if (error instanceof AppError && error.kind === 'too_large') return refusal(552, 'The mail is larger than is taken here')
  options.log.warn({ err: error }, 'a mail could not be stored; its sender is asked to come again')
  return refusal(451, 'The mail cannot be stored at the moment; try again later')
}

function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && 'responseCode' in error && typeof error.responseCode === 'number'
}

function refusal(code: number, words: string): Refusal {
  return Object.assign(new Error(words), { responseCode: code })
}
