import type { IncomingMessage } from 'node:http'
import type { DefaultEventsMap, ExtendedError, Namespace, Server, Socket } from 'socket.io'
import { AppError } from '../../lib/errors.ts'
import { newId } from '../../lib/ids.ts'
import { limitKeyOfIp } from '../../lib/ip-key.ts'
import { wireErrorOf } from '../../lib/wire-error.ts'
import type { Cancel } from '../../ports/clock.ts'
import type { ServiceContext } from '../../services/context.ts'
import { identifyVisitor, requireOrigin, type Visitor } from '../../services/visitors/chat-inbox.ts'
import { createLines } from '../../services/visitors/places-in-line.ts'
import type { VisitorLimits } from '../../services/visitors/visitor-limits.ts'
import { agentSignals } from '../../wire/events.ts'
import type { VisitorEvents } from '../../wire/visitor.ts'
import type { LogTail } from '../tail.ts'
import { watchBacklog } from './backlog.ts'
import { runVisitorCall, typingTopic, type VisitorCaller } from './calls.ts'
import { createVisitorFeed, type Follower, type VisitorFeed } from './feed.ts'
import { openWaitingRoom } from './waiting.ts'

/** What the gateway is built from. */
export interface VisitorGatewayDeps {
  readonly io: Server
  readonly source: Pick<LogTail, 'subscribe'>
  readonly limits: VisitorLimits
  clientIp(request: IncomingMessage): string
}

interface SocketData {
  readonly visitor: Visitor
  readonly ip: string
}
/** What is sent is typed by `Follower`. */
type VisitorSocket = Socket<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketData>

const heartbeatMs = 10_000
/** Packets a connection may leave standing before it is cut; it comes back and syncs. */
const maxBacklogPackets = 256
/** Calls of one socket at once, and in one window. */
const maxCallsUnderWay = 8
const callWindowMs = 10_000
const maxCallsPerWindow = 100
/** A socket that goes on calling beyond this is cut. */
const maxCallsBeforeCut = 400
const maxSocketsPerVisitor = 10
const maxSocketsPerIp = 200

/**
 * Opens the `/visitor` namespace: browsers of web chat, each let in by a signed token and from a page of the inbox's list, each
 * on its own thread and nothing else.
 * @returns a function that ends it.
 */
export async function openVisitorGateway(ctx: ServiceContext, deps: VisitorGatewayDeps): Promise<Cancel> {
  const space: Namespace<DefaultEventsMap, DefaultEventsMap, DefaultEventsMap, SocketData> = deps.io.of('/visitor')
  const room = openWaitingRoom(ctx.clock, createLines(ctx.store, ctx.clock), (error) =>
    ctx.log.warn({ err: error }, 'visitors could not be told their places in line'),
  )
  const feed = createVisitorFeed(ctx.store, ctx.log, room)
  const census = createCensus()
  space.use((socket, next) => {
    admit(ctx, deps, socket).then(
      () => next(),
      (error: unknown) => next(refusal(error)),
    )
  })
  space.on('connection', (socket) => {
    const leave = census.enter(socket.data)
    if (leave === null) return void socket.disconnect(true)
    socket.on('disconnect', leave)
    serve(ctx, deps, feed, socket)
  })
  const stopSource = deps.source.subscribe((batch) => feed.take(batch), feed.wanted)
  const stopTyping = await ctx.broadcast.subscribe(typingTopic, (payload) => tellTyping(feed, payload))
  const stopHeart = beat(ctx, () => {
    const heartbeat: VisitorEvents['heartbeat'] = { seq: feed.upTo, at: ctx.clock.now() }
    space.local.emit('heartbeat', heartbeat)
  })
  return () => {
    for (const stop of [stopSource, stopTyping, stopHeart, room.stop]) stop()
    space.local.disconnectSockets(true)
  }
}

async function admit(ctx: ServiceContext, deps: VisitorGatewayDeps, socket: VisitorSocket): Promise<void> {
  const { headers, auth } = socket.handshake
  const token: unknown = auth['token']
  if (typeof token !== 'string') throw new AppError('unauthenticated', 'The chat needs its token.', { code: 'visitor_token' })
  const ip = deps.clientIp(socket.request)
  const visitor = await identifyVisitor(ctx, token)
  // Browsers send no Origin with a polling request to their own page's host, but say so in this header.
  requireOrigin(ctx, visitor.config, headers.origin, headers['sec-fetch-site'] === 'same-origin' && headers.upgrade === undefined)
  await deps.limits.arrive(ip, visitor.inbox.id)
  Object.assign(socket.data, { visitor, ip } satisfies SocketData)
}

