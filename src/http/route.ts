import type { Request, RequestHandler, Response } from 'express'
import type { z } from 'zod'
import type { Viewer } from '../core/access/authorize.ts'
import type { Permission } from '../core/access/permissions.ts'
import type { Auth } from '../services/access/authenticate.ts'
import type { ServiceContext } from '../services/context.ts'
import type { ErrorKind } from '../wire/errors.ts'

/** What a route demands: a permission, or nothing. Every route and socket call declares one. */
export type Demand = Permission | 'public'

/** Methods an API route may have. */
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'

/** What a handler is given: everything is validated. */
export interface RouteInput<D extends Demand, P, Q, B> {
  readonly ctx: ServiceContext
  /** Who asks; may be null on public routes only. */
  readonly auth: D extends 'public' ? Auth | null : Auth
  readonly viewer: D extends 'public' ? Viewer | null : Viewer
  readonly params: P
  readonly query: Q
  readonly body: B
  readonly ip: string
  readonly requestId: string
  /** For headers and streams; a JSON handler returns its answer instead of writing it. */
  readonly req: Request
  readonly res: Response
}

interface RouteFacts {
  readonly method: Method
  /** Express's form: `/api/v1/agents/:id`. */
  readonly path: `/api/v1/${string}`
  readonly tags: readonly [Tag]
  /** A line for the API pages. */
  readonly summary: string
  readonly description?: string
  /** Status of success; 200, or 204 without output. */
  readonly status?: number
  /** Whether `Idempotency-Key` is honoured; true for writes that are not public and take no upload. */
  readonly idempotent?: boolean
  /** A body to start from, shown on the API pages; its own schema takes it. */
  readonly example?: Readonly<Record<string, unknown>>
  /** Kinds of errors beyond those every route may answer with. */
  readonly errors?: readonly ErrorKind[]
}

/** The groups of the API pages. */
export type Tag =
  | 'Session'
  | 'Agents'
  | 'Roles'
  | 'Skills'
  | 'Queues'
  | 'Routing'
  | 'Callbacks'
  | 'Metrics'
  | 'Inboxes'
  | 'Contacts'
  | 'Conversations'
  | 'Search'
  | 'Offers'
  | 'Files'
  | 'Deliveries'
  | 'Live state'

/** A route before its types are erased; see `route`. */
export interface RouteSpec<D extends Demand, P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, O extends z.ZodType>
  extends RouteFacts {
  readonly permission: D
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  /** Schema of the answer; null for none. */
  readonly output: O | null
  readonly handler: (input: RouteInput<D, z.output<P>, z.output<Q>, z.output<B>>) => Promise<z.input<O> | void>
}

/** How a route takes or gives other things than JSON. */
export interface RawTraffic {
  /** Runs between the checks and the handler, such as the reader of a multipart body. */
  readonly receive?: (ctx: ServiceContext) => RequestHandler
  /** What the request's body is, for the API pages. */
  readonly consumes?: { readonly mime: string; readonly schema: z.ZodType }
  /** Kind of the answer when the handler writes it itself; the output schema is then null. */
  readonly produces?: string
}

/** A route as the server, the API document and the golden table read it. */
export interface Route extends RouteFacts {
  readonly permission: Demand
  readonly params?: z.ZodType | undefined
  readonly query?: z.ZodType | undefined
  readonly body?: z.ZodType | undefined
  readonly output: z.ZodType | null
  readonly raw?: RawTraffic
  readonly handler: (input: RouteInput<Demand, unknown, unknown, unknown>) => Promise<unknown>
}

/**
 * Declares a route of the API: who may call it, what it takes and gives, and what it does. The handler
 * runs only for who holds the permission, with input that its schemas passed.
 */
export function route<
  D extends Demand,
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  O extends z.ZodType = z.ZodType,
>(spec: RouteSpec<D, P, Q, B, O> & { readonly raw?: RawTraffic }): Route {
  // The server validates with the very schemas the handler's types come from, so the erased call is sound.
  return spec as unknown as Route
}
