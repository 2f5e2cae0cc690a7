import type { ImapFlow } from 'imapflow'
import { errorKinds, kindOf } from '../../src/lib/errors.ts'
import { type BackOff, retryDelayMs } from '../../src/lib/retry.ts'
import type { ChannelKit, Ear, RawPayload } from '../contract.ts'
import type { EmailConfig } from './config.ts'
import { connectImap, imapPlace } from './imap-connect.ts'
import { batchesOf, type Folder, fetchBatch, listWaiting, unfetchable } from './imap-fetch.ts'
import { type FolderState, findFolder, readState } from './imap-folder.ts'
import { explainTrouble } from './imap-trouble.ts'
import { waitForNews } from './imap-wait.ts'

/** Pauses between attempts to connect. */
const backOff: BackOff = { firstMs: 1_000, factor: 2, maxMs: 120_000, jitter: 0.5 }
/** How long a server is left alone after something that waiting does not mend: many lock out who asks too often. */
const lastingPauseMs = 10 * 60_000
/** Failures at one mail after which it is asked for alone, and after which it is passed over. */
const aloneAfter = 2
const passOverAfter = 4

/** What the listener of one folder is made of. */
export interface FolderListener {
  readonly config: EmailConfig
  readonly kit: ChannelKit
  readonly ear: Ear
  readonly path: string
  readonly spam: boolean
  accessToken(signal: AbortSignal): Promise<string>
  /** Tells how this folder does; null for well. */
  report(trouble: { readonly state: 'degraded' | 'auth_failed'; readonly detail: string } | null): Promise<void>
}

/** Reads one folder until the ear's signal aborts, over as many connections as it takes. */
export async function listenToFolder(listener: FolderListener): Promise<void> {
  const { ear, kit, config, path } = listener
  const stuck: Stuck = { uid: 0, failures: 0 }
  let failures = 0
  while (!ear.signal.aborted) {
    try {
      await readConnection(listener, stuck, () => {
        failures = 0
      })
    } catch (error) {
      if (ear.signal.aborted) return
      failures += 1
      const ours = kindOf(error) === 'unavailable'
      const trouble = explainTrouble(error, { ...imapPlace(config), folder: path })
      kit.log.warn({ err: error, folder: path, failures }, 'reading the mailbox failed')
      if (!ours && (trouble.lasting || failures > 1)) {
        await listener.report({ state: trouble.state === 'auth_failed' ? 'auth_failed' : 'degraded', detail: trouble.detail })
      }
      await pause(kit, trouble.lasting ? lastingPauseMs : retryDelayMs(backOff, failures, Math.random()), ear.signal)
    }
  }
}

/** The mail that fetching broke at, and how often. */
interface Stuck {
  uid: number
  failures: number
}

async function readConnection(listener: FolderListener, stuck: Stuck, onWell: () => void): Promise<void> {
  const { config, kit, ear, path } = listener
  const client = await connectImap(config, kit, listener.accessToken, ear.signal)
  try {
    const opened = await findFolder(client, ear, path)
    const mailbox = await client.mailboxOpen(opened.path, { readOnly: !config.markSeen })
    let state = await readState(client, ear, path, mailbox, config, kit.now())
    await listener.report(opened.renamed ? renamedTo(path, opened.path) : null)
    while (!ear.signal.aborted) {
      const news = waitForNews(client, kit, config, ear.signal)
      try {
        if (mailboxOf(client).exists > 0) state = await catchUp(client, listener, state, stuck)
        onWell()
        await news.next()
      } finally {
        news.end()
      }
    }
  } finally {
    await leave(client)
  }
}

function mailboxOf(client: ImapFlow): { readonly exists: number } {
  return client.mailbox === false ? { exists: 0 } : client.mailbox
}

function renamedTo(path: string, found: string): { state: 'degraded'; detail: string } {
  return {
    state: 'degraded',
    detail: `The folder "${path}" is now called "${found}" and is still read; enter its new name in the settings.`,
  }
}

