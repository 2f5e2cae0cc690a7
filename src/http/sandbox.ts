import { join } from 'node:path'
import express, { type Request, type RequestHandler, type Response, type Router } from 'express'
import { AppError } from '../lib/errors.ts'
import { packageRoot } from '../lib/package-root.ts'
import { fieldsOf, invalidInput } from '../lib/wire-error.ts'
import type { ServiceContext } from '../services/context.ts'
import {
  newPhoneCustomerSchema,
  type PhoneAct,
  type PhoneChange,
  type PhoneCustomer,
  type PhonePlatform,
  type PhoneSwitches,
  type Phones,
  type PhoneThread,
  phoneActSchema,
  phoneFileMaxBytes,
  phoneImageMaxBytes,
  phoneImageTypes,
  phoneSwitchesSchema,
} from '../wire/sandbox.ts'
import { refuseForgery } from './guard.ts'
import { problemHandler } from './problems.ts'
import type { DeclaredRoute } from './route-table.ts'
import { joinPhones } from './sandbox-phones.ts'

/** The customers' phones of a stand-in platform. Unknown accounts and customers are null. */
export interface CustomerPhones {
  list(): Phones
  thread(accountId: string, customerId: string): PhoneThread | null
  act(accountId: string, customerId: string, act: PhoneAct): Promise<PhoneThread | null>
  sendImage(accountId: string, customerId: string, image: { bytes: Uint8Array; mime: string }): Promise<PhoneThread | null>
  addCustomer(accountId: string, name: string): Promise<PhoneCustomer | null>
  /** Sends a film, a recording or a file. */
  sendFile(accountId: string, customerId: string, file: { bytes: Uint8Array; mime: string; name: string }): Promise<PhoneThread | null>
  platform(accountId: string): PhonePlatform | null
  setSwitches(accountId: string, changes: Partial<PhoneSwitches>): PhonePlatform | null
  content(messageId: string): { readonly bytes: Uint8Array; readonly mime: string } | null
  onChange(listener: (change: PhoneChange) => void): () => void
}

/** What the sandbox's routes are built from. */
export interface SandboxRouterDeps {
  /** The stand-in LINE platform. */
  readonly line: { readonly phones: CustomerPhones }
  /** The stand-in for Twilio. */
  readonly twilio?: { readonly phones: CustomerPhones }
  /** Folder of the built page; `dist/agent-ui` of the package when left out. */
  readonly pageDir?: string
}

/** The parts of the context that the sandbox needs. */
export type SandboxContext = Pick<ServiceContext, 'config' | 'clock' | 'log' | 'limiters'>

interface Sandbox {
  readonly ctx: SandboxContext
  readonly phones: CustomerPhones
  readonly pageDir: string
  /** Pages that listen for changes now. */
  listeners: number
}

interface SandboxRoute {
  readonly method: 'get' | 'post'
  readonly path: string
  readonly body?: RequestHandler
  handle(sandbox: Sandbox, request: Request, response: Response): Promise<void> | void
}

const api = '/sandbox/api'
const json = express.json({ limit: 64 * 1024 })
const anything = express.raw({ limit: phoneFileMaxBytes, type: () => true })
const picture = express.raw({ limit: phoneImageMaxBytes, type: [...phoneImageTypes] })

/** Calls of one address in a minute; the page is open to everybody who reaches the demo. */
const callsPerMinute = 600
/** Pages that may listen at once. */
const maxListeners = 100
/** Proxies and browsers give up connections on which nothing moves. */
const heartbeatMs = 20_000

const routes: readonly SandboxRoute[] = [
  { method: 'get', path: '/sandbox', handle: sendPage },
  { method: 'get', path: `${api}/phones`, handle: ({ phones }, _request, response) => answer(response, phones.list()) },
  { method: 'post', path: `${api}/phones/:accountId`, body: json, handle: addCustomer },
  { method: 'get', path: `${api}/phones/:accountId/:customerId`, handle: showThread },
  { method: 'post', path: `${api}/phones/:accountId/:customerId`, body: json, handle: act },
  { method: 'post', path: `${api}/phones/:accountId/:customerId/image`, body: picture, handle: sendImage },
  { method: 'post', path: `${api}/phones/:accountId/:customerId/file`, body: anything, handle: sendFile },
  { method: 'get', path: `${api}/platform/:accountId`, handle: showPlatform },
  { method: 'post', path: `${api}/platform/:accountId`, body: json, handle: changePlatform },
  { method: 'get', path: `${api}/content/:messageId`, handle: sendContent },
  { method: 'get', path: `${api}/changes`, handle: streamChanges },
]

/** Every route of the sandbox, for the golden table; they exist with `DEMO=1` only. */
export const sandboxRouteTable: readonly DeclaredRoute[] = routes.map(({ method, path }) => ({
  method,
  path,
  permission: 'public',
}))

/**
 * The customers' side of the demo: a page with phones, and what it asks. Everybody who reaches a demo may play its
 * customers, but no other site may make a browser do so.
 */
export function createSandboxRouter(ctx: SandboxContext, { line, twilio, pageDir }: SandboxRouterDeps): Router {
  const sandbox: Sandbox = {
    ctx,
    phones: joinPhones([line.phones, ...(twilio === undefined ? [] : [twilio.phones])]),
    pageDir: pageDir ?? join(packageRoot, 'dist', 'agent-ui'),
    listeners: 0,
  }
  const limiter = ctx.limiters.limiter({ name: 'sandbox', points: callsPerMinute, windowSeconds: 60 })
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
      await route.handle(sandbox, request, response)
    })
  }
  router.use('/sandbox', problemHandler(ctx.log))
  return router
}

