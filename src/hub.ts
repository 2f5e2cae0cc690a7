import { createServer, type IncomingMessage, type Server } from 'node:http'
import { join } from 'node:path'
import { Server as SocketServer } from 'socket.io'
import type { Channel } from '../channels/contract.ts'
import { channels as registeredChannels } from '../channels/index.ts'
import { countPendingMigrations, migrate } from '../db/migrate.ts'
import type { LogEvent } from '../db/queries/log.ts'
import { openStore } from '../db/store.ts'
import { openDiskBlobs } from './adapters/blobs-disk.ts'
import { createSystemClock } from './adapters/clock-system.ts'
import type { Config } from './config.ts'
import { startDemo } from './demo.ts'
import { createHttpApp, type HttpApp } from './http/app.ts'
import { watchBody } from './http/body-time.ts'
import { chatRouteTable, createChatRouter } from './http/chat.ts'
import { prepareServer } from './http/listening.ts'
import { createWebhookObserver } from './http/webhook-metrics.ts'
import { createWebhookListener, webhookRouteTable } from './http/webhooks.ts'
import { openBroadcast, openJobQueue, openLimiters, openMail, openScanner } from './hub-adapters.ts'
import { startSweeps } from './jobs/sweep.ts'
import { registerJobs } from './jobs/table.ts'
import { createEgress } from './lib/egress.ts'
import { createLog, type Log, namedLog } from './lib/log.ts'
import { createSecrets } from './lib/secrets.ts'
import type { Clock } from './ports/clock.ts'
import type { JobQueue } from './ports/job-queue.ts'
import type { MailTransport } from './ports/mail.ts'
import { openAgentGateway } from './realtime/gateway.ts'
import { createRealtimeMetrics, gaugeRealtime } from './realtime/prometheus.ts'
import { createLogTail } from './realtime/tail.ts'
import { openVisitorGateway } from './realtime/visitor/gateway.ts'
import { ensureAdministrator, ensureRoles } from './services/access/ensure-administrator.ts'
import { watchViewers } from './services/access/load-viewer.ts'
import type { ServiceContext } from './services/context.ts'
import { createOpenInboxes } from './services/inboxes/open-inboxes.ts'
import { startListeners } from './services/inboxes/run-listeners.ts'
import { startRouter } from './services/routing/router.ts'
import { startSearchIndexer } from './services/search/start-indexer.ts'
import { createVisitorLimits } from './services/visitors/visitor-limits.ts'
import type { SmtpListener } from './smtp-listener.ts'

/** What a caller may put in place of what the hub would make. */
export interface HubOverrides {
  /** Makes the job queue in place of the one the settings name. */
  readonly createJobs?: (clock: Clock) => JobQueue
  readonly clock?: Clock
  readonly log?: Log
  readonly channels?: readonly Channel[]
  /** Takes the product's own mail in place of what the settings name. */
  readonly mail?: MailTransport
  /** Private origins that adapters may reach, such as a stand-in platform. */
  readonly allowedOrigins?: readonly string[]
  /** Holds answers against their schemas. */
  readonly checkOutput?: boolean
}

/** A hub that runs. */
export interface Hub {
  /** Where it listens on this machine: `http://127.0.0.1:port`. */
  readonly url: string
  readonly ctx: ServiceContext
  /** Where the hub takes mail by SMTP, or null. */
  readonly smtpPort: number | null
  /** Every HTTP route with what it takes to use it. */
  readonly routes: readonly { readonly method: string; readonly path: string; readonly permission: string }[]
  /** The link with which the first administrator sets a password, when one had to be made. */
  readonly setupUrl: string | null
  /** Ends everything in the reverse order of its beginning; waits for work under way. Idempotent. */
  stop(): Promise<void>
}

/** The largest picture of a mail that is fetched from elsewhere, bytes. */
const maxPictureBytes = 8 * 1024 * 1024

/** How long running jobs may take when the hub stops. */
const stopGraceMs = 10_000

/**
 * Builds and starts a hub: the one place where things are made. Nothing listens before the database is
 * migrated and everything behind the listener is ready.
 * @throws whatever keeps it from starting; what was opened by then is closed.
 */
