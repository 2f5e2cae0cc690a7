import type { IncomingMessage, ServerResponse } from 'node:http'
import { AppError, errorKinds, kindOf } from '../lib/errors.ts'
import { newId } from '../lib/ids.ts'
import { problemOf } from '../lib/wire-error.ts'
import type { OpenInbox, ServiceContext } from '../services/context.ts'
import { acceptDelivery, type RawRequest } from '../services/deliveries/accept-delivery.ts'

/** The largest webhook body; LINE's and Twilio's stay far below. */
export const maxWebhookBytes = 1024 * 1024
const readTimeoutMs = 15_000
const prefix = '/webhooks/'

/** The webhook route as the golden table lists it. */
export const webhookRouteTable = [{ method: 'post', path: '/webhooks/:channel/:inboxId/*', permission: 'signature' }] as const

/** Counts what happens at the door; for metrics. */
export interface WebhookObserver {
  observe(channel: string, status: number, tookMs: number): void
}

/**
 * Serves `/webhooks/:channel/:inboxId/…` straight on node's server, ahead of express: providers' traffic is the
 * hottest path and needs none of express. The raw bytes are verified before anything is stored; success is
 * answered only after the commit.
 * @returns a listener that says whether the request was its own.
 */
export function createWebhookListener(
  ctx: ServiceContext,
  observer: WebhookObserver,
): (req: IncomingMessage, res: ServerResponse) => boolean {
  return (req, res) => {
    const url = req.url ?? ''
    if (!url.startsWith(prefix)) return false
    const startedMs = ctx.clock.monotonicMs()
    const [channel, inboxId, path] = partsOf(url)
    void serve(ctx, req, res, { channel, inboxId, path, url }).finally(() =>
      observer.observe(channel, res.statusCode, ctx.clock.monotonicMs() - startedMs),
    )
    return true
  }
}

interface Address {
  readonly channel: string
  readonly inboxId: string
  /** After the inbox id, with its slash, without the query. */
  readonly path: string
  /** Path and query as they came. */
  readonly url: string
}

async function serve(ctx: ServiceContext, req: IncomingMessage, res: ServerResponse, address: Address): Promise<void> {
  try {
    const inbox = await inboxOf(ctx, req, address)
    const body = await readBody(req)
    const request: RawRequest = {
      method: req.method ?? 'POST',
      path: address.path,
      publicUrl: ctx.config.publicUrl + address.url,
      headers: req.headers as RawRequest['headers'],
      body,
    }
    if (inbox.session.webhook?.verify(request) !== true) {
      throw new AppError('forbidden', 'The signature is missing or does not fit this inbox.', { code: 'bad_signature' })
    }
    await acceptDelivery(ctx, inbox, request)
    const told = inbox.session.webhook.answer?.(request)
    res.writeHead(
      200,
      told === undefined ? { 'content-length': 0 } : { 'content-type': told.contentType, 'content-length': Buffer.byteLength(told.body) },
    )
    res.end(told?.body)
  } catch (error) {
    answer(ctx, req, res, error)
  }
}

async function inboxOf(ctx: ServiceContext, req: IncomingMessage, { channel, inboxId }: Address): Promise<OpenInbox> {
  if (req.method !== 'POST') throw new AppError('not_found', 'Webhooks are taken by POST only.')
  const inbox = ctx.inboxes.peek(inboxId) ?? (await ctx.inboxes.get(inboxId))
  if (inbox.channelId !== channel || !inbox.enabled || inbox.session.webhook === undefined)
    throw new AppError('not_found', 'There is no such inbox.')
  return inbox
}

/** `/webhooks/line/ID/rest?query` → line, ID, /rest; without building a URL object. */
function partsOf(url: string): [string, string, string] {
  const query = url.indexOf('?')
  const end = query === -1 ? url.length : query
  const slash = url.indexOf('/', prefix.length)
  if (slash === -1 || slash >= end) return [url.slice(prefix.length, end), '', '']
  const next = url.indexOf('/', slash + 1)
  const idEnd = next === -1 || next > end ? end : next
  return [url.slice(prefix.length, slash), url.slice(slash + 1, idEnd), url.slice(idEnd, end)]
}

function readBody(req: IncomingMessage): Promise<Buffer> {
  const declared = Number(req.headers['content-length'] ?? 0)
  if (declared > maxWebhookBytes) return Promise.reject(tooLarge())
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    req.setTimeout(readTimeoutMs, () => req.destroy(new Error('the body took too long')))
    req.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes > maxWebhookBytes) {
        req.removeAllListeners('data')
        req.resume()
        reject(tooLarge())
        return
      }
      chunks.push(chunk)
    })
    req.on('end', () => resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)))
    req.on('error', reject)
    req.on('aborted', () => reject(new AppError('invalid_input', 'The request was broken off.')))
  })
}

function tooLarge(): AppError {
  return new AppError('too_large', `A webhook body may have at most ${maxWebhookBytes} bytes.`, { maxBytes: maxWebhookBytes })
}

function answer(ctx: ServiceContext, req: IncomingMessage, res: ServerResponse, error: unknown): void {
  const requestId = newId()
  if (errorKinds[kindOf(error)].reported) ctx.log.error({ err: error, requestId }, 'webhook failed')
  if (res.headersSent || res.destroyed) return
  const problem = problemOf(error, requestId)
  const text = JSON.stringify(problem)
  const headers = {
    'content-type': 'application/problem+json',
    'content-length': Buffer.byteLength(text),
    'x-request-id': requestId,
    'cache-control': 'no-store',
  }
  // A body that was not read to its end would be taken for the next request.
  const unread = problem.status === 413 ? { ...headers, connection: 'close' } : headers
  res.writeHead(problem.status, unread)
  res.end(text)
  if (!req.complete) req.resume()
}
