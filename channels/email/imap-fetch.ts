import type { ImapFlow } from 'imapflow'
import { AppError } from '../../src/lib/errors.ts'
import type { ChannelKit, RawPayload } from '../contract.ts'
import type { EmailConfig } from './config.ts'
import { belongsInFile, inlineMime, type MailPayload, withoutBytes } from './payload.ts'

/** Mails and bytes that are asked for and stored together. */
const batchMails = 64
const batchBytes = 2 * 1024 * 1024
/** Mails above this stream into a file of their own, one at a time. */
const streamAboveBytes = 256 * 1024
/** What is taken of a mail that is larger than the settings allow. */
const cutBytes = 256 * 1024

/** A mail that waits in the mailbox. */
export interface Waiting {
  readonly uid: number
  readonly bytes: number
  /** When the mailbox got it, epoch ms. */
  readonly receivedAt: number
}

/** Which folder, and how its mails are taken. */
export interface Folder {
  readonly config: EmailConfig
  readonly kit: ChannelKit
  readonly path: string
  readonly uidValidity: string
  readonly spam: boolean
  /** Mail written before this instant is not taken in; 0 for no such bound. Epoch ms. */
  readonly writtenAfter: number
}

/** What waits above a uid, in the order of uids. A `N:*` above the highest uid names the highest (RFC 9051 §6.4.9). */
export async function listWaiting(client: ImapFlow, lastUid: number): Promise<Waiting[]> {
  const waiting: Waiting[] = []
  for await (const { uid, size, internalDate } of client.fetch(
    `${lastUid + 1}:*`,
    { uid: true, size: true, internalDate: true },
    { uid: true },
  )) {
    if (uid > lastUid)
      waiting.push({ uid, bytes: size ?? 0, receivedAt: internalDate === undefined ? 0 : new Date(internalDate).getTime() })
  }
  return waiting.toSorted((a, b) => a.uid - b.uid)
}

/** Cuts what waits into what is asked for together; a large mail stands alone. */
export function batchesOf(waiting: readonly Waiting[], most = batchMails): Waiting[][] {
  const batches: Waiting[][] = []
  let bytes = 0
  for (const mail of waiting) {
    const last = batches.at(-1)
    const fits = last !== undefined && last.length < most && bytes + mail.bytes <= batchBytes && mail.bytes <= streamAboveBytes
    if (fits && last !== undefined) last.push(mail)
    else batches.push([mail])
    bytes = fits ? bytes + mail.bytes : mail.bytes > streamAboveBytes ? batchBytes : mail.bytes
  }
  return batches
}

/** Fetches a batch by one command. What was expunged meanwhile is not among the answers. */
export async function fetchBatch(client: ImapFlow, folder: Folder, batch: readonly Waiting[]): Promise<RawPayload[]> {
  const [first] = batch
  if (first === undefined) return []
  if (batch.length === 1 && first.bytes > streamAboveBytes) return fetchLarge(client, folder, first)
  const found: Promise<RawPayload>[] = []
  const uids = batch.map(({ uid }) => uid).join(',')
  for await (const { uid, source, internalDate } of client.fetch(uids, { uid: true, source: true, internalDate: true }, { uid: true })) {
    const receivedAt = internalDate === undefined ? folder.kit.now() : new Date(internalDate).getTime()
    if (source !== undefined) found.push(payloadOf(folder, uid, receivedAt, source))
  }
  // A second answer with the same uid says nothing new.
  const byUid = new Map((await Promise.all(found)).map((payload) => [payload.externalId, payload]))
  return batch.flatMap(({ uid }) => byUid.get(externalIdOf(folder, uid)) ?? [])
}

/** A mail whose bytes the server does not hand out: it is told, and what waits behind it goes on. */
export function unfetchable(folder: Folder, uid: number, reason: string): RawPayload {
  const { path, uidValidity } = folder
  return { externalId: externalIdOf(folder, uid), raw: JSON.stringify({ kind: 'unfetchable', folder: path, uidValidity, uid, reason }) }
}

async function fetchLarge(client: ImapFlow, folder: Folder, { uid, bytes, receivedAt }: Waiting): Promise<RawPayload[]> {
  const cut = bytes > folder.config.maxMailBytes
  const download = await client.download(String(uid), undefined, { uid: true, ...(cut ? { maxBytes: cutBytes } : {}) })
  if (!('content' in download) || download.content === undefined) return []
  const stored = await folder.kit.blobs.put(download.content, folder.config.maxMailBytes + cutBytes)
  // The server may have broken off; a mail in halves is not to be taken for the mail.
  if (!cut && stored.bytes === 0) {
    await folder.kit.blobs.delete(stored.key)
    throw new AppError('provider_unavailable', `The mail ${uid} of ${bytes} bytes did not come through.`)
  }
  return [rawOf(folder, uid, { receivedAt, bytes, cut, blob: stored.key })]
}

async function payloadOf(folder: Folder, uid: number, receivedAt: number, source: Buffer): Promise<RawPayload> {
  if (!belongsInFile(source)) return rawOf(folder, uid, { receivedAt, bytes: source.length, cut: false, mime: inlineMime(source) })
  const { key } = await folder.kit.blobs.put(oneChunk(source), source.length)
  return rawOf(folder, uid, { receivedAt, bytes: source.length, cut: false, blob: key })
}

async function* oneChunk(bytes: Buffer): AsyncGenerator<Uint8Array> {
  yield bytes
}

function rawOf(folder: Folder, uid: number, mail: Pick<MailPayload, 'receivedAt' | 'bytes' | 'cut' | 'mime' | 'blob'>): RawPayload {
  const { path, uidValidity, spam, writtenAfter } = folder
  const payload: MailPayload = { kind: 'mail', via: 'imap', folder: path, uidValidity, uid, spam, writtenAfter, ...mail }
  const { blob } = mail
  const forget = (key: string) => () => void folder.kit.blobs.delete(key).catch(() => undefined)
  return {
    externalId: externalIdOf(folder, uid),
    raw: JSON.stringify(payload),
    rawWhenRepeated: withoutBytes(payload),
    ...(blob === undefined ? {} : { discard: forget(blob) }),
  }
}

/** RFC 9051 §2.3.1.1: folder, UIDVALIDITY and uid together name one mail for good. */
function externalIdOf({ path, uidValidity }: Pick<Folder, 'path' | 'uidValidity'>, uid: number): string {
  return `imap:${uidValidity}:${uid}:${path}`
}