export async function startHub(config: Config, overrides: HubOverrides = {}): Promise<Hub> {
  const stops: Stops = []
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end()
  }
  try {
    return await assemble(config, overrides, stops, stop)
  } catch (error) {
    await stop()
    throw error
  }
}

type Stops = (() => unknown)[]

/** A context without a server, for the command line; `allowedOrigins` may still grow. */
export interface AssembledContext {
  readonly ctx: ServiceContext
  readonly allowedOrigins: string[]
  stop(): Promise<void>
}

/** Opens and migrates the database and everything use cases need; nothing listens or runs by itself. */
export async function assembleContext(config: Config, overrides: HubOverrides = {}): Promise<AssembledContext> {
  const stops: Stops = []
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end()
  }
  try {
    return { ...(await openContext(config, overrides, stops)), stop }
  } catch (error) {
    await stop()
    throw error
  }
}

async function assemble(config: Config, overrides: HubOverrides, stops: Stops, stop: () => Promise<void>): Promise<Hub> {
  const { ctx, allowedOrigins } = await openContext(config, overrides, stops)
  const { clock, log, store } = ctx
  await ensureRoles(ctx)
  stops.push(await watchViewers(ctx))
  const demo = await startDemo(ctx, allowedOrigins)
  stops.push(() => demo.stop())
  const setup = await ensureAdministrator(ctx)

  const tail = createLogTail({ store, clock, broadcast: ctx.broadcast, log: namedLog(log, 'realtime') })
  const web = config.roles.has('web')
  const limits = createVisitorLimits(ctx.limiters)
  let http: HttpApp | null = null
  let smtpIn: SmtpListener | null = null
  const clientIp = (request: IncomingMessage) => addressOf(http, request)
  const chat = { router: createChatRouter(ctx, { limits, clientIp }), routes: chatRouteTable }
  http = createHttpApp(ctx, {
    tailedSeq: () => (web ? tail.seq : null),
    pendingMigrations: () => countPendingMigrations(store),
    routers: [chat, ...demo.routers],
    checkOutput: overrides.checkOutput ?? false,
  })
  const server = createHttpServer(ctx, http)
  const listening = prepareServer(server)
  const io = web ? openSockets(server) : null
  if (io !== null) {
    const { registry } = http.metrics
    const agents = await openAgentGateway(ctx, {
      io,
      tail,
      metrics: createRealtimeMetrics(registry),
      checkOutgoing: overrides.checkOutput ?? false,
    })
    gaugeRealtime(registry, agents.figures)
    stops.push(() => agents.stop())
    stops.push(await openVisitorGateway(ctx, { io, source: tail, limits, clientIp }))
  }
  stops.push(tail.subscribe((batch) => forgetChangedInboxes(ctx, batch.events)))
  await tail.start()
  stops.push(() => tail.stop())
  if (config.roles.has('worker')) {
    registerJobs(ctx)
    const sweeps = startSweeps(ctx)
    stops.push(() => sweeps.stop())
    const indexer = startSearchIndexer({ ...ctx, log: namedLog(log, 'search') }, tail)
    stops.push(() => indexer.stop())
    const listeners = await startListeners({ ...ctx, log: namedLog(log, 'channel') }, tail)
    stops.push(() => listeners.stop())
  }
  if (web && config.smtpIn !== null) {
    const { startSmtpListener } = await import('./smtp-listener.ts')
    smtpIn = await startSmtpListener(ctx, config.smtpIn)
    stops.push(() => smtpIn?.stop())
  }
  await ctx.jobs.start()
  if (config.roles.has('router')) {
    const router = await startRouter({ ...ctx, log: namedLog(log, 'routing') }, tail)
    stops.push(() => router.stop())
  }
  const url = await listening.listen(config)
  stops.push(() => listening.close())
  if (io !== null) stops.push(() => io.local.disconnectSockets(true))
  await demo.connect(url)
  return {
    url,
    ctx,
    smtpPort: smtpIn?.port ?? null,
    routes: [...http.declared, ...webhookRouteTable],
    setupUrl: setup === null ? null : setup.url,
    stop,
  }
}

