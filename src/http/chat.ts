import type { IncomingMessage } from 'node:http'
import { join } from 'node:path'
import express, { type Request, type RequestHandler, type Response, type Router } from 'express'
import { AppError, kindOf } from '../lib/errors.ts'
import { packageRoot } from '../lib/package-root.ts'
import { fieldsOf, invalidInput } from '../lib/wire-error.ts'
import type { ServiceContext } from '../services/context.ts'
import { identifyVisitor, openChatInbox, ownOrigin, requireOrigin, type Visitor } from '../services/visitors/chat-inbox.ts'
import { eraseVisitor } from '../services/visitors/erase-visitor.ts'
import { identifyUser } from '../services/visitors/identify-user.ts'
import { syncVisitor } from '../services/visitors/load-visitor-thread.ts'
import { logOutVisitor } from '../services/visitors/log-out-visitor.ts'
import { openVisitorFile } from '../services/visitors/open-visitor-file.ts'
import { openVisitorSession } from '../services/visitors/open-visitor-session.ts'
import { sendTranscript } from '../services/visitors/send-transcript.ts'
import { sendVisitorMessage } from '../services/visitors/send-visitor-message.ts'
import { storeVisitorFile } from '../services/visitors/store-visitor-file.ts'
import { giveUploadTicket } from '../services/visitors/upload-ticket.ts'
import type { VisitorLimits } from '../services/visitors/visitor-limits.ts'
import {
  eraseInputSchema,
  uploadTicketInputSchema,
  visitorCalls,
  visitorIdentifyInputSchema,
  visitorSessionInputSchema,
} from '../wire/visitor.ts'
import { sendChatPage, sendLoader } from './chat-pages.ts'
import type { DeclaredRoute } from './route-table.ts'
import { sendFile } from './send-file.ts'

/** What the chat's routes are built from. */
export interface ChatRouterDeps {
  readonly limits: VisitorLimits
  clientIp(request: IncomingMessage): string
  /** Folder of the built widget; `dist/widget` of the package when left out. */
  readonly widgetDir?: string
}

interface Chat extends Required<ChatRouterDeps> {
  readonly ctx: ServiceContext
}

interface ChatRoute extends DeclaredRoute {
  readonly method: 'get' | 'post'
  /** Reads a JSON body; without it the body is left on the wire. */
  readonly json?: boolean
  handle(chat: Chat, request: Request, response: Response): Promise<void>
}

const maxBodyBytes = 128 * 1024
/** Socket.io's own path and the console are elsewhere; this holds the files with a hash in their names. */
const assetsPath = '/chat-assets'

const routes: readonly ChatRoute[] = [
  { method: 'get', path: '/widget.js', permission: 'public', handle: (chat, _, response) => sendLoader(response, chat.widgetDir) },
  { method: 'get', path: '/chat/:inboxId', permission: 'public', handle: showPage },
  { method: 'post', path: '/chat/:inboxId/session', permission: 'public', json: true, handle: openSession },
  { method: 'post', path: '/chat/:inboxId/identify', permission: 'public', json: true, handle: takeProof },
  { method: 'post', path: '/chat/:inboxId/logout', permission: 'visitor', handle: logOut },
  { method: 'post', path: '/chat/:inboxId/sync', permission: 'visitor', json: true, handle: sync },
  { method: 'post', path: '/chat/:inboxId/messages', permission: 'visitor', json: true, handle: takeMessage },
  { method: 'post', path: '/chat/:inboxId/tickets', permission: 'visitor', json: true, handle: giveTicket },
  { method: 'post', path: '/chat/:inboxId/files/:ticket', permission: 'visitor', handle: takeFile },
  { method: 'post', path: '/chat/:inboxId/transcript', permission: 'visitor', handle: mailTranscript },
  { method: 'post', path: '/chat/:inboxId/erase', permission: 'visitor', json: true, handle: erase },
  { method: 'get', path: '/chat/:inboxId/files/:fileId/content', permission: 'visitor', handle: giveFile },
]

/** Every route of the chat with what it takes to use it. */
export const chatRouteTable: readonly DeclaredRoute[] = [
  ...routes.map(({ method, path, permission }) => ({ method, path, permission })),
  { method: 'get', path: `${assetsPath}/*file`, permission: 'public' },
]

/**
 * The visitor's side of web chat over HTTP: the widget, the hosted page, and what its browser asks beside the socket. Errors go
 * to the application's own handler.
 */
export function createChatRouter(ctx: ServiceContext, deps: ChatRouterDeps): Router {
  const chat: Chat = { widgetDir: join(packageRoot, 'dist', 'widget'), ...deps, ctx }
  const router = express.Router()
  const json = express.json({ limit: maxBodyBytes, type: () => true })
  for (const route of routes) {
    const readers: RequestHandler[] = route.json === true ? [json] : []
    router[route.method](route.path, ...readers, (request, response, next) => {
      route.handle(chat, request, response).catch(next)
    })
  }
  router.use(
    assetsPath,
    express.static(join(chat.widgetDir, 'chat-assets'), { immutable: true, maxAge: '365d', index: false, fallthrough: false }),
  )
  return router
}

async function showPage({ ctx, widgetDir }: Chat, request: Request, response: Response): Promise<void> {
  try {
    const { config } = await openChatInbox(ctx, param(request, 'inboxId'))
    await sendChatPage(response, widgetDir, config.allowedOrigins, ownOrigin(ctx))
  } catch (error) {
    // A person who follows an old link sees the chat's own words for it, in their language.
    if (kindOf(error) !== 'not_found' || request.accepts(['json', 'html']) !== 'html') throw error
    await sendChatPage(response.status(404), widgetDir, [], ownOrigin(ctx))
  }
}

