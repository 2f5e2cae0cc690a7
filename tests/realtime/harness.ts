import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Server } from 'socket.io'
import { channels } from '../../channels/index.ts'
import { migrate } from '../../db/migrate.ts'
import { newestSeq } from '../../db/queries/log.ts'
import { insertSession } from '../../db/queries/sessions.ts'
import { openStore } from '../../db/store.ts'
import { openDiskBlobs } from '../../src/adapters/blobs-disk.ts'
import { createLocalBroadcast } from '../../src/adapters/broadcast-local.ts'
import { createFakeClock, type FakeClock } from '../../src/adapters/clock-fake.ts'
import { createMemoryJobQueue } from '../../src/adapters/job-queue-memory.ts'
import { createMemoryLimiters } from '../../src/adapters/limiter-memory.ts'
import { readConfig } from '../../src/config.ts'
import type { Viewer } from '../../src/core/access/authorize.ts'
import { newId } from '../../src/lib/ids.ts'
import { createLog } from '../../src/lib/log.ts'
import { createSecrets, hashToken, newToken } from '../../src/lib/secrets.ts'
import { openAgentGateway } from '../../src/realtime/gateway.ts'
import { createRealtimeCounts } from '../../src/realtime/metrics.ts'
import { createLogTail } from '../../src/realtime/tail.ts'
import { sessionCookie } from '../../src/services/access/authenticate.ts'
import { ensureRoles } from '../../src/services/access/ensure-administrator.ts'
import { loadViewer } from '../../src/services/access/load-viewer.ts'
import { systemViewer } from '../../src/services/access/system-viewer.ts'
import { createAgent } from '../../src/services/agents/create-agent.ts'
import type { ServiceContext } from '../../src/services/context.ts'
import { acceptPayloads } from '../../src/services/deliveries/accept-delivery.ts'
import { createOpenInboxes } from '../../src/services/inboxes/open-inboxes.ts'
import { createInbox } from '../../src/services/inboxes/write-inbox.ts'
import { createQueue } from '../../src/services/queues/write-queue.ts'
import { queueSettingsSchema } from '../../src/wire/queues.ts'
import { type WebchatPayload, webchatPayloadId } from '../../src/wire/webchat.ts'

/** An agent with a log-in. */
export interface TestAgent {
  readonly id: string
  readonly name: string
  readonly cookie: string
  readonly sessionId: string
  viewer(): Promise<Viewer>
}

/** A hub of realtime parts over real sockets; time stands still until it is moved. */
export interface RealtimeHub {
  readonly ctx: ServiceContext
  readonly clock: FakeClock
  readonly url: string
  readonly gateway: Awaited<ReturnType<typeof openAgentGateway>>
  readonly tail: ReturnType<typeof createLogTail>
  readonly counts: ReturnType<typeof createRealtimeCounts>['counts']
  addQueue(name: string): Promise<string>
  addInbox(name: string, queueId: string, more?: { restricted?: boolean; memberIds?: string[] }): Promise<string>
  addAgent(name: string, more?: { roleId?: string; queueIds?: string[] }): Promise<TestAgent>
  /** A customer writes; returns the conversation it went into. */
  receive(inboxId: string, customer: string, text: string): Promise<string>
  newestSeq(): Promise<number>
  /** Idempotent. */
  stop(): Promise<void>
}

