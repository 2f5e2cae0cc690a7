import { pipeline } from 'node:stream/promises'
import type { Request, Response } from 'express'
import { mediaKindOf } from '../services/files/media-kind.ts'
import type { FileContent } from '../services/files/open-file.ts'

/**
 * Sends a file so that a browser never runs it: what is no plain picture, sound or film is offered for saving, nothing
 * is sniffed, and a page made of it would stand in a sandbox. Answers one byte range (RFC 9110 §14).
 */
export async function sendFile(req: Request, res: Response, file: FileContent, cacheControl: string): Promise<void> {
  const inline = mediaKindOf(file.mime) !== 'file'
  res.set({
    'Content-Type': inline ? file.mime : 'application/octet-stream',
    'Content-Disposition': `${inline ? 'inline' : 'attachment'}; ${filenameOf(file.name)}`,
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'X-Content-Type-Options': 'nosniff',
    'Accept-Ranges': 'bytes',
    'Cache-Control': cacheControl,
  })
  const asked = rangeOf(req, file.bytes)
  if (asked === 'unsatisfiable') {
    res.status(416).set('Content-Range', `bytes */${file.bytes}`).end()
    return
  }
  if (req.method === 'HEAD') {
    res.set('Content-Length', String(file.bytes)).end()
    return
  }
  const blob = await file.open(asked)
  if (asked !== undefined) res.status(206).set('Content-Range', `bytes ${blob.range.start}-${blob.range.end}/${blob.totalBytes}`)
  res.set('Content-Length', String(blob.range.end - blob.range.start + 1))
  await pipeline(blob.stream, res).catch((error: unknown) => {
    // Whoever goes away while a film plays is no failure.
    if (!res.destroyed) throw error
  })
}

/** The one range asked for; several at once are answered with the whole, as the RFC allows. */
function rangeOf(req: Request, bytes: number): { start: number; end: number } | undefined | 'unsatisfiable' {
  const ranges = req.range(bytes)
  if (ranges === -1) return 'unsatisfiable'
  if (ranges === undefined || ranges === -2 || ranges.length !== 1 || ranges.type !== 'bytes') return undefined
  return ranges[0]
}

/** RFC 6266: a plain form for old readers, the real name beside it. */
function filenameOf(name: string): string {
  const plain = name.replaceAll(/[^\x20-\x7e]|["\\%]/g, '_')
  const encoded = encodeURIComponent(name).replaceAll(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
  return `filename="${plain}"; filename*=UTF-8''${encoded}`
}
