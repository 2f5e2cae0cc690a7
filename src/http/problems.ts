import type { ErrorRequestHandler, Request, RequestHandler, Response } from 'express'
import { z } from 'zod'
import { AppError, errorKinds, kindOf } from '../lib/errors.ts'
import { newId } from '../lib/ids.ts'
import type { Log } from '../lib/log.ts'
import { problemOf } from '../lib/wire-error.ts'

declare module 'express-serve-static-core' {
  interface Locals {
    /** Names the request in its answer and in the log. */
    requestId?: string
  }
}

/** Gives each request an id, told in `X-Request-Id`. */
export const nameRequest: RequestHandler = (_req, res, next) => {
  const id = newId()
  res.locals.requestId = id
  res.setHeader('X-Request-Id', id)
  next()
}

/** The id of the request that `res` answers. */
export function requestIdOf(res: Response): string {
  return res.locals.requestId ?? ''
}

/** Answers with the problem that `thrown` is; logs it when an operator should hear of it. */
export function answerProblem(log: Log, thrown: unknown, req: Request, res: Response): void {
  const error = known(thrown)
  const requestId = requestIdOf(res)
  const kind = error instanceof z.ZodError ? 'invalid_input' : kindOf(error)
  if (errorKinds[kind].reported) log.error({ err: error, requestId, method: req.method, path: pathOf(req) }, 'A request failed.')
  if (res.headersSent) {
    // Half an answer cannot be mended; a cut connection at least shows that it is half.
    res.destroy()
    return
  }
  const problem = problemOf(error, requestId)
  const retryAfterMs = error instanceof AppError ? error.details['retryAfterMs'] : undefined
  if (typeof retryAfterMs === 'number') res.setHeader('Retry-After', String(Math.ceil(retryAfterMs / 1_000)))
  if (kind === 'unauthenticated') res.setHeader('WWW-Authenticate', 'Bearer realm="onequeue"')
  res.removeHeader('Content-Disposition')
  res.setHeader('Cache-Control', 'no-store')
  res.status(problem.status).type('application/problem+json').send(JSON.stringify(problem))
}

/** The last middleware: everything thrown becomes a problem. */
export function problemHandler(log: Log): ErrorRequestHandler {
  const answerThrown: ErrorRequestHandler = (thrown: unknown, req, res, _next) => answerProblem(log, thrown, req, res)
  return answerThrown
}

/** For addresses below `/api` that are no route. */
export const noSuchRoute: RequestHandler = (_req, _res, next) => {
  next(new AppError('not_found', 'There is no such address here.', { code: 'no_such_route' }))
}

/** The template of the route, not the address itself, which may hold tokens. */
function pathOf(req: Request): string {
  const route: unknown = req.route
  return typeof route === 'object' && route !== null && 'path' in route && typeof route.path === 'string' ? route.path : '(no route)'
}

/** Errors of express's own parts in our words (http-errors' `type` and `status`, multer's `code`). */
function known(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || thrown instanceof AppError || thrown instanceof z.ZodError) return thrown
  const { type, status, code } = thrown as { type?: unknown; status?: unknown; code?: unknown }
  if (type === 'entity.too.large' || code === 'LIMIT_FILE_SIZE')
    return new AppError('too_large', 'The body is too large.', {}, { cause: thrown })
  if (type === 'entity.parse.failed')
    return new AppError('invalid_input', 'The body is not valid JSON.', { code: 'invalid_json' }, { cause: thrown })
  if (typeof code === 'string' && code.startsWith('LIMIT_'))
    return new AppError('invalid_input', 'The form has more parts than are taken here.', { code: 'bad_form' }, { cause: thrown })
  if (typeof status === 'number' && status >= 400 && status < 500) {
    return new AppError('invalid_input', 'The request cannot be read.', { code: 'bad_request' }, { cause: thrown })
  }
  return thrown
}
