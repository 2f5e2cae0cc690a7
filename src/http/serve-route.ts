import type { Express, NextFunction, Request, RequestHandler, Response } from 'express'
import { z } from 'zod'
import { AppError } from '../lib/errors.ts'
import { sanitizeJson } from '../lib/sanitize-text.ts'
import { fieldsOf, invalidInput } from '../lib/wire-error.ts'
import { type Auth, authenticate } from '../services/access/authenticate.ts'
import type { ServiceContext } from '../services/context.ts'
import { type Answer, doOnce, idempotencyHeader } from '../services/idempotency/do-once.ts'
import { demand, refuseForgery } from './guard.ts'
import { requestIdOf } from './problems.ts'
import type { RateLimits } from './rate-limits.ts'
import type { Route } from './route.ts'

/** What all routes share. */
export interface RouteServer {
  readonly ctx: ServiceContext
  readonly limits: RateLimits
  /** Holds each answer against its schema; a mismatch is a bug. For tests and development. */
  readonly checkOutput: boolean
}

/** Lets express serve the routes. */
export function serveRoutes(app: Express, server: RouteServer, routes: readonly Route[]): void {
  for (const route of routes) {
    const between: RequestHandler[] = route.raw?.receive === undefined ? [] : [route.raw.receive(server.ctx)]
    app[route.method](route.path, admit(server, route), ...between, perform(server, route))
  }
}

/** Who asks, whether they may, and whether it was really they. Runs before any body but JSON is read. */
function admit({ ctx, limits }: RouteServer, route: Route): RequestHandler {
  return async (req, res, next) => {
    const ip = ipOf(req)
    await limits.takeFromAddress(ip)
    const auth = await authenticate(ctx, { cookie: req.headers.cookie, authorization: req.headers.authorization })
    await limits.takeFromCaller(ip, auth)
    demand(auth, route.permission)
    refuseForgery(ctx.config, req, auth)
    res.locals['auth'] = auth
    next()
  }
}

function perform(server: RouteServer, route: Route): (req: Request, res: Response, next: NextFunction) => Promise<void> {
  return async (req, res) => {
    res.setHeader('Cache-Control', 'no-store')
    // Set by `admit`, which runs before on every route.
    const auth = res.locals['auth'] as Auth | null
    const input = validated(route, req)
    const work = (): Promise<unknown> => handle(server, route, req, res, auth, input)
    if (route.raw?.produces !== undefined) {
      await work()
      return
    }
    const answer = await perhapsOnce(server, route, req, res, auth, input.body, async () => answerOf(server, route, await work()))
    if (answer.text === '') res.status(answer.status).end()
    else
      res
        .status(answer.status)
        .type(answer.status >= 400 ? 'application/problem+json' : 'application/json')
        .send(answer.text)
  }
}

interface Input {
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
}

function handle({ ctx }: RouteServer, route: Route, req: Request, res: Response, auth: Auth | null, input: Input): Promise<unknown> {
  return route.handler({ ctx, auth, viewer: auth?.viewer ?? null, ...input, ip: ipOf(req), requestId: requestIdOf(res), req, res })
}

function answerOf({ checkOutput }: RouteServer, route: Route, output: unknown): Answer {
  if (route.output === null) return { status: route.status ?? 204, text: '' }
  if (checkOutput) {
    const checked = route.output.safeParse(output)
    if (!checked.success) {
      throw new AppError('bug', `The answer of ${route.method} ${route.path} does not fit its schema: ${z.prettifyError(checked.error)}`)
    }
    return { status: route.status ?? 200, text: JSON.stringify(checked.data) }
  }
  return { status: route.status ?? 200, text: JSON.stringify(output) }
}

/** Whether the route honours `Idempotency-Key`. */
export function isIdempotent(route: Route): boolean {
  return route.idempotent ?? (route.method !== 'get' && route.permission !== 'public' && route.raw === undefined)
}

async function perhapsOnce(
  { ctx }: RouteServer,
  route: Route,
  req: Request,
  res: Response,
  auth: Auth | null,
  body: unknown,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const key = req.get(idempotencyHeader)
  if (key === undefined || route.method === 'get') return work()
  if (auth === null || !isIdempotent(route)) {
    const message = 'is not taken here'
    throw new AppError('invalid_input', `Idempotency-Key ${message}.`, { fields: [{ path: 'Idempotency-Key', message }] })
  }
  const { agentId } = auth.viewer
  const path = req.originalUrl
  const answer = await doOnce(ctx, { agentId, key, method: req.method, path, body, requestId: requestIdOf(res) }, work)
  if (answer.replayed) res.setHeader('Idempotent-Replayed', 'true')
  return answer
}

/** Address, query and body as the route's schemas make them. @throws AppError 'invalid_input' naming each wrong field. */
function validated(route: Route, req: Request): Input {
  const params = route.params?.safeParse(req.params)
  // An id that cannot be one names nothing.
  if (params?.success === false) throw new AppError('not_found', 'There is no such thing.')
  const query = route.query?.safeParse(sanitizeJson(req.query))
  const body = route.body?.safeParse(bodyOf(req))
  const fields = [...(query?.success === false ? fieldsOf(query.error) : []), ...(body?.success === false ? fieldsOf(body.error) : [])]
  if (fields.length > 0) throw invalidInput(fields)
  return { params: params?.data ?? {}, query: query?.data ?? {}, body: body?.data }
}

function bodyOf(req: Request): unknown {
  if (req.body === undefined && Number(req.headers['content-length'] ?? 0) > 0) {
    throw new AppError('invalid_input', 'Send the body as application/json.', { code: 'not_json' })
  }
  return sanitizeJson(req.body ?? {})
}

function ipOf(req: Request): string {
  return req.ip ?? 'unknown'
}
