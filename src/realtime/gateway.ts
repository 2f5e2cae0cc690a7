import type { ExtendedError, Server } from 'socket.io'
import { loadConversations } from '../../db/queries/load-conversations.ts'
import { canSee } from '../core/access/authorize.ts'
import { AppError } from '../lib/errors.ts'
import { newId } from '../lib/ids.ts'
import { wireErrorOf } from '../lib/wire-error.ts'
import type { Cancel } from '../ports/clock.ts'
import { scopeOf } from '../present/conversation.ts'
import type { ServiceContext } from '../services/context.ts'
import type { Reply, WireError } from '../wire/errors.ts'
import type { AgentSignals } from '../wire/events.ts'
import { createAccessWatch } from './access-watch.ts'
import { createCallGate } from './call-gate.ts'
import { type AgentCaller, runAgentCall } from './calls.ts'
import { AgentConnection, type AgentNamespace, type AgentSocket, Connections } from './connection.ts'
import { keepConsoles } from './consoles.ts'
import { createEphemera, type Ephemera } from './ephemera.ts'
import { every } from './every.ts'
import { createFanOut } from './fan-out.ts'
import { type AgentFeed, createAgentFeed } from './feed.ts'
import { admitAgent } from './handshake.ts'
import type { RealtimeFigures, RealtimeMetrics } from './metrics.ts'
import type { LogTail } from './tail.ts'

/** What the gateway is built from. */
export interface AgentGatewayDeps {
  readonly io: Server
  readonly tail: LogTail
  readonly metrics: RealtimeMetrics
  /** Parses every body before it is sent; for tests. False when left out. */
  readonly checkOutgoing?: boolean
}

/** The open `/agent` namespace. */
export interface AgentGateway {
  figures(): RealtimeFigures
  /** Ends it: sockets are closed and come back elsewhere. */
  stop(): Promise<void>
}

/** How often everybody is told how far the log has been told, milliseconds. */
export const heartbeatMs = 10_000
/** How often those who are behind are looked at when nothing else prompts it, milliseconds. */
const resumeMs = 1_000
/** How often log-ins are proved again: API tokens each time, sessions one part in eight. */
const recheckMs = 4_000
const recheckParts = 8
/** Sockets of one agent on this node. */
const maxSocketsPerAgent = 20

/** Opens the `/agent` namespace: consoles and programs of agents, each told what it may see. */
export async function openAgentGateway(ctx: ServiceContext, deps: AgentGatewayDeps): Promise<AgentGateway> {
  const space: AgentNamespace = deps.io.of('/agent')
  const connections = new Connections()
  const fanOut = createFanOut(space, deps.metrics, deps.checkOutgoing ?? false)
  const ephemera = await createEphemera(ctx, connections, fanOut)
  const end = (connection: AgentConnection, reason: string) => {
    const body: AgentSignals['session.ended'] = { reason }
    connection.socket.emit('session.ended', body)
    connection.socket.disconnect(true)
  }
  const access = createAccessWatch(ctx, connections, {
    end,
    changed: (connection) => {
      ephemera.closeAll(connection)
      feed.resync(connection, 'rights_changed')
    },
  })
  const feed = createAgentFeed(ctx, { connections, fanOut, metrics: deps.metrics, access, closed: ephemera.close })
  const consoles = await keepConsoles(ctx, connections)
  const serveOne = createService(ctx, deps, { connections, ephemera, feed, consoles })

  space.use((socket, next) => {
    admit(ctx, connections, socket).then(
      () => next(),
      (error: unknown) => next(refusal(ctx, error)),
    )
  })
  space.on('connection', serveOne)
  let round = 0
  const stops: Cancel[] = [
    deps.tail.subscribe(feed.take, () => connections.size > 0),
    every(ctx.clock, heartbeatMs, feed.heartbeat),
    every(ctx.clock, resumeMs, feed.resume),
    every(ctx.clock, recheckMs, () => {
      round = (round + 1) % recheckParts
      const due = [...connections].filter((c, i) => c.auth.by.type === 'token' || i % recheckParts === round)
      access.recheck(due).catch((err: unknown) => ctx.log.warn({ err }, 'Log-ins of sockets could not be proved again.'))
    }),
    consoles.stop,
    ephemera.stop,
  ]
  return {
    figures: () => figuresOf(connections, feed),
    stop: async () => {
      for (const stop of stops) stop()
      space.local.disconnectSockets(true)
    },
  }
}

