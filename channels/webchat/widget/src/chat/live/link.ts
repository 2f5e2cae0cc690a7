import { io, type Socket } from 'socket.io-client'
import type { Reply } from '../../../../../../src/wire/errors.ts'
import type {
  VisitorCallName,
  VisitorClientToServer,
  VisitorEvents,
  VisitorServerToClient,
  visitorCalls,
} from '../../../../../../src/wire/visitor.ts'
import { type Failure, failureOf, unreachable } from './failure.ts'

type Calls = typeof visitorCalls
type Input<K extends VisitorCallName> = Calls[K]['input']['_zod']['input']
type Output<K extends VisitorCallName> = Calls[K]['output']['_zod']['output']

/** The live line to the server. It connects again by itself until it is closed. */
export interface Link {
  readonly connected: boolean
  /** Rejects with `Failure`; `unreachable` when no answer came, in which case the call may have been taken. */
  call<K extends VisitorCallName>(name: K, input: Input<K>): Promise<Output<K>>
  /** Tries at once instead of at the next turn, as after the network came back. */
  hurry(): void
  /** Connects anew, with the identity as it is now. */
  renew(): void
  close(): void
}

/** What the link tells. */
export interface LinkEvents {
  connected(): void
  lost(): void
  /** The server will not have us; the link stays down until `hurry`. */
  refused(failure: Failure): void
  event<K extends keyof VisitorEvents>(name: K, body: VisitorEvents[K]): void
}

const answerMs = 10_000

/** Opens the link. `token` is asked for at every connection. */
export function openLink(token: () => Promise<string>, on: LinkEvents): Link {
  const socket: Socket<VisitorServerToClient, VisitorClientToServer> = io('/visitor', {
    // Proxies that break websockets are rare; they get the slower way when the first has failed.
    transports: ['websocket', 'polling'],
    tryAllTransports: true,
    auth: (give) =>
      void token().then(
        (text) => give({ token: text }),
        () => give({}),
      ),
    reconnectionDelay: 500,
    reconnectionDelayMax: 10_000,
    randomizationFactor: 0.6,
    timeout: 10_000,
  })
  let closed = false
  let retry: ReturnType<typeof setTimeout> | undefined
  const comeBack = (delayMs: number) => {
    clearTimeout(retry)
    retry = setTimeout(() => !closed && !socket.connected && socket.connect(), delayMs * (0.5 + Math.random()))
  }
  socket.on('connect', on.connected)
  socket.on('disconnect', (reason) => {
    on.lost()
    // The server cut the line: the client library leaves coming back to us.
    if (reason === 'io server disconnect') comeBack(1_000)
  })
  socket.on('connect_error', (error: Error & { data?: unknown }) => {
    // Still active: the server could not be reached, and the library goes on trying.
    if (socket.active) return
    const failure = failureOf(error.data)
    if (failure.kind === 'rate_limited' || failure.kind === 'unavailable' || failure.kind === 'bug') comeBack(failure.retryAfterMs ?? 5_000)
    else on.refused(failure)
  })
  socket.on('message.changed', (body) => on.event('message.changed', body))
  socket.on('state.changed', (body) => on.event('state.changed', body))
  socket.on('heartbeat', (body) => on.event('heartbeat', body))
  socket.on('waiting', (body) => on.event('waiting', body))
  socket.on('typing', (body) => on.event('typing', body))
  return {
    get connected() {
      return socket.connected
    },
    call: (name, input) => call(socket, name, input),
    hurry: () => {
      if (!closed && !socket.connected) socket.connect()
    },
    renew: () => {
      socket.disconnect()
      if (!closed) socket.connect()
    },
    close: () => {
      closed = true
      clearTimeout(retry)
      socket.close()
    },
  }
}

async function call<K extends VisitorCallName>(socket: Socket, name: K, input: Input<K>): Promise<Output<K>> {
  if (!socket.connected) throw unreachable()
  const reply = await (socket.timeout(answerMs).emitWithAck(name, input) as Promise<Reply<Output<K>>>).catch((): never => {
    throw unreachable()
  })
  if (reply.ok) return reply.data
  throw failureOf(reply.error)
}
