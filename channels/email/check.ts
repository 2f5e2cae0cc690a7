import { lookup } from 'node:dns/promises'
import { connect as connectTcp, isIP } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { ImapFlow } from 'imapflow'
import { AppError } from '../../src/lib/errors.ts'
import type { ChannelKit, CheckStep } from '../contract.ts'
import { type EmailConfig, userOf } from './config.ts'
import { connectImap, imapPlace } from './imap-connect.ts'
import { explainTrouble, type Place } from './imap-trouble.ts'
import { serverOf } from './outbound.ts'
import { trySmtp } from './send-smtp.ts'

/** How long each step may take, milliseconds. */
const stepTimeoutMs = 15_000

type Tokens = (signal: AbortSignal) => Promise<string>

/** Looks at a mailbox step by step, from its host names to the log-in for sending; stops a way at its first failure. */
export async function* checkMailbox(
  config: EmailConfig,
  kit: ChannelKit,
  accessToken: Tokens,
  signal: AbortSignal,
): AsyncGenerator<CheckStep> {
  if (config.auth === 'oauth2')
    yield await step('OAuth 2', null, async () => {
      await accessToken(signal)
      return 'The token server gives an access token.'
    })
  if (config.receive === 'imap') yield* checkImap(config, kit, accessToken, signal)
  else yield { name: 'IMAP', outcome: 'skipped', detail: 'This inbox does not read a mailbox over IMAP.' }
  yield* checkSmtp(config, kit, accessToken, signal)
}

async function* checkImap(config: EmailConfig, kit: ChannelKit, accessToken: Tokens, signal: AbortSignal): AsyncGenerator<CheckStep> {
  const place = imapPlace(config)
  if (yield* checkReach(place, kit)) return
  let client: ImapFlow | null = null
  try {
    const login = await step('IMAP log-in', place, async () => {
      client = await connectImap(config, kit, accessToken, signal)
      return `Logged in as ${userOf(config)}.`
    })
    yield login
    if (login.outcome === 'failed' || client === null) return
    yield* checkFolders(config, client, place)
  } finally {
    closeQuietly(client)
  }
}

function closeQuietly(client: ImapFlow | null): void {
  client?.close()
}

async function* checkFolders(config: EmailConfig, client: ImapFlow, place: Place): AsyncGenerator<CheckStep> {
  for (const path of [config.folder, ...(config.spamFolder === undefined ? [] : [config.spamFolder])]) {
    yield await step(`Folder ${path}`, { ...place, folder: path }, async () => {
      const status = await client.status(path, { messages: true, unseen: true })
      if (status === false) throw Object.assign(new Error('The folder does not exist.'), { mailboxMissing: true })
      return `It holds ${status.messages ?? 0} mails, ${status.unseen ?? 0} of them unread.`
    })
  }
  const idles = client.capabilities.has('IDLE')
  yield {
    name: 'IDLE',
    outcome: 'passed',
    detail: idles ? 'The server tells of new mail at once.' : `The server has no IDLE; it is asked every ${config.pollSeconds} seconds.`,
  }
}

async function* checkSmtp(config: EmailConfig, kit: ChannelKit, accessToken: Tokens, signal: AbortSignal): AsyncGenerator<CheckStep> {
  if (config.smtpHost === undefined) {
    yield { name: 'SMTP', outcome: 'skipped', detail: 'The settings name no SMTP host: this inbox cannot send.' }
    return
  }
  const { smtpHost } = config
  const place: Place = { what: 'SMTP', host: smtpHost, port: config.smtpPort, security: config.smtpSecurity }
  if (yield* checkReach(place, kit)) return
  yield await step('SMTP log-in', place, async () => {
    const server = await serverOf(config, smtpHost, kit, { accessToken }, signal)
    const outcome = await trySmtp(server, AbortSignal.any([signal, AbortSignal.timeout(stepTimeoutMs)]))
    if (outcome.status === 'entered')
      return server.auth === null ? 'The server takes us without a log-in.' : `Logged in as ${server.auth.user}.`
    throw new AppError('provider_rejected', 'reply' in outcome ? `The server answers: ${outcome.reply}` : `It breaks off: ${outcome.words}`)
  })
}

/** Host name, port and certificate. Returns whether one of them failed. */
async function* checkReach(place: Place, kit: Pick<ChannelKit, 'resolve'>): AsyncGenerator<CheckStep, boolean> {
  const { what, host, port, security } = place
  let address = host
  const dns = await step(`${what} host name`, place, async () => {
    const found = await lookup(host, { all: true })
    address = await kit.resolve(host, port)
    return `${host} is ${found.map((entry) => entry.address).join(', ')}.`
  })
  yield dns
  if (dns.outcome === 'failed') return true
  const tcp = await step(`${what} port`, place, async () => {
    await opened(connectTcp({ host: address, port }), 'connect')
    return `${host}:${port} answers.`
  })
  yield tcp
  if (tcp.outcome === 'failed') return true
  if (security !== 'tls') {
    const detail =
      security === 'starttls' ? 'TLS is begun by STARTTLS before the log-in.' : 'Without TLS: passwords and mail travel in the clear.'
    yield { name: `${what} certificate`, outcome: 'skipped', detail }
    return false
  }
  const tls = await step(`${what} certificate`, place, async () => {
    const socket = connectTls({ host: address, port, minVersion: 'TLSv1.2', ...(isIP(host) === 0 ? { servername: host } : {}) })
    const until = await opened(socket, 'secureConnect', () => socket.getPeerCertificate().valid_to)
    return `It is valid for ${host} until ${until}.`
  })
  yield tls
  return tls.outcome === 'failed'
}

/** Waits for an event of a socket, reads what is wanted, and closes it. */
function opened<T = void>(socket: ReturnType<typeof connectTcp>, event: string, read?: () => T): Promise<T | undefined> {
  return new Promise<T | undefined>((resolve, reject) => {
    socket.setTimeout(stepTimeoutMs, () => reject(Object.assign(new Error('No answer in time.'), { code: 'ETIMEDOUT' })))
    socket.once('error', reject)
    socket.once(event, () => resolve(read?.()))
  }).finally(() => socket.destroy())
}

async function step(name: string, place: Place | null, work: () => Promise<string>): Promise<CheckStep> {
  try {
    return { name, outcome: 'passed', detail: await work() }
  } catch (error) {
    const detail = place === null ? sentenceOf(error) : explainTrouble(error, place).detail
    return { name, outcome: 'failed', detail }
  }
}

function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