async function admit(ctx: ServiceContext, connections: Connections, socket: AgentSocket): Promise<void> {
  const data = await admitAgent(ctx, socket)
  if (connections.of(data.auth.viewer.agentId).size >= maxSocketsPerAgent) {
    throw new AppError('rate_limited', 'You have too many windows open; close some of them.', {
      code: 'too_many_sockets',
      retryAfterMs: 10_000,
    })
  }
  Object.assign(socket.data, data)
}

function refusal(ctx: ServiceContext, error: unknown): ExtendedError {
  const wire = wireErrorOf(error, newId())
  if (wire.kind === 'bug') ctx.log.error({ err: error, requestId: wire.requestId }, 'A socket could not be let in.')
  return Object.assign(new Error(wire.code), { data: wire })
}

interface Service {
  readonly connections: Connections
  readonly ephemera: Ephemera
  readonly feed: AgentFeed
  readonly consoles: { note(connection: AgentConnection): void; gone(connection: AgentConnection): void }
}

/** Serves each socket that is let in. */
function createService(ctx: ServiceContext, deps: AgentGatewayDeps, { connections, ephemera, feed, consoles }: Service) {
  return (socket: AgentSocket): void => {
    const connection = new AgentConnection(socket)
    socket.on('disconnect', () => {
      connections.delete(connection)
      feed.leave(connection)
      ephemera.closeAll(connection)
      consoles.gone(connection)
    })
    answerCalls(ctx, deps.metrics, connection, callerOf(ctx, connection, { connections, ephemera, feed, consoles }))
    const place = async () => {
      const { since, threads } = socket.data.handshake
      await openThreads(ctx, ephemera, connection, threads ?? [])
      // From here on the log has told everything that was committed before the socket came.
      await deps.tail.advance()
      if (!socket.connected) return
      connections.add(connection)
      feed.join(connection, since ?? null)
    }
    place().catch((err: unknown) => {
      ctx.log.warn({ err }, 'A console could not be placed.')
      socket.disconnect(true)
    })
  }
}

/** Opens the threads a returning console has open, of those it may see. */
async function openThreads(
  ctx: ServiceContext,
  ephemera: Ephemera,
  connection: AgentConnection,
  threads: readonly string[],
): Promise<void> {
  if (threads.length === 0) return
  for (const row of await loadConversations(ctx.store, threads)) {
    if (canSee(connection.viewer, scopeOf(row))) ephemera.open(connection, row.id)
  }
}

function callerOf(ctx: ServiceContext, connection: AgentConnection, { ephemera, feed, consoles }: Service): AgentCaller {
  return {
    ctx,
    get viewer() {
      return connection.viewer
    },
    openThread: (conversationId) => ephemera.open(connection, conversationId),
    closeThread: (conversationId) => ephemera.close(connection, conversationId),
    acknowledge: (seq) => {
      connection.acknowledge(seq)
      if (connection.mode === 'behind' && connection.ready) feed.resume()
    },
    noteConsole: () => consoles.note(connection),
    type: (conversationId, mode) => ephemera.type(connection, conversationId, mode),
  }
}

function answerCalls(ctx: ServiceContext, metrics: RealtimeMetrics, connection: AgentConnection, caller: AgentCaller): void {
  const gate = createCallGate(ctx.clock)
  const answer = async (name: string, input: unknown): Promise<Reply<unknown>> => {
    try {
      gate.enter(name !== 'ack')
    } catch (error) {
      if (gate.flooded) connection.socket.disconnect(true)
      return { ok: false, error: report(ctx, metrics, name, error) }
    }
    try {
      return { ok: true, data: await runAgentCall(caller, name, input) }
    } catch (error) {
      return { ok: false, error: report(ctx, metrics, name, error) }
    } finally {
      gate.leave()
    }
  }
  connection.socket.onAny((name: string, input: unknown, reply: unknown) => {
    // A call that wants no answer is none of ours.
    if (typeof reply === 'function') void answer(name, input).then((result) => reply(result))
  })
}

function report(ctx: ServiceContext, metrics: RealtimeMetrics, call: string, error: unknown): WireError {
  const wire = wireErrorOf(error, newId())
  metrics.callRefused(wire.code)
  if (wire.kind === 'bug') ctx.log.error({ err: error, requestId: wire.requestId, call }, 'A call failed.')
  return wire
}

function figuresOf(connections: Connections, feed: AgentFeed): RealtimeFigures {
  const all = [...connections]
  return {
    sockets: all.length,
    behind: all.filter((c) => c.mode !== 'live').length,
    outstanding: all.reduce((sum, c) => sum + c.outstanding, 0),
    position: feed.position,
  }
}
