import express, { type Request, type RequestHandler, type Response, type Router } from 'express'
import { AppError } from '../lib/errors.ts'
import { fieldsOf, invalidInput } from '../lib/wire-error.ts'
import {
  type CustomerMail,
  customerMailSchema,
  type Mailbox,
  type Mailboxes,
  type MailboxThread,
  newMailboxSchema,
} from '../wire/mailbox.ts'
import { refuseForgery } from './guard.ts'
import { problemHandler } from './problems.ts'
import type { DeclaredRoute } from './route-table.ts'
import type { SandboxContext } from './sandbox.ts'

/** The customers' mailboxes of a stand-in mail server. Unknown ones are null. */
export interface CustomerMailboxes {
  list(): Mailboxes
  thread(address: string): MailboxThread | null
  add(mailbox: { readonly address: string; readonly name: string }): Mailbox
  write(address: string, mail: CustomerMail): Promise<MailboxThread | null>
  file(id: string): { readonly name: string; readonly mime: string; readonly bytes: Buffer } | null
  onChange(listener: (address: string) => void): () => void
}

interface Server {
  readonly ctx: SandboxContext
  readonly mailboxes: CustomerMailboxes
  listeners: number
}

interface MailRoute {
  readonly method: 'get' | 'post'
  readonly path: string
  readonly body?: RequestHandler
  handle(server: Server, request: Request, response: Response): Promise<void> | void
}

const api = '/sandbox/api/mail'
const small = express.json({ limit: 64 * 1024 })
/** Files travel in the call, a third larger. */
const large = express.json({ limit: 16 * 1024 * 1024 })
const callsPerMinute = 600
const maxListeners = 100
const heartbeatMs = 20_000

const routes: readonly MailRoute[] = [
  { method: 'get', path: api, handle: ({ mailboxes }, _request, response) => answer(response, mailboxes.list()) },
  { method: 'post', path: api, body: small, handle: addMailbox },
  { method: 'get', path: `${api}/changes`, handle: streamChanges },
  { method: 'get', path: `${api}/files/:id`, handle: sendFile },
  { method: 'get', path: `${api}/boxes/:address`, handle: showThread },
  { method: 'post', path: `${api}/boxes/:address`, body: large, handle: write },
]

/** Every route of the sandbox's mailboxes, for the golden table; they exist with `DEMO=1` only. */
export const sandboxMailRouteTable: readonly DeclaredRoute[] = routes.map(({ method, path }) => ({ method, path, permission: 'public' }))

/** The customers' mail in the demo. Everybody who reaches a demo may play its customers, but no other site may make a browser do so. */
export function createSandboxMailRouter(ctx: SandboxContext, mailboxes: CustomerMailboxes): Router {
  const server: Server = { ctx, mailboxes, listeners: 0 }
  const limiter = ctx.limiters.limiter({ name: 'sandbox-mail', points: callsPerMinute, windowSeconds: 60 })
  const guard: RequestHandler = (request, _response, next) => {
    refuseForgery(ctx.config, request, null)
    limiter.consume(request.ip ?? '').then(({ allowed, retryAfterMs }) => {
      next(allowed ? undefined : new AppError('rate_limited', 'Too many calls from this address; wait a moment.', { retryAfterMs }))
    }, next)
  }
  const router = express.Router()
  for (const route of routes) {
    const readers = route.body ? [route.body] : []
    router[route.method](route.path, guard, ...readers, async (request: Request, response: Response) => {
      await route.handle(server, request, response)
    })
  }
  router.use(api, problemHandler(ctx.log))
  return router
}

function answer(response: Response, body: Mailboxes | MailboxThread | Mailbox, status = 200): void {
  response.status(status).set('Cache-Control', 'no-store').json(body)
}

function addMailbox({ mailboxes }: Server, request: Request, response: Response): void {
  const input = newMailboxSchema.safeParse(request.body)
  if (!input.success) throw invalidInput(fieldsOf(input.error))
  answer(response, mailboxes.add(input.data), 201)
}

function showThread({ mailboxes }: Server, request: Request, response: Response): void {
  answer(response, known(mailboxes.thread(param(request, 'address'))))
}

async function write({ mailboxes }: Server, request: Request, response: Response): Promise<void> {
  const input = customerMailSchema.safeParse(request.body)
  if (!input.success) throw invalidInput(fieldsOf(input.error))
  answer(response, known(await mailboxes.write(param(request, 'address'), input.data)), 201)
}

function sendFile({ mailboxes }: Server, request: Request, response: Response): void {
  const file = known(mailboxes.file(param(request, 'id')))
  response.set({
    'Content-Type': 'application/octet-stream',
    'Content-Disposition': `attachment; filename*=UTF-8''${encodeURIComponent(file.name)}`,
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'X-Content-Type-Options': 'nosniff',
  })
  response.send(file.bytes)
}

/** Server-sent events: one for each change of a mailbox. */
function streamChanges(server: Server, request: Request, response: Response): void {
  if (server.listeners >= maxListeners) throw new AppError('unavailable', 'Too many pages listen to the sandbox.')
  server.listeners += 1
  response.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' })
  response.flushHeaders()
  const unsubscribe = server.mailboxes.onChange((address) => response.write(`data: ${JSON.stringify({ address })}\n\n`))
  let cancel = (): void => undefined
  const beat = (): void => {
    response.write(': here\n\n')
    cancel = server.ctx.clock.after(heartbeatMs, beat)
  }
  beat()
  request.once('close', () => {
    server.listeners -= 1
    unsubscribe()
    cancel()
  })
}

function known<T>(found: T | null): T {
  if (found === null) throw new AppError('not_found', 'The sandbox has no such mailbox.')
  return found
}

function param(request: Request, name: string): string {
  const value = request.params[name]
  return typeof value === 'string' ? value : ''
}
