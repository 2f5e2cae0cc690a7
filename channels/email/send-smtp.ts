import { PassThrough, type Readable } from 'node:stream'
import type { ConnectionOptions } from 'node:tls'
import SmtpConnection from 'nodemailer/lib/smtp-connection'
import XOAuth2 from 'nodemailer/lib/xoauth2'

/** How to reach and enter an SMTP server. */
export interface SmtpServer {
  /** Name or address to connect to. */
  readonly host: string
  /** The name its certificate must be for, where `host` is an address. */
  readonly serverName?: string
  readonly port: number
  /** `starttls` refuses a server that does not offer it; `none` is for loopback and trusted networks. */
  readonly security: 'tls' | 'starttls' | 'none'
  readonly auth:
    | { readonly type: 'password'; readonly user: string; readonly password: string }
    | { readonly type: 'oauth2'; readonly user: string; readonly accessToken: string }
    | null
  /** Host name told in EHLO. */
  readonly clientName?: string
  readonly tls?: ConnectionOptions
}

/** Who a message goes to on the wire; Bcc recipients stand here and nowhere else. */
export interface SmtpEnvelope {
  /** Empty for the null sender of automatic answers (RFC 3834 §3.3). */
  readonly from: string
  readonly to: readonly string[]
}

/** A recipient the server did not take while it took others. */
export interface RefusedRecipient {
  readonly address: string
  readonly reply: string
}

/** How handing a message over ended. */
export type SmtpOutcome =
  | { readonly status: 'taken'; readonly reply: string; readonly refused: readonly RefusedRecipient[] }
  /** The server said no: 4xx for now, 5xx for good. */
  | { readonly status: 'refused'; readonly at: 'login' | 'envelope' | 'message'; readonly code: number; readonly reply: string }
  /** No conversation came about, or it broke off before the whole message was handed over. */
  | { readonly status: 'unreachable'; readonly why: 'connection' | 'timeout' | 'tls' | 'login'; readonly words: string }
  /** It broke off after the final dot may have been sent: nobody knows whether the message was taken. */
  | { readonly status: 'unknown'; readonly words: string }
  /** What was to be sent could not be read; nothing was handed over whole. */
  | { readonly status: 'unreadable'; readonly words: string }

/** Times after which a silent server is given up, milliseconds. They end before a send as a whole does. */
const connectTimeoutMs = 10_000
const silenceTimeoutMs = 150_000

interface SmtpError extends Error {
  readonly code?: string
  readonly command?: string
  readonly responseCode?: number
  readonly response?: string
}

/**
 * Hands one message to an SMTP server over a connection of its own and tells how it ended; never throws. A connection
 * that breaks before the message was read to its end cannot have delivered the final dot (RFC 5321 §4.1.1.4); one that
 * breaks later may have.
 * @param signal cuts the connection; the outcome then depends on how far it was.
 */
export async function sendBySmtp(server: SmtpServer, envelope: SmtpEnvelope, message: Readable, signal: AbortSignal): Promise<SmtpOutcome> {
  const progress = { handedOver: false }
  const connection = new SmtpConnection(optionsOf(server))
  let fail: (error: SmtpError) => void = () => undefined
  const broken = new Promise<never>((_resolve, reject) => {
    fail = reject
  })
  broken.catch(() => undefined)
  connection.on('error', (error: SmtpError) => fail(error))
  connection.on('end', () => fail(new Error('The connection was closed.')))
  const cut = () => {
    fail(Object.assign(new Error('The sending was cut off.'), { code: 'EABORT' }))
    connection.close()
  }
  signal.addEventListener('abort', cut, { once: true })
  try {
    if (signal.aborted) return { status: 'unreachable', why: 'timeout', words: 'The send was given up before it began.' }
    return await Promise.race([converse(connection, server, envelope, message, progress), broken])
  } catch (error) {
    return outcomeOf(error as SmtpError, progress.handedOver)
  } finally {
    signal.removeEventListener('abort', cut)
    message.destroy()
    connection.close()
  }
}

/** Connects and logs in, and says nothing more; for checking settings. Never throws. */
export async function trySmtp(
  server: SmtpServer,
  signal: AbortSignal,
): Promise<Exclude<SmtpOutcome, { status: 'taken' }> | { status: 'entered' }> {
  const connection = new SmtpConnection(optionsOf(server))
  const broken = new Promise<never>((_resolve, reject) => {
    connection.on('error', reject)
    signal.addEventListener('abort', () => reject(new Error('The server did not answer in time.')), { once: true })
  })
  broken.catch(() => undefined)
  try {
    await Promise.race([enter(connection, server), broken])
    return { status: 'entered' }
  } catch (error) {
    const outcome = outcomeOf(error as SmtpError, false)
    return outcome.status === 'taken' ? { status: 'unknown', words: '' } : outcome
  } finally {
    connection.close()
  }
}