async function openSession(chat: Chat, request: Request, response: Response): Promise<void> {
  const { ctx, limits, clientIp } = chat
  const opened = await openChatInbox(ctx, param(request, 'inboxId'))
  requireOrigin(ctx, opened.config, request.headers.origin)
  await limits.arrive(clientIp(request), opened.inbox.id)
  const input = parse(visitorSessionInputSchema.safeParse(request.body ?? {}))
  response.set('Cache-Control', 'no-store').json(await openVisitorSession(ctx, opened, input.token))
}

/** The site says who its user is; the chat passes its proof on. */
async function takeProof(chat: Chat, request: Request, response: Response): Promise<void> {
  const { ctx, limits, clientIp } = chat
  const opened = await openChatInbox(ctx, param(request, 'inboxId'))
  requireOrigin(ctx, opened.config, request.headers.origin)
  await limits.identify(clientIp(request), opened.inbox.id)
  const input = parse(visitorIdentifyInputSchema.safeParse(request.body ?? {}))
  response.set('Cache-Control', 'no-store').json(await identifyUser(ctx, opened, input.token, input.proof))
}

async function logOut(chat: Chat, request: Request, response: Response): Promise<void> {
  const visitor = await bearer(chat, request)
  requireOrigin(chat.ctx, visitor.config, request.headers.origin)
  await logOutVisitor(chat.ctx, visitor)
  response.status(204).end()
}

/** For browsers whose network lets no socket through. */
async function sync(chat: Chat, request: Request, response: Response): Promise<void> {
  const { ctx, limits, clientIp } = chat
  const visitor = await bearer(chat, request)
  requireOrigin(ctx, visitor.config, request.headers.origin)
  await limits.fetch(clientIp(request), visitor.visitorId)
  const { since, limit } = parse(visitorCalls.sync.input.safeParse(request.body ?? {}))
  response.set('Cache-Control', 'no-store').json(await syncVisitor(ctx, visitor, since, limit))
}

async function mailTranscript(chat: Chat, request: Request, response: Response): Promise<void> {
  const { ctx, limits, clientIp } = chat
  const visitor = await bearer(chat, request)
  requireOrigin(ctx, visitor.config, request.headers.origin)
  await limits.ask(clientIp(request), visitor.visitorId)
  await sendTranscript(ctx, visitor)
  response.status(204).end()
}

async function erase(chat: Chat, request: Request, response: Response): Promise<void> {
  const { ctx, limits, clientIp } = chat
  const visitor = await bearer(chat, request)
  requireOrigin(ctx, visitor.config, request.headers.origin)
  await limits.ask(clientIp(request), visitor.visitorId)
  parse(eraseInputSchema.safeParse(request.body))
  await eraseVisitor(ctx, visitor)
  response.status(204).end()
}

async function takeMessage(chat: Chat, request: Request, response: Response): Promise<void> {
  const { ctx, limits, clientIp } = chat
  const visitor = await bearer(chat, request)
  requireOrigin(ctx, visitor.config, request.headers.origin)
  await limits.speak(clientIp(request), visitor.inbox.id, visitor.visitorId)
  const input = parse(visitorCalls['message.send'].input.safeParse(request.body))
  response.set('Cache-Control', 'no-store').json(await sendVisitorMessage(ctx, visitor, input))
}

async function giveTicket(chat: Chat, request: Request, response: Response): Promise<void> {
  const { ctx, limits, clientIp } = chat
  const visitor = await bearer(chat, request)
  requireOrigin(ctx, visitor.config, request.headers.origin)
  await limits.upload(clientIp(request), visitor.visitorId)
  const { bytes } = parse(uploadTicketInputSchema.safeParse(request.body))
  response
    .status(201)
    .set('Cache-Control', 'no-store')
    .json(await giveUploadTicket(ctx, visitor, bytes))
}

/** The body is the file itself; its name stands, percent-encoded, in `X-File-Name`. */
async function takeFile(chat: Chat, request: Request, response: Response): Promise<void> {
  const visitor = await bearer(chat, request)
  requireOrigin(chat.ctx, visitor.config, request.headers.origin)
  const name = decodeName(request.get('x-file-name') ?? '')
  const stored = await storeVisitorFile(chat.ctx, visitor, param(request, 'ticket'), name, request)
  response.status(201).set('Cache-Control', 'no-store').json(stored)
}

async function giveFile(chat: Chat, request: Request, response: Response): Promise<void> {
  const visitor = await bearer(chat, request)
  await chat.limits.fetch(chat.clientIp(request), visitor.visitorId)
  const file = await openVisitorFile(chat.ctx, visitor, param(request, 'fileId'))
  await sendFile(request, response, file, 'private, max-age=3600')
}

/** @throws AppError 'unauthenticated' unless the request bears a token of the inbox in its path. */
async function bearer({ ctx }: Chat, request: Request): Promise<Visitor> {
  const token = /^Bearer ([\w.-]+)$/.exec(request.headers.authorization ?? '')?.[1]
  if (token === undefined) throw new AppError('unauthenticated', 'The chat needs its token.', { code: 'visitor_token' })
  return identifyVisitor(ctx, token, param(request, 'inboxId'))
}

function param(request: Request, name: string): string {
  const value = request.params[name]
  return typeof value === 'string' ? value : ''
}

function parse<T>(result: { success: true; data: T } | { success: false; error: Parameters<typeof fieldsOf>[0] }): T {
  if (result.success) return result.data
  throw invalidInput(fieldsOf(result.error))
}

function decodeName(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
