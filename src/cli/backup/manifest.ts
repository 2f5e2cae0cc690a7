import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { count, desc } from 'drizzle-orm'
import { z } from 'zod'
import type { Store } from '../../../db/store.ts'
import { AppError } from '../../lib/errors.ts'

const manifestSchema = z.object({
  format: z.literal(1),
  /** Epoch ms. */
  madeAt: z.number().int(),
  database: z.object({ bytes: z.number().int(), sha256: z.string() }),
  /** Newest number of the event log in the copy: the cut. */
  newestSeq: z.number().int(),
  rows: z.record(z.string(), z.number().int()),
  /** `missing`: ids of files erased between the copy of the database and that of the files. */
  files: z.object({ count: z.number().int(), bytes: z.number().int(), missing: z.array(z.string()) }),
})

/** What a backup says of itself, in `FILE.json` beside the database. */
export type Manifest = z.infer<typeof manifestSchema>

/** Path of the manifest of a backup. */
export function manifestPath(file: string): string {
  return `${file}.json`
}

/** Folder of the attachments of a backup. */
export function filesPath(file: string): string {
  return `${file}-files`
}

/** @throws AppError 'not_found' when there is none, 'invalid_input' when it cannot be read. */
export async function readManifest(file: string): Promise<Manifest> {
  const text = await readFile(manifestPath(file), 'utf8').catch((cause: unknown) => {
    throw new AppError('not_found', `${manifestPath(file)} is missing: ${file} is no backup, or was copied without it.`, {}, { cause })
  })
  try {
    return manifestSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new AppError('invalid_input', `${manifestPath(file)} is damaged.`, {}, { cause })
  }
}

/** Rows of the tables that a person would miss first. */
export async function countRows(store: Store): Promise<Record<string, number>> {
  const { contacts, conversations, messages, deliveries, events, files } = store.t
  const counted: Record<string, number> = {}
  for (const [name, table] of Object.entries({ contacts, conversations, messages, deliveries, events, files })) {
    const [row] = await store.db.select({ rows: count() }).from(table)
    counted[name] = row?.rows ?? 0
  }
  return counted
}

/** Newest number of the event log; 0 when it is empty. */
export async function newestSeqOf(store: Store): Promise<number> {
  const { events } = store.t
  const [newest] = await store.db.select({ seq: events.seq }).from(events).orderBy(desc(events.seq)).limit(1)
  return newest?.seq ?? 0
}

/** Size and SHA-256 of a file, read as a stream. */
export async function digestOf(file: string): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(file)) {
    const part = chunk as Buffer
    hash.update(part)
    bytes += part.byteLength
  }
  return { bytes, sha256: hash.digest('hex') }
}