/** Where a hub keeps its data: in memory, or in the database of this URL. */
export async function startRealtimeHub({ databaseUrl = 'file::memory:', checkOutgoing = true } = {}): Promise<RealtimeHub> {
  const dataDir = await mkdtemp(join(tmpdir(), 'onequeue-realtime-'))
  const clock = createFakeClock()
  const log = createLog({ level: 'fatal' })
  const config = readConfig({ DATA_DIR: dataDir, DATABASE_URL: databaseUrl, PUBLIC_URL: 'http://desk.test' })
  const store = await openStore({ url: databaseUrl })
  await migrate(store)
  const secrets = createSecrets(config.secretKey)
  const blobs = await openDiskBlobs({ directory: dataDir, now: clock.now() })
  const inboxes = createOpenInboxes({
    store,
    config,
    clock,
    log,
    secrets,
    fetch: globalThis.fetch,
    resolve: async (host) => host,
    blobs,
    channels,
  })
  const ctx: ServiceContext = {
    config,
    store,
    clock,
    log,
    jobs: createMemoryJobQueue(clock),
    broadcast: createLocalBroadcast(log),
    blobs,
    limiters: createMemoryLimiters(clock),
    secrets,
    inboxes,
    fetch: globalThis.fetch,
    fetchPicture: globalThis.fetch,
    mail: null,
  }
  await ensureRoles(ctx)
  const http = createServer()
  const io = new Server(http, { serveClient: false, perMessageDeflate: false, maxHttpBufferSize: 100_000 })
  const { counts, metrics } = createRealtimeCounts()
  const tail = createLogTail({ store, clock, broadcast: ctx.broadcast, log })
  const gateway = await openAgentGateway(ctx, { io, tail, metrics, checkOutgoing })
  await tail.start()
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  let stopped = false
  return {
    ctx,
    clock,
    gateway,
    tail,
    counts,
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    addQueue: async (name) =>
      (await createQueue(ctx, systemViewer, { name, enabled: true, settings: queueSettingsSchema.parse({}), memberIds: [] })).id,
    addInbox: async (name, queueId, { restricted = false, memberIds = [] } = {}) => {
      const input = {
        channel: 'webchat',
        name,
        queueId,
        locale: 'en',
        enabled: true,
        restricted,
        memberIds,
        reopenWindowMs: 86_400_000,
        config: {},
      } as const
      return (await createInbox(ctx, systemViewer, { ...input, memberIds: [...memberIds] })).id
    },
    addAgent: (name, more) => addAgent(ctx, name, more),
    receive: (inboxId, customer, text) => receive(ctx, inboxId, customer, text),
    newestSeq: () => newestSeq(store),
    stop: async () => {
      if (stopped) return
      stopped = true
      await gateway.stop()
      await tail.stop()
      await io.close()
      await inboxes.close()
      await store.close()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function addAgent(ctx: ServiceContext, name: string, { roleId = 'agent', queueIds = [] as string[] } = {}): Promise<TestAgent> {
  const email = `${newId()}@desk.test`
  const { agent } = await createAgent(ctx, systemViewer, { email, name, roleId, locale: 'en', queueIds })
  const token = newToken('oqs')
  const sessionId = newId()
  const now = ctx.clock.now()
  const session = { id: sessionId, agentId: agent.id, tokenHash: hashToken(token), csrfToken: newToken('oqc'), userAgent: null, ip: null }
  await ctx.store.tx((tx) => insertSession(tx, { ...session, createdAt: now, lastSeenAt: now, expiresAt: now + 86_400_000 }))
  const viewer = async () => {
    const loaded = await loadViewer(ctx, agent.id)
    if (loaded === null) throw new Error(`${name} is gone`)
    return loaded
  }
  return { id: agent.id, name, sessionId, cookie: `${sessionCookie}=${token}`, viewer }
}

async function receive(ctx: ServiceContext, inboxId: string, customer: string, text: string): Promise<string> {
  const visitorId = hashToken(customer).slice(0, 32)
  const payload: WebchatPayload = {
    version: 1,
    kind: 'message',
    visitorId,
    clientId: newId(),
    at: ctx.clock.now(),
    parts: [{ type: 'text', text }],
  }
  const [accepted] = await acceptPayloads(ctx, await ctx.inboxes.get(inboxId), [
    { externalId: webchatPayloadId(payload), raw: JSON.stringify(payload) },
  ])
  if (accepted?.outcome !== 'processed') throw new Error(`the message was ${accepted?.outcome}`)
  const { conversations: c } = ctx.store.t
  const rows = await ctx.store.db.select({ id: c.id, threadKey: c.threadKey, inboxId: c.inboxId }).from(c)
  const found = rows.filter((row) => row.threadKey === visitorId && row.inboxId === inboxId).sort((a, b) => (a.id < b.id ? 1 : -1))[0]
  if (found === undefined) throw new Error('no conversation began')
  return found.id
}