/** Stores what waits, in the order of uids. The next batch is on its way while one is stored. */
async function catchUp(client: ImapFlow, listener: FolderListener, state: FolderState, stuck: Stuck): Promise<FolderState> {
  const { config, kit, ear, path, spam } = listener
  const folder: Folder = { config, kit, path, uidValidity: state.uidValidity, spam, writtenAfter: state.again ? state.floor : 0 }
  const waiting = await listWaiting(client, state.lastUid)
  const wanted = waiting.filter(({ receivedAt }) => !state.again || receivedAt === 0 || receivedAt >= state.floor)
  const batches = batchesOf(wanted, stuck.failures >= aloneAfter ? 1 : undefined)
  let lastUid = state.lastUid
  const fetch = (batch: (typeof batches)[number] | undefined) =>
    batch === undefined ? null : hold(fetchOrPass(client, folder, batch, stuck))
  let next = fetch(batches[0])
  for (const [at, batch] of batches.entries()) {
    const payloads = (await next?.value()) ?? []
    next = fetch(batches[at + 1])
    lastUid = batch.at(-1)?.uid ?? lastUid
    await store(ear, path, { ...state, lastUid }, payloads)
    if (config.markSeen && payloads.length > 0)
      await markSeen(
        client,
        batch.map(({ uid }) => uid),
      )
  }
  const end: FolderState = { ...state, lastUid: waiting.at(-1)?.uid ?? lastUid, again: false }
  if (end.lastUid !== lastUid || end.again !== state.again) await ear.moveCursor({ name: cursorName(path), value: { ...end } })
  return end
}

/** Keeps a promise whose failure is looked at later from counting as unhandled meanwhile. */
function hold<T>(promise: Promise<T>): { value(): Promise<T> } {
  promise.catch(() => undefined)
  return { value: () => promise }
}

async function fetchOrPass(
  client: ImapFlow,
  folder: Folder,
  batch: readonly { uid: number; bytes: number; receivedAt: number }[],
  stuck: Stuck,
): Promise<RawPayload[]> {
  const uid = batch[0]?.uid ?? 0
  if (batch.length === 1 && stuck.uid === uid && stuck.failures >= passOverAfter) {
    return [unfetchable(folder, uid, `The server could not hand this mail over in ${stuck.failures} attempts.`)]
  }
  try {
    const payloads = await fetchBatch(client, folder, batch)
    if (stuck.uid <= uid) Object.assign(stuck, { uid: 0, failures: 0 })
    return payloads
  } catch (error) {
    if (!errorKinds[kindOf(error)].retried || kindOf(error) === 'provider_unavailable') {
      Object.assign(stuck, { uid, failures: stuck.uid === uid ? stuck.failures + 1 : 1 })
    }
    throw error
  }
}

async function store(ear: Ear, path: string, state: FolderState, payloads: readonly RawPayload[]): Promise<void> {
  const cursor = { name: cursorName(path), value: { ...state } }
  const last = payloads.at(-1)
  if (last === undefined) return ear.moveCursor(cursor)
  await ear.deliver(
    payloads.map((payload) => ({ ...payload, cursor: { ...cursor, value: { ...state, lastUid: uidOf(payload, last, state) } } })),
  )
}

/** Each payload brings the place behind itself, so that one that fails alone is where reading goes on. */
function uidOf(payload: RawPayload, last: RawPayload, state: FolderState): number {
  return payload === last ? state.lastUid : Number(payload.externalId.split(':')[2] ?? 0)
}

/** The name under which the place in a folder is kept. */
export function cursorName(path: string): string {
  return `imap:${path}`
}

async function markSeen(client: ImapFlow, uids: readonly number[]): Promise<void> {
  await client.messageFlagsAdd(uids.join(','), ['\\Seen'], { uid: true })
}

async function leave(client: ImapFlow): Promise<void> {
  if (client.usable) await Promise.race([client.logout(), new Promise((resolve) => client.once('close', resolve))]).catch(() => undefined)
  client.close()
}

function pause(kit: ChannelKit, delayMs: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const cancel = kit.after(delayMs, resolve)
    signal.addEventListener(
      'abort',
      () => {
        cancel()
        resolve()
      },
      { once: true },
    )
  })
}