function optionsOf(server: SmtpServer): ConstructorParameters<typeof SmtpConnection>[0] {
  return {
    host: server.host,
    port: server.port,
    secure: server.security === 'tls',
    requireTLS: server.security === 'starttls',
    ignoreTLS: server.security === 'none',
    connectionTimeout: connectTimeoutMs,
    greetingTimeout: connectTimeoutMs,
    dnsTimeout: connectTimeoutMs,
    socketTimeout: silenceTimeoutMs,
    maxResponseSize: 64 * 1024,
    allowInternalNetworkInterfaces: true,
    ...(server.serverName === undefined ? {} : { servername: server.serverName }),
    ...(server.clientName === undefined ? {} : { name: server.clientName }),
    tls: { minVersion: 'TLSv1.2', ...server.tls },
  }
}

/** The error of the log-in step, told apart from one of the connection. */
class LoginRefused extends Error {
  readonly smtp: SmtpError
  constructor(smtp: SmtpError) {
    super(smtp.message)
    this.smtp = smtp
  }
}

async function enter(connection: InstanceType<typeof SmtpConnection>, { auth }: SmtpServer): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    connection.connect((error?: Error | null) => (error ? reject(error) : resolve()))
  })
  if (auth === null) return
  const credentials =
    auth.type === 'password'
      ? { user: auth.user, pass: auth.password }
      : { type: 'OAUTH2', method: 'XOAUTH2', user: auth.user, oauth2: new XOAuth2({ user: auth.user, accessToken: auth.accessToken }) }
  await new Promise<void>((resolve, reject) => {
    connection.login(credentials, (error?: Error | null) => (error ? reject(new LoginRefused(error)) : resolve()))
  })
}

async function converse(
  connection: InstanceType<typeof SmtpConnection>,
  server: SmtpServer,
  { from, to }: SmtpEnvelope,
  message: Readable,
  progress: { handedOver: boolean },
): Promise<SmtpOutcome> {
  await enter(connection, server)
  const watched = new PassThrough()
  watched.once('end', () => {
    progress.handedOver = true
  })
  message.once('error', (error) => watched.destroy(error))
  message.pipe(watched)
  const info = await new Promise<{ response?: string | undefined; rejectedErrors?: readonly SmtpError[] | undefined }>(
    (resolve, reject) => {
      connection.send({ from: from === '' ? false : from, to: [...to] }, watched, (error, sent) => (error ? reject(error) : resolve(sent)))
    },
  )
  connection.quit()
  const refused = (info.rejectedErrors ?? []).map((error) => ({
    address: 'recipient' in error && typeof error.recipient === 'string' ? error.recipient : '',
    reply: error.response ?? error.message,
  }))
  return { status: 'taken', reply: info.response ?? '', refused }
}

function outcomeOf(thrown: SmtpError | LoginRefused, handedOver: boolean): SmtpOutcome {
  const login = thrown instanceof LoginRefused
  const error = login ? thrown.smtp : thrown
  const words = wordsOf(error)
  if (error.code === 'ETLS' && !handedOver) return { status: 'unreachable', why: 'tls', words }
  if (error.responseCode !== undefined) {
    const at = login ? 'login' : error.command === 'DATA' && handedOver ? 'message' : 'envelope'
    return { status: 'refused', at, code: error.responseCode, reply: error.response ?? words }
  }
  if (handedOver) return { status: 'unknown', words }
  if (error.code === 'ESTREAM') return { status: 'unreadable', words }
  if (/certificate|self-signed|SSL|TLS/i.test(words)) return { status: 'unreachable', why: 'tls', words }
  if (login || error.code === 'EAUTH' || error.code === 'ENOAUTH') return { status: 'unreachable', why: 'login', words }
  return { status: 'unreachable', why: error.code === 'ETIMEDOUT' || error.code === 'EABORT' ? 'timeout' : 'connection', words }
}

/** Names of hosts and the server's words; nodemailer puts no credentials into its errors. */
function wordsOf(error: SmtpError): string {
  return error.message.replaceAll(/[\r\n]+/g, ' ').slice(0, 500)
}
