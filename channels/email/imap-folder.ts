import type { ImapFlow, MailboxObject } from 'imapflow'
import { z } from 'zod'
import type { Ear } from '../contract.ts'
import type { EmailConfig } from './config.ts'

const dayMs = 86_400_000

/** How far a folder has been read. */
export interface FolderState {
  readonly uidValidity: string
  /** The highest uid that was taken in or passed over. */
  readonly lastUid: number
  /** Mail that the mailbox got before this instant is not taken in, epoch ms. */
  readonly floor: number
  /** The folder got new uids and is being read from its beginning again. */
  readonly again: boolean
}

const stateSchema = z.object({
  uidValidity: z.string(),
  lastUid: z.number().int(),
  floor: z.number().int(),
  again: z.boolean(),
})

/** The state stored last under a folder's name, or null. */
export async function storedState(ear: Pick<Ear, 'cursor'>, path: string): Promise<FolderState | null> {
  const value = await ear.cursor(`imap:${path}`)
  const parsed = stateSchema.safeParse(value)
  return parsed.success ? parsed.data : null
}

/**
 * Where reading goes on: at the stored place; at the first mail of the wanted days in a folder that is new to us; at the
 * beginning where UIDVALIDITY changed (RFC 9051 §2.3.1.1) and old uids mean nothing, doubles being known by their content.
 */
export async function readState(
  client: ImapFlow,
  ear: Ear,
  path: string,
  mailbox: Pick<MailboxObject, 'uidValidity' | 'uidNext'>,
  config: EmailConfig,
  now: number,
): Promise<FolderState> {
  const uidValidity = String(mailbox.uidValidity)
  const stored = await storedState(ear, path)
  if (stored?.uidValidity === uidValidity) return stored
  const state: FolderState =
    stored === null
      ? { uidValidity, again: false, ...(await beginning(client, mailbox, config.firstImportDays, now)) }
      : { ...stored, uidValidity, lastUid: 0, again: true }
  await ear.moveCursor({ name: `imap:${path}`, value: { ...state } })
  return state
}

async function beginning(
  client: ImapFlow,
  { uidNext }: Pick<MailboxObject, 'uidNext'>,
  days: number,
  now: number,
): Promise<Pick<FolderState, 'lastUid' | 'floor'>> {
  const floor = days === 0 ? now : now - days * dayMs
  if (days === 0) return { lastUid: uidNext - 1, floor }
  const uids = await client.search({ since: new Date(floor) }, { uid: true })
  const oldest = uids === undefined || uids === false || uids.length === 0 ? uidNext : Math.min(...chunkMinima(uids))
  return { lastUid: oldest - 1, floor }
}

/** Minima of stretches: a function takes no hundred thousand arguments. */
function chunkMinima(uids: readonly number[]): number[] {
  const minima: number[] = []
  for (let at = 0; at < uids.length; at += 10_000) minima.push(Math.min(...uids.slice(at, at + 10_000)))
  return minima
}

/**
 * The folder under its name, or, where that is gone, the one that has its UIDVALIDITY and uids: a renamed folder keeps both.
 * @throws the server's error for a missing folder when there is none.
 */
export async function findFolder(client: ImapFlow, ear: Ear, path: string): Promise<{ readonly path: string; readonly renamed: boolean }> {
  const folders = await client.list()
  const named = folders.find((folder) => folder.path === path || (path.toUpperCase() === 'INBOX' && folder.path.toUpperCase() === 'INBOX'))
  if (named !== undefined) return { path: named.path, renamed: false }
  const stored = await storedState(ear, path)
  if (stored !== null) {
    for (const folder of folders) {
      if (folder.flags.has('\\Noselect') || folder.flags.has('\\NonExistent')) continue
      const status = await client.status(folder.path, { uidValidity: true, uidNext: true }).catch(() => false as const)
      if (status === false || String(status.uidValidity) !== stored.uidValidity || (status.uidNext ?? 0) <= stored.lastUid) continue
      return { path: folder.path, renamed: true }
    }
  }
  throw Object.assign(new Error('The folder does not exist.'), { mailboxMissing: true })
}