function refusal(error: unknown): ExtendedError {
  const wire = wireErrorOf(error, newId())
  return Object.assign(new Error(wire.code), { data: wire })
}

function serve(ctx: ServiceContext, deps: VisitorGatewayDeps, feed: VisitorFeed, socket: VisitorSocket): void {
  const { visitor, ip } = socket.data
  const backlog = watchBacklog(socket.conn)
  const follower: Follower = {
    send: (name, body) => {
      if (backlog.packets > maxBacklogPackets) return void socket.disconnect(true)
      socket.emit(name, body)
    },
    drop: () => void socket.disconnect(true),
  }
  const following = feed.follow(visitor, follower)
  socket.on(
    'disconnect',
    () =>
      void following.then(
        (stop) => stop(),
        () => undefined,
      ),
  )
  following.catch((error: unknown) => {
    ctx.log.warn({ err: error, inboxId: visitor.inbox.id }, 'a visitor could not be followed')
    socket.disconnect(true)
  })
  answerCalls(ctx, { ctx, limits: deps.limits, visitor, ip, quietUntil: 0 }, socket, following)
}

function answerCalls(ctx: ServiceContext, caller: VisitorCaller, socket: VisitorSocket, following: Promise<unknown>): void {
  let underWay = 0
  let windowEndsAt = 0
  let calls = 0
  const count = () => {
    const now = ctx.clock.monotonicMs()
    if (now >= windowEndsAt) {
      windowEndsAt = now + callWindowMs
      calls = 0
    }
    calls += 1
    if (calls > maxCallsBeforeCut) socket.disconnect(true)
    if (calls > maxCallsPerWindow || underWay >= maxCallsUnderWay) {
      throw new AppError('rate_limited', 'That was too much at once; wait a moment.', { retryAfterMs: Math.max(1_000, windowEndsAt - now) })
    }
  }
  socket.onAny((name: string, input: unknown, reply: unknown) => {
    if (typeof reply !== 'function') return
    const answer = async () => {
      count()
      underWay += 1
      try {
        if (caller.visitor.expiresAt <= ctx.clock.now())
          throw new AppError('unauthenticated', 'Load the chat again.', { code: 'visitor_token' })
        await following
        return await runVisitorCall(caller, name, input)
      } finally {
        underWay -= 1
      }
    }
    answer().then(
      (data) => void reply({ ok: true, data }),
      (error: unknown) => void reply({ ok: false, error: report(ctx, caller, name, error) }),
    )
  })
}

function report(ctx: ServiceContext, caller: VisitorCaller, call: string, error: unknown) {
  const wire = wireErrorOf(error, newId())
  if (wire.kind === 'bug')
    ctx.log.error({ err: error, requestId: wire.requestId, call, inboxId: caller.visitor.inbox.id }, 'a visitor call failed')
  return wire
}

function tellTyping(feed: VisitorFeed, payload: unknown): void {
  const signal = agentSignals.typing.safeParse(payload)
  if (!signal.success || signal.data.who !== 'agent' || signal.data.mode === 'note') return
  const { name, until, conversationId } = signal.data
  for (const follower of feed.threadOf(conversationId)?.followers ?? []) follower.send('typing', { name, until })
}

function beat(ctx: ServiceContext, tick: () => void): Cancel {
  let cancel: Cancel = () => undefined
  const again = () => {
    cancel = ctx.clock.after(heartbeatMs, () => {
      tick()
      again()
    })
  }
  again()
  return () => cancel()
}

/** Counts the sockets of this node, so that nobody opens them without end. */
function createCensus(): { enter(data: SocketData): (() => void) | null } {
  const counts = new Map<string, number>()
  const add = (key: string, by: number) => {
    const next = (counts.get(key) ?? 0) + by
    if (next <= 0) counts.delete(key)
    else counts.set(key, next)
  }
  return {
    enter: ({ visitor, ip }) => {
      const keys = [`visitor ${visitor.inbox.id} ${visitor.visitorId}`, `ip ${limitKeyOfIp(ip)}`] as const
      if ((counts.get(keys[0]) ?? 0) >= maxSocketsPerVisitor || (counts.get(keys[1]) ?? 0) >= maxSocketsPerIp) return null
      for (const key of keys) add(key, 1)
      return () => {
        for (const key of keys) add(key, -1)
      }
    },
  }
}
