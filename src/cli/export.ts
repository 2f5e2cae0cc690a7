import { createWriteStream } from 'node:fs'
import { Readable, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { stringify } from 'csv-stringify'
import { AppError } from '../lib/errors.ts'
import type { RunCommand } from './command.ts'
import { type ExportRange, exportable, isExportable } from './export/rows.ts'
import { needed, readOptions } from './options.ts'
import { withStore } from './with-store.ts'

/**
 * Writes contacts, conversations or messages as JSON lines or CSV, oldest first, to a file or standard output; reads page by
 * page, so that any history fits in memory. What customers took back is left out.
 */
export const run: RunCommand = async ({ args, env }) => {
  const { values } = readOptions(args, { values: ['what', 'format', 'from', 'to', 'contact', 'out'] })
  const what = needed(values.what, 'what')
  if (!isExportable(what)) throw new AppError('invalid_input', '--what is one of contacts, conversations, messages.')
  const format = values.format ?? 'jsonl'
  if (format !== 'jsonl' && format !== 'csv') throw new AppError('invalid_input', '--format is jsonl or csv.')
  const range = { from: instantOf(values.from, 'from'), to: instantOf(values.to, 'to'), contactId: values.contact ?? null }
  await withStore(env, async (store) => {
    const rows = Readable.from(exportable[what](store, range))
    await pipeline(rows, format === 'csv' ? csv() : jsonLines, target(values.out), { end: values.out !== undefined })
  })
  return 0
}

/** A date is taken as the beginning of that day in UTC. */
function instantOf(text: string | undefined, name: keyof ExportRange): number | null {
  if (text === undefined) return null
  const at = Date.parse(text)
  if (Number.isNaN(at))
    throw new AppError('invalid_input', `--${name} is a date such as 2026-11-22 or an instant such as 2026-11-22T08:00:00Z.`)
  return at
}

function target(out: string | undefined): Writable {
  // A new file only: an export must not replace what somebody keeps.
  return out === undefined ? process.stdout : createWriteStream(out, { flags: 'wx', mode: 0o600 })
}

async function* jsonLines(rows: AsyncIterable<object>): AsyncGenerator<string> {
  for await (const row of rows) yield `${JSON.stringify(row)}\n`
}

/** Spreadsheets run what begins with `=`; such cells get a quote in front. */
function csv() {
  return stringify({ header: true, bom: true, escape_formulas: true, cast: { object: (value) => JSON.stringify(value) } })
}
