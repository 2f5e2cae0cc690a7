import { io, type Socket } from 'socket.io-client'
import type { AgentClientToServer } from '../wire/calls.ts'
import type { AgentServerToClient } from '../wire/events.ts'

/** An agent's connection that only listens. */
export interface ListenerOptions {
  readonly port: number
  readonly token: string
  /** Hears of each conversation's present state. */
  readonly onConversation: AgentServerToClient['conversation.changed']
}

/** What an agent's console hears, acknowledged as a console does. */
export interface Listener {
  /** Newest log number that the server has told everything up to. */
  readonly toldUpTo: number
  /** How often it had to connect. */
  readonly connects: number
  /** How often it was told to load everything afresh. */
  readonly resyncs: number
  close(): void
}

/** Between acknowledgements, milliseconds. */
const acknowledgeMs = 50

/** Connects as an agent's program and waits until it is let in; comes back by itself when the connection breaks. */
export async function listen({ port, token, onConversation }: ListenerOptions): Promise<Listener> {
  const state = { toldUpTo: 0, connects: 0, resyncs: 0, heard: 0, acknowledged: 0 }
  const socket: Socket<AgentServerToClient, AgentClientToServer> = io(`http://127.0.0.1:${port}/agent`, {
    transports: ['websocket'],
    extraHeaders: { authorization: `Bearer ${token}` },
    auth: (give) => give({ since: state.toldUpTo === 0 ? null : state.toldUpTo }),
    forceNew: true,
    reconnectionDelay: 100,
    reconnectionDelayMax: 1_000,
  })
  socket.on('connect', () => {
    state.connects += 1
  })
  socket.on('heartbeat', ({ seq }) => {
    state.toldUpTo = Math.max(state.toldUpTo, seq)
  })
  socket.on('resync', ({ seq }) => {
    state.resyncs += 1
    state.toldUpTo = seq
  })
  socket.on('conversation.changed', (body) => {
    state.heard = Math.max(state.heard, body.seq)
    onConversation(body)
  })
  const timer = setInterval(() => {
    if (state.heard === state.acknowledged || !socket.connected) return
    state.acknowledged = state.heard
    socket.emit('ack', { seq: state.heard }, () => undefined)
  }, acknowledgeMs)
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
  })
  return Object.assign(state, {
    close: () => {
      clearInterval(timer)
      socket.disconnect()
    },
  })
}
