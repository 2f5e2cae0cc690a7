import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import type { Readable } from 'node:stream'
import { SMTPServer } from 'smtp-server'
import type { MailAddress } from '../../src/wire/mail.ts'
import type { CustomerMail, Mailbox, MailboxEntry, Mailboxes, MailboxThread } from '../../src/wire/mailbox.ts'
import { composeCustomerMail } from './sandbox/compose.ts'
import { type ReadMail, readCentreMail } from './sandbox/read.ts'
import { sendBySmtp } from './send-smtp.ts'

/** What the stand-in mail server is made from. */
export interface MailSandboxOptions {
  /** Epoch ms. */
  readonly now: () => number
  readonly log: { warn(fields: object, message: string): void }
}

/** A mail server of the world outside: it takes what the centre sends to customers, and sends what customers write. */
export interface MailSandbox {
  /** Listens on loopback on a free port. */
  start(): Promise<{ readonly host: string; readonly port: number }>
  stop(): Promise<void>
  /** Where the centre takes mail, and under which addresses. */
  connect(centre: { readonly host: string; readonly port: number; readonly inboxes: readonly MailAddress[] }): void
  readonly mailboxes: CustomerMailboxes
  /** Raw mails taken, newest last; at most 500. */
  taken(): readonly TakenBySandbox[]
}

/** A mail the centre sent, as it came. */
export interface TakenBySandbox {
  readonly to: readonly string[]
  readonly raw: Buffer
}

/** The customers' side, for a page that shows it. Unknown mailboxes are null. */
export interface CustomerMailboxes {
  list(): Mailboxes
  thread(address: string): MailboxThread | null
  add(mailbox: { readonly address: string; readonly name: string }): Mailbox
  write(address: string, mail: CustomerMail): Promise<MailboxThread | null>
  file(id: string): { readonly name: string; readonly mime: string; readonly bytes: Buffer } | null
  onChange(listener: (address: string) => void): () => void
}

interface KeptEntry extends MailboxEntry {
  readonly messageId: string
  readonly references: readonly string[]
  /** Where the centre wants answers. */
  readonly replyTo: string | null
}

interface Box {
  readonly address: string
  name: string
  readonly entries: KeptEntry[]
}

interface World {
  readonly options: MailSandboxOptions
  readonly boxes: Map<string, Box>
  readonly files: Map<string, { name: string; mime: string; bytes: Buffer }>
  readonly taken: TakenBySandbox[]
  readonly listeners: Set<(address: string) => void>
  centre: { host: string; port: number; inboxes: readonly MailAddress[] } | null
}

const maxEntries = 200
const maxBoxes = 100
const maxTaken = 500
const maxFiles = 300
const maxMailBytes = 40 * 1024 * 1024
const sendTimeoutMs = 20_000

/** Customers the demo begins with. */
const firstCustomers = [
  { address: 'mei.chen@example.com', name: '陳小美' },
  { address: 'kenji.tanaka@example.jp', name: '田中健二' },
]

/** Makes the stand-in mail server. It speaks SMTP both ways, so that the hub's own mail code is what runs; nothing of it lasts. */
export function createMailSandbox(options: MailSandboxOptions): MailSandbox {
  const world: World = { options, boxes: new Map(), files: new Map(), taken: [], listeners: new Set(), centre: null }
  for (const customer of firstCustomers) boxOf(world, customer.address, customer.name)
  const server = serverFor(world)
  return {
    start: () =>
      new Promise((resolve, reject) => {
        server.once('error', reject)
        const listener = server.listen(0, '127.0.0.1', () => resolve({ host: '127.0.0.1', port: (listener.address() as AddressInfo).port }))
      }),
    stop: () => new Promise((resolve) => server.close(() => resolve())),
    connect: (centre) => {
      world.centre = { ...centre }
    },
    mailboxes: mailboxesOf(world),
    taken: () => world.taken,
  }
}

function serverFor(world: World): SMTPServer {
  return new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    logger: false,
    size: maxMailBytes,
    banner: 'stand-in mail server',
    onData: (stream, session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => void chunks.push(chunk))
      stream.once('error', done)
      stream.once('end', () => {
        if (stream.sizeExceeded) return done(Object.assign(new Error('5.3.4 Message too large'), { responseCode: 552 }))
        const to = session.envelope.rcptTo.map(({ address }) => address)
        deliver(world, to, Buffer.concat(chunks)).then(
          () => done(),
          (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
        )
      })
    },
  })
}

async function deliver(world: World, to: readonly string[], raw: Buffer): Promise<void> {
  keep(world.taken, { to, raw }, maxTaken)
  const mail = await readCentreMail(raw)
  for (const address of to) {
    const box = boxOf(world, address, mail.to.find((one) => one.address.toLowerCase() === address.toLowerCase())?.name ?? address)
    keep(box.entries, entryOf(world, mail), maxEntries)
    told(world, box.address)
  }
}

