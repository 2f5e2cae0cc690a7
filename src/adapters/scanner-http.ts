import type { Readable } from 'node:stream'
import { AppError } from '../lib/errors.ts'
import type { FileScanner } from '../ports/file-scanner.ts'

/** The body is held while it is sent; scanners refuse larger ones themselves (clamd's StreamMaxLength is 25 MB). */
export const maxScannedOverHttpBytes = 25 * 1024 * 1024
const maxReasonChars = 300

/**
 * Scans with a service that takes the file as the body of a POST: any 2xx means clean, 406 or 422 harmful with the reason as
 * text; anything else is no judgement.
 */
export function createHttpScanner(url: string, send: typeof globalThis.fetch, timeoutMs = 120_000): FileScanner {
  return {
    scan: async (stream, { bytes, mime }) => {
      if (bytes > maxScannedOverHttpBytes) {
        stream.destroy()
        throw new AppError('too_large', 'The file is too large to be checked.', { maxBytes: maxScannedOverHttpBytes })
      }
      const body = await bytesOf(stream)
      const response = await send(url, {
        method: 'POST',
        headers: { 'content-type': 'application/octet-stream', 'x-content-type': mime },
        body,
        signal: AbortSignal.timeout(timeoutMs),
      }).catch((cause: unknown) => {
        throw unavailable(cause)
      })
      const words = (await response.text()).trim().slice(0, maxReasonChars)
      if (response.ok) return { clean: true }
      if (response.status === 406 || response.status === 422) return { clean: false, reason: words || 'The scanner names no reason.' }
      throw unavailable(new Error(`the scanner answered ${response.status}`))
    },
  }
}

async function bytesOf(stream: Readable): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = []
  for await (const chunk of stream) chunks.push(chunk as Uint8Array)
  return new Uint8Array(Buffer.concat(chunks))
}

function unavailable(cause: unknown): AppError {
  return new AppError('unavailable', 'Files cannot be checked at the moment.', { code: 'scanner' }, { cause })
}
