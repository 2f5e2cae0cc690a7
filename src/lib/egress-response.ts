import type { IncomingMessage } from 'node:http'
import { pipeline, Readable, Transform, type TransformCallback } from 'node:stream'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import { AppError } from './errors.ts'

/** What is known of the exchange whose answer is read. */
export interface Exchange {
  readonly url: URL
  readonly method: string
  readonly maxBytes: number
  /** Ends the reading; the request destroys the answer with it. */
  readonly signal: AbortSignal
  /** The part of `signal` that is the time limit. */
  readonly timeout: AbortSignal
}

const emptyStatuses = new Set([204, 205, 304])

/** Turns a node answer into a standard `Response` whose body keeps to the limits. */
export function readResponse(answer: IncomingMessage, exchange: Exchange): Response {
  const status = answer.statusCode ?? 0
  if (status < 200 || status > 599) {
    answer.destroy()
    throw new AppError('provider_unavailable', `"${exchange.url.host}" answered with status ${status}.`, { status })
  }
  const headers = headersOf(answer)
  if (exchange.method === 'HEAD' || emptyStatuses.has(status)) {
    answer.resume()
    return new Response(null, { status, headers })
  }
  const declared = Number(headers.get('content-length') ?? 0)
  if (declared > exchange.maxBytes) {
    answer.destroy()
    throw tooLarge(exchange)
  }
  const body = decoded(answer, headers)
  // The web type of Node's own stream module and the global one describe the same object.
  const web = Readable.toWeb(limited(answer, body, exchange)) as ReadableStream<Uint8Array>
  return new Response(web, { status, statusText: answer.statusMessage ?? '', headers })
}

function headersOf(answer: IncomingMessage): Headers {
  const headers = new Headers()
  for (const [name, values] of Object.entries(answer.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value)
  }
  return headers
}

/** Decodes what was compressed although nobody asked for it; an unknown coding is handed on as it is. */
function decoded(answer: IncomingMessage, headers: Headers): Transform | undefined {
  const decoder = decoderFor(headers.get('content-encoding')?.trim().toLowerCase())
  if (!decoder || !answer.headers['content-encoding']) return undefined
  headers.delete('content-encoding')
  headers.delete('content-length')
  return decoder
}

function decoderFor(coding: string | undefined): Transform | undefined {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return createGunzip()
    case 'deflate':
      return createInflate()
    case 'br':
      return createBrotliDecompress()
    default:
      return undefined
  }
}

/** The body behind the size limit; whatever ends it early ends all of it with one readable error. */
function limited(answer: IncomingMessage, decoder: Transform | undefined, exchange: Exchange): Readable {
  let bytes = 0
  const limit = new Transform({
    transform(chunk: Buffer, _encoding, done: TransformCallback) {
      bytes += chunk.byteLength
      if (bytes > exchange.maxBytes) done(tooLarge(exchange))
      else done(null, chunk)
    },
    destroy(error, done) {
      done(error && bodyError(error, exchange))
    },
  })
  const ended = (): void => undefined
  if (decoder) pipeline(answer, decoder, limit, ended)
  else pipeline(answer, limit, ended)
  return limit
}

function bodyError(error: Error, { url, signal, timeout }: Exchange): Error {
  if (error instanceof AppError) return error
  if (signal.aborted && !timeout.aborted && signal.reason instanceof Error) return signal.reason
  const sentence = timeout.aborted ? `"${url.host}" took too long.` : `"${url.host}" broke off its answer.`
  return new AppError('provider_unavailable', sentence, { host: url.host }, { cause: error })
}

function tooLarge({ url, maxBytes }: Exchange): AppError {
  return new AppError('too_large', `The answer of "${url.host}" is larger than ${maxBytes} bytes.`, { maxBytes })
}
