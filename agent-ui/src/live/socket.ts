import { io, type Socket } from 'socket.io-client'
import type { AgentCallInput, AgentCallName, AgentCallOutput, AgentClientToServer } from '../../../src/wire/calls.ts'
import type { Reply, WireError } from '../../../src/wire/errors.ts'
import type { AgentEvent, AgentEventName, AgentServerToClient } from '../../../src/wire/events.ts'
import { ApiError } from '../api/api-error.ts'
import { browserNow, useClockOffset } from './clock.ts'
import { heartbeatLateMs, useLink } from './link.ts'
import { loadSnapshot } from './load.ts'
import { usePresence } from './presence.ts'
import { appliedSeq, useLive } from './store.ts'

type AgentSocket = Socket<AgentServerToClient, AgentClientToServer>

const answerMs = 10_000
/** Before a connection the hub refused is tried again. */
const retryAfterMs = 2_000
const ackEveryMs = 250
const flushAfterMs = 16
const renewEveryMs = 15_000
/** Renewals ride on heartbeats too: browsers slow timers of hidden pages down, never arriving data. */
const renewSoonestMs = 9_000

const eventNames: readonly AgentEventName[] = [
  'conversation.changed',
  'conversation.gone',
  'message.changed',
  'offer.changed',
  'contact.changed',
  'agent.changed',
  'queue.changed',
  'queue.gone',
  'queue.stats',
  'inbox.changed',
  'inbox.gone',
]

let socket: AgentSocket | null = null
let onEnded: (reason: string) => void = () => {}
let arrived: AgentEvent[] = []
let flushTimer: ReturnType<typeof setTimeout> | undefined
let ackTimer: ReturnType<typeof setTimeout> | undefined
let ackedSeq = 0
let renewedAt = 0
let timers: ReturnType<typeof setInterval>[] = []
const opened = new Set<string>()

function flush(): void {
  clearTimeout(flushTimer)
  flushTimer = undefined
  if (arrived.length === 0) return
  const events = arrived
  arrived = []
  useLive.getState().takeEvents(events)
  acknowledge()
}

function acknowledge(): void {
  ackTimer ??= setTimeout(() => {
    ackTimer = undefined
    const seq = appliedSeq()
    if (!socket?.connected || seq <= ackedSeq) return
    ackedSeq = seq
    socket.emit('ack', { seq }, () => {})
  }, ackEveryMs)
}

function renew(): void {
  if (!socket?.connected || browserNow() - renewedAt < renewSoonestMs) return
  renewedAt = browserNow()
  socket.emit('presence.renew', {}, () => {})
}

function listenForEvents(to: AgentSocket): void {
  for (const name of eventNames) {
    to.on(name, (body: AgentEvent['body']) => {
      // The name tells the shape of the body; the compiler cannot follow the pair through a loop.
      arrived.push({ name, body } as AgentEvent)
      flushTimer ??= setTimeout(flush, flushAfterMs)
    })
  }
}

function listenForSignals(to: AgentSocket): void {
  to.on('heartbeat', ({ seq, at }) => {
    flush()
    useClockOffset.getState().observe(at)
    useLive.getState().reach(seq)
    useLink.getState().beat()
    useLink.getState().move('in_sync')
    acknowledge()
    renew()
  })
  to.on('resync', () => {
    arrived = []
    useLink.getState().move('catching_up')
    void loadSnapshot().catch(() => to.disconnect().connect())
  })
  to.on('typing', (signal) => usePresence.getState().typing(signal))
  to.on('viewers', (signal) => usePresence.getState().viewers(signal))
  to.on('session.ended', ({ reason }) => onEnded(reason))
}

function reopenThreads(): void {
  for (const conversationId of opened) socket?.emit('thread.open', { conversationId }, () => {})
}

function listenForConnection(to: AgentSocket): void {
  to.on('connect', () => {
    ackedSeq = 0
    renewedAt = 0
    useLink.getState().move('catching_up')
    reopenThreads()
    renew()
  })
  to.on('disconnect', (reason) => {
    useLink.getState().move('offline')
    // A connection the hub ended is not taken up again by itself.
    if (reason === 'io server disconnect') retrySoon(to)
  })
  to.on('connect_error', (error: Error & { data?: Partial<WireError> }) => {
    useLink.getState().move('offline')
    if (error.data?.kind === 'unauthenticated') onEnded('unauthenticated')
    else if (!to.active) retrySoon(to)
  })
}

function retrySoon(to: AgentSocket): void {
  setTimeout(() => {
    if (socket === to && !to.connected) to.connect()
  }, retryAfterMs)
}

function watchHeartbeat(): void {
  const { heartbeatAt, status } = useLink.getState()
  if (status === 'in_sync' && heartbeatAt !== null && browserNow() - heartbeatAt > heartbeatLateMs) {
    useLink.getState().move('offline')
    socket?.disconnect().connect()
  }
}

function wake(): void {
  if (document.visibilityState !== 'visible' || socket === null) return
  renew()
  if (!socket.connected) socket.connect()
}

/**
 * Opens the live connection and keeps it: events since what is known, heartbeat, presence.
 * @param ended called when the log-in behind it is over
 */
export function openLink(ended: (reason: string) => void): void {
  closeLink()
  onEnded = ended
  socket = io('/agent', {
    transports: ['websocket'],
    // With the threads, what was said in them meanwhile is told too.
    auth: (give) => give({ since: appliedSeq(), threads: [...opened].slice(-20) }),
    reconnectionDelay: 400,
    reconnectionDelayMax: 5_000,
  })
  listenForEvents(socket)
  listenForSignals(socket)
  listenForConnection(socket)
  timers = [setInterval(renew, renewEveryMs), setInterval(watchHeartbeat, 5_000)]
  document.addEventListener('visibilitychange', wake)
  window.addEventListener('online', wake)
}

/** Ends the live connection and everything that hangs on it. */
export function closeLink(): void {
  for (const timer of timers) clearInterval(timer)
  timers = []
  clearTimeout(flushTimer)
  clearTimeout(ackTimer)
  flushTimer = undefined
  ackTimer = undefined
  arrived = []
  opened.clear()
  document.removeEventListener('visibilitychange', wake)
  window.removeEventListener('online', wake)
  socket?.removeAllListeners()
  socket?.disconnect()
  socket = null
}

/**
 * Asks the hub over the socket.
 * @throws ApiError code 'offline' when there is no connection or no answer within ten seconds
 */
export async function call<K extends AgentCallName>(name: K, input: AgentCallInput<K>): Promise<AgentCallOutput<K>> {
  if (!socket?.connected) throw ApiError.offline()
  const emit = socket.timeout(answerMs).emitWithAck.bind(socket.timeout(answerMs)) as (
    name: string,
    input: unknown,
  ) => Promise<Reply<AgentCallOutput<K>>>
  const reply = await emit(name, input).catch(() => {
    throw ApiError.offline()
  })
  if (!reply.ok) throw new ApiError(reply.error)
  return reply.data
}

/** Follows a thread's messages, typing and viewers, over reconnects, until the returned function is called. */
export function followThread(conversationId: string): () => void {
  opened.add(conversationId)
  socket?.emit('thread.open', { conversationId }, () => {})
  return () => {
    opened.delete(conversationId)
    usePresence.getState().leave(conversationId)
    socket?.emit('thread.close', { conversationId }, () => {})
  }
}