function entryOf(world: World, mail: ReadMail): KeptEntry {
  const { from, to, subject, text, html, messageId, references, replyTo } = mail
  const files = mail.files.map((file) => {
    const id = randomUUID()
    world.files.set(id, file)
    return { id, name: file.name, mime: file.mime, bytes: file.bytes.length }
  })
  for (const id of [...world.files.keys()].slice(0, Math.max(0, world.files.size - maxFiles))) world.files.delete(id)
  const at = world.options.now()
  return {
    id: randomUUID(),
    at,
    by: 'centre',
    from,
    to,
    subject,
    text,
    html,
    files,
    delivery: null,
    refusal: null,
    messageId,
    references,
    replyTo,
  }
}

function mailboxesOf(world: World): CustomerMailboxes {
  return {
    list: () => ({
      now: world.options.now(),
      inboxes: [...(world.centre?.inboxes ?? [])],
      mailboxes: [...world.boxes.values()].map(shownBox),
    }),
    thread: (address) => threadOf(world, address),
    add: ({ address, name }) => shownBox(boxOf(world, address, name)),
    write: async (address, mail) => {
      const box = world.boxes.get(address.toLowerCase())
      if (box === undefined) return null
      await write(world, box, mail)
      return threadOf(world, address)
    },
    file: (id) => world.files.get(id) ?? null,
    onChange: (listener) => {
      world.listeners.add(listener)
      return () => void world.listeners.delete(listener)
    },
  }
}

/** Sends to the centre; an answer goes where the mail that is answered wants it. */
async function write(world: World, box: Box, mail: CustomerMail): Promise<void> {
  const answered = box.entries.find(({ id }) => id === mail.answers) ?? null
  const to = answered?.replyTo ?? mail.to
  const written = composeCustomerMail({
    from: { address: box.address, name: box.name },
    to,
    mail,
    answered: answered === null ? null : { messageId: answered.messageId, references: answered.references },
    at: world.options.now(),
  })
  const shown = {
    from: { address: box.address, name: box.name },
    to: [{ address: to, name: null }],
    subject: mail.subject,
    text: mail.text,
  }
  const entry: KeptEntry = {
    ...entryOf(world, {
      ...shown,
      html: mail.html,
      files: written.files,
      messageId: written.messageId,
      references: written.references,
      replyTo: null,
    }),
    by: 'customer',
    delivery: 'waiting',
  }
  keep(box.entries, entry, maxEntries)
  told(world, box.address)
  const refusal = await handOver(world, box.address, to, written.raw)
  const at = box.entries.indexOf(entry)
  if (at !== -1) box.entries[at] = { ...entry, delivery: refusal === null ? 'taken' : 'failed', refusal }
  told(world, box.address)
}

/** @returns the server's words where it did not take the mail. */
async function handOver(world: World, from: string, to: string, raw: Readable): Promise<string | null> {
  const { centre } = world
  if (centre === null) return 'The centre takes no mail.'
  const server = { host: centre.host, port: centre.port, security: 'none', auth: null, clientName: 'customers.test' } as const
  const outcome = await sendBySmtp(server, { from, to: [to] }, raw, AbortSignal.timeout(sendTimeoutMs))
  if (outcome.status === 'taken') return null
  world.options.log.warn({ outcome }, 'the centre did not take a customer’s mail')
  return outcome.status === 'refused' ? outcome.reply : outcome.words
}

function boxOf(world: World, address: string, name: string): Box {
  const folded = address.toLowerCase()
  const known = world.boxes.get(folded)
  if (known !== undefined) return known
  const [oldest] = world.boxes.keys()
  if (world.boxes.size >= maxBoxes && oldest !== undefined) world.boxes.delete(oldest)
  const box: Box = { address: folded, name, entries: [] }
  world.boxes.set(folded, box)
  return box
}

function shownBox({ address, name, entries }: Box): Mailbox {
  const newest = entries.at(-1)
  return { address, name, newest: newest === undefined ? null : shownEntry(newest) }
}

function threadOf(world: World, address: string): MailboxThread | null {
  const box = world.boxes.get(address.toLowerCase())
  return box === undefined ? null : { now: world.options.now(), mailbox: shownBox(box), entries: box.entries.map(shownEntry) }
}

function shownEntry({ messageId: _id, references: _chain, replyTo: _replyTo, ...entry }: KeptEntry): MailboxEntry {
  return entry
}

function keep<T>(list: T[], item: T, max: number): void {
  list.push(item)
  if (list.length > max) list.shift()
}

function told(world: World, address: string): void {
  for (const listener of world.listeners) listener(address)
}