async function openContext(config: Config, overrides: HubOverrides, stops: Stops): Promise<Omit<AssembledContext, 'stop'>> {
  const clock = overrides.clock ?? createSystemClock()
  const log = overrides.log ?? createLog({ level: config.logLevel, buffered: config.production })
  const store = await openStore({
    url: config.databaseUrl,
    misuseGuard: !config.production,
    report: (error) => log.error({ err: error }, 'the store reports'),
  })
  stops.push(() => store.close())
  await migrate(store)
  const allowedOrigins = [...(overrides.allowedOrigins ?? []), ...config.privateHosts.map((host) => `tcp://${host}`)]
  const secrets = createSecrets(config.secretKey)
  const egress = createEgress({ allowedOrigins, timeoutMs: 300_000, maxBytes: 300 * 1024 * 1024 })
  stops.push(() => egress.close())
  const pictures = createEgress({
    allowedOrigins: overrides.allowedOrigins ?? [],
    timeoutMs: 10_000,
    maxBytes: maxPictureBytes,
    maxRedirects: 3,
  })
  stops.push(() => pictures.close())
  const mail = overrides.mail ?? (await openMail(config))
  stops.push(() => mail?.close())
  const broadcast = await openBroadcast(config, clock, namedLog(log, 'broadcast'))
  stops.push(() => broadcast.stop())
  const jobs = overrides.createJobs?.(clock) ?? (await openJobQueue(config, clock, namedLog(log, 'jobs')))
  stops.push(() => jobs.stop(stopGraceMs))
  const limiters = await openLimiters(config, clock, namedLog(log, 'limiter'))
  stops.push(() => limiters.close())
  const blobs = await openDiskBlobs({ directory: join(config.dataDir, 'files'), now: clock.now() })
  const { fetch } = egress
  if (config.scan !== null && 'url' in config.scan) allowedOrigins.push(new URL(config.scan.url).origin)
  const scanner = await openScanner(config, fetch)
  const inboxes = createOpenInboxes({
    store,
    config,
    clock,
    log,
    secrets,
    fetch,
    resolve: egress.resolve,
    blobs,
    channels: overrides.channels ?? registeredChannels,
  })
  stops.push(() => inboxes.close())
  const ctx = {
    config,
    store,
    clock,
    log,
    jobs,
    broadcast,
    blobs,
    limiters: limiters.limiters,
    secrets,
    inboxes,
    fetch,
    fetchPicture: pictures.fetch,
    mail,
    ...(scanner === undefined ? {} : { scanner }),
  }
  return { ctx, allowedOrigins }
}

/** An inbox another node has changed is opened anew at its next use. */
function forgetChangedInboxes(ctx: ServiceContext, events: readonly LogEvent[]): void {
  for (const { type, subjectId, data } of events) {
    if (type !== 'inbox.changed' || subjectId === null || data.what === 'health') continue
    ctx.inboxes.forget(subjectId).catch((error: unknown) => ctx.log.warn({ err: error, inboxId: subjectId }, 'inbox not closed'))
  }
}

function createHttpServer(ctx: ServiceContext, http: HttpApp): Server {
  const webhooks = createWebhookListener({ ...ctx, log: namedLog(ctx.log, 'webhooks') }, createWebhookObserver(http.metrics.registry))
  const server = createServer((req, res) => {
    watchBody(ctx.clock, req)
    if (!webhooks(req, res)) http.app(req, res)
  })
  server.keepAliveTimeout = 65_000
  // Bodies are watched one by one: an upload may take longer than anything else.
  server.requestTimeout = 0
  server.headersTimeout = 20_000
  return server
}

function openSockets(server: Server): SocketServer {
  return new SocketServer(server, {
    serveClient: false,
    maxHttpBufferSize: 100_000,
    perMessageDeflate: false,
    httpCompression: false,
    pingInterval: 15_000,
    pingTimeout: 20_000,
    connectTimeout: 10_000,
  })
}

/** The customer's address behind as many proxies as the settings trust; the rule is express's own. */
function addressOf(http: HttpApp | null, request: IncomingMessage): string {
  const trusts = http?.app.get('trust proxy fn') as ((address: string, hop: number) => boolean) | undefined
  const forwarded = String(request.headers['x-forwarded-for'] ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  const path = [request.socket.remoteAddress ?? '', ...forwarded.reverse()]
  const stranger = path.findIndex((address, hop) => trusts?.(address, hop) !== true)
  return (stranger === -1 ? path.at(-1) : path[stranger]) ?? ''
}
