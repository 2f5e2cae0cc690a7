import { join } from 'node:path'
import express, { type Express, type Router } from 'express'
import { packageRoot } from '../lib/package-root.ts'
import type { ServiceContext } from '../services/context.ts'
import { accountLinkRoutes, serveAccountLinks } from './account-link.ts'
import { apiRoutes } from './api/index.ts'
import { apiPageRoutes, serveApiPages } from './api-pages.ts'
import { consoleRoutes, serveConsole } from './console.ts'
import { contentPolicy } from './content-policy.ts'
import { answerHealth, answerReadiness, type ReadinessSources, readinessOf } from './health.ts'
import { mediaRoutes, serveMedia } from './media.ts'
import { answerMetrics, createMetrics, type Metrics } from './metrics.ts'
import { nameRequest, noSuchRoute, problemHandler } from './problems.ts'
import { createRateLimits, defaultHttpLimits, type HttpLimits } from './rate-limits.ts'
import type { DeclaredRoute } from './route-table.ts'
import { serveRoutes } from './serve-route.ts'

/** Largest JSON body of the API, bytes. */
const maxJsonBytes = 256 * 1024

/** What the web server is given beside the context. */
export interface HttpDeps extends ReadinessSources {
  /** Routers of other parts (chat, sandbox), with what they declare; their paths are whole. */
  readonly routers?: readonly { readonly router: Router; readonly routes: readonly DeclaredRoute[] }[]
  readonly limits?: Partial<HttpLimits>
  /** Holds each JSON answer against its schema; for tests and development. */
  readonly checkOutput?: boolean
  /** Folder of the built console; `dist/agent-ui` of the package when left out. */
  readonly consoleDir?: string
}

/** The web server's express application with what the hub needs of it. */
export interface HttpApp {
  readonly app: Express
  readonly metrics: Metrics
  /** Every route it serves with what each demands, for the golden table. */
  readonly declared: readonly DeclaredRoute[]
}

const systemRoutes: readonly DeclaredRoute[] = [
  { method: 'get', path: '/healthz', permission: 'public' },
  { method: 'get', path: '/readyz', permission: 'public' },
]
const metricsRoutes: readonly DeclaredRoute[] = [{ method: 'get', path: '/metrics', permission: 'public' }]

/**
 * Builds the web server. It listens nowhere: the hub gives it to its HTTP server, behind the listener
 * for webhooks. `/metrics` is served here unless `METRICS_PORT` gives it a listener of its own.
 */
export function createHttpApp(ctx: ServiceContext, deps: HttpDeps): HttpApp {
  const app = express()
  app.disable('x-powered-by').disable('etag').set('trust proxy', ctx.config.trustProxy)
  const metrics = createMetrics(ctx, deps.tailedSeq)
  app.use(nameRequest, metrics.observe, contentPolicy(ctx.config))
  app.get('/healthz', answerHealth)
  app.get('/readyz', answerReadiness(ctx, readinessOf(ctx, deps)))
  const ownMetrics = ctx.config.metricsPort === null
  if (ownMetrics) app.get('/metrics', answerMetrics(metrics))
  for (const { router } of deps.routers ?? []) app.use(router)
  app.use('/api', express.json({ limit: maxJsonBytes }))
  serveApiPages(app, ctx, apiRoutes)
  const limits = createRateLimits(ctx.limiters, { ...defaultHttpLimits, ...deps.limits })
  serveRoutes(app, { ctx, limits, checkOutput: deps.checkOutput ?? false }, apiRoutes)
  serveMedia(app, ctx, limits)
  serveAccountLinks(app, ctx, limits)
  serveConsole(app, deps.consoleDir ?? join(packageRoot, 'dist', 'agent-ui'))
  app.use(noSuchRoute, problemHandler(ctx.log))
  const declared = [
    ...systemRoutes,
    ...(ownMetrics ? metricsRoutes : []),
    ...(deps.routers ?? []).flatMap(({ routes }) => routes),
    ...apiPageRoutes,
    ...apiRoutes.map(({ method, path, permission }) => ({ method, path, permission })),
    ...mediaRoutes,
    ...accountLinkRoutes,
    ...consoleRoutes,
  ]
  return { app, metrics, declared }
}