function sendPage({ pageDir }: Sandbox, _request: Request, response: Response): Promise<void> {
  response.set({ 'Cache-Control': 'no-cache', 'Content-Type': 'text/html; charset=utf-8' })
  return new Promise((resolve, reject) => {
    response.sendFile(join(pageDir, 'sandbox.html'), { cacheControl: false, dotfiles: 'allow' }, (error) => {
      if (!error || response.headersSent) return resolve()
      reject(new AppError('unavailable', 'The sandbox page is not built; run "npm run build".', {}, { cause: error }))
    })
  })
}

function answer(response: Response, body: Phones | PhoneThread | PhoneCustomer | PhonePlatform, status = 200): void {
  response.status(status).set('Cache-Control', 'no-store').json(body)
}

function showThread({ phones }: Sandbox, request: Request, response: Response): void {
  const { accountId, customerId } = whose(request)
  answer(response, known(phones.thread(accountId, customerId)))
}

async function addCustomer({ phones }: Sandbox, request: Request, response: Response): Promise<void> {
  const input = newPhoneCustomerSchema.safeParse(request.body)
  if (!input.success) throw invalidInput(fieldsOf(input.error))
  answer(response, known(await phones.addCustomer(param(request, 'accountId'), input.data.name)), 201)
}

async function act({ phones }: Sandbox, request: Request, response: Response): Promise<void> {
  const input = phoneActSchema.safeParse(request.body)
  if (!input.success) throw invalidInput(fieldsOf(input.error))
  const { accountId, customerId } = whose(request)
  answer(response, known(await phones.act(accountId, customerId, input.data)))
}

async function sendImage({ phones }: Sandbox, request: Request, response: Response): Promise<void> {
  const bytes: unknown = request.body
  if (!Buffer.isBuffer(bytes) || bytes.byteLength === 0)
    throw new AppError('invalid_input', 'The body must be a picture: JPEG, PNG, GIF or WebP.')
  const { accountId, customerId } = whose(request)
  const mime = (request.get('content-type') ?? '').split(';')[0]?.trim() ?? ''
  answer(response, known(await phones.sendImage(accountId, customerId, { bytes, mime })))
}

async function sendFile({ phones }: Sandbox, request: Request, response: Response): Promise<void> {
  const bytes: unknown = request.body
  if (!Buffer.isBuffer(bytes) || bytes.byteLength === 0) throw new AppError('invalid_input', 'The body must be a file.')
  const { accountId, customerId } = whose(request)
  const mime = (request.get('content-type') ?? '').split(';')[0]?.trim() ?? ''
  const given = request.query.name
  const name = typeof given === 'string' && given !== '' ? given.slice(0, 255) : 'file'
  answer(response, known(await phones.sendFile(accountId, customerId, { bytes, mime, name })))
}

function showPlatform({ phones }: Sandbox, request: Request, response: Response): void {
  answer(response, known(phones.platform(param(request, 'accountId'))))
}

function changePlatform({ phones }: Sandbox, request: Request, response: Response): void {
  const input = phoneSwitchesSchema.partial().safeParse(request.body)
  if (!input.success) throw invalidInput(fieldsOf(input.error))
  answer(response, known(phones.setSwitches(param(request, 'accountId'), input.data)))
}

function sendContent({ phones }: Sandbox, request: Request, response: Response): void {
  const content = phones.content(param(request, 'messageId'))
  if (content === null) throw new AppError('not_found', 'This medium is not there any more.')
  response.set({
    // Whatever was uploaded is shown as a picture or not at all.
    'Content-Type': phoneImageTypes.some((type) => type === content.mime) ? content.mime : 'application/octet-stream',
    'Content-Security-Policy': "default-src 'none'; sandbox",
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'private, max-age=3600',
  })
  response.send(Buffer.from(content.bytes))
}

/** Server-sent events: one for each change of a chat; the page fetches what it shows. */
function streamChanges(sandbox: Sandbox, request: Request, response: Response): void {
  if (sandbox.listeners >= maxListeners) throw new AppError('unavailable', 'Too many pages listen to the sandbox.')
  sandbox.listeners += 1
  response.set({ 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' })
  response.flushHeaders()
  const unsubscribe = sandbox.phones.onChange((change) => response.write(`data: ${JSON.stringify(change)}\n\n`))
  let cancel = (): void => undefined
  const beat = (): void => {
    response.write(': here\n\n')
    cancel = sandbox.ctx.clock.after(heartbeatMs, beat)
  }
  beat()
  request.once('close', () => {
    sandbox.listeners -= 1
    unsubscribe()
    cancel()
  })
}

function known<T>(found: T | null): T {
  if (found === null) throw new AppError('not_found', 'The sandbox has no such customer, or no room for one more.')
  return found
}

function whose(request: Request): { accountId: string; customerId: string } {
  return { accountId: param(request, 'accountId'), customerId: param(request, 'customerId') }
}

function param(request: Request, name: string): string {
  const value = request.params[name]
  return typeof value === 'string' ? value : ''
}
