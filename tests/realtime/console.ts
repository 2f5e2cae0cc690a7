import { io, type Socket } from 'socket.io-client'
import type { AgentCallInput, AgentCallName, AgentCallOutput } from '../../src/wire/calls.ts'
import type { Reply } from '../../src/wire/errors.ts'
import { type AgentEvent, type AgentSignals, agentEvents } from '../../src/wire/events.ts'
import { type AgentViewState, applyAgentEvent, applyHeartbeat, emptyState } from '../../src/wire/state.ts'
import type { RealtimeHub, TestAgent } from './harness.ts'

/** How a console connects, where it differs from a browser's on our own page. */
export interface ConsoleOptions {
  readonly since?: number | null
  readonly threads?: readonly string[]
  readonly state?: AgentViewState
  readonly headers?: Record<string, string>
  /** Acknowledge what was applied; true when left out. */
  readonly acks?: boolean
  readonly transports?: string[]
}

/** A console as the tests drive it: one socket, everything it heard, and the state made of that. */
export interface TestConsole {
  readonly socket: Socket
  readonly events: AgentEvent[]
  readonly signals: { readonly name: keyof AgentSignals; readonly body: Record<string, unknown> }[]
  readonly state: AgentViewState
  readonly inSyncTo: number
  setState(state: AgentViewState): void
  call<K extends AgentCallName>(name: K, input: AgentCallInput<K>): Promise<Reply<AgentCallOutput<K>>>
  /** The answer's data; throws with the refusal's code. */
  ask<K extends AgentCallName>(name: K, input: AgentCallInput<K>): Promise<AgentCallOutput<K>>
  names(): string[]
  close(): void
}

/** Connects and waits until the server has let it in. Rejects with the refusal's data. */
export async function openConsole(
  hub: Pick<RealtimeHub, 'url'>,
  agent: Pick<TestAgent, 'cookie'> | null,
  options: ConsoleOptions = {},
): Promise<TestConsole> {
  const { since = null, threads = [], acks = true, transports = ['websocket'] } = options
  const headers = options.headers ?? { origin: 'http://desk.test', ...(agent === null ? {} : { cookie: agent.cookie }) }
  const socket = io(`${hub.url}/agent`, {
    transports,
    extraHeaders: headers,
    auth: { since, threads },
    reconnection: false,
    forceNew: true,
    autoConnect: false,
  })
  const events: AgentEvent[] = []
  const signals: { name: keyof AgentSignals; body: Record<string, unknown> }[] = []
  let state = options.state ?? emptyState
  let inSyncTo = 0
  const acknowledge = () => {
    if (acks) socket.emit('ack', { seq: state.seq }, () => undefined)
  }
  socket.onAny((name: string, body: unknown) => {
    if (name in agentEvents) {
      const event = { name, body } as AgentEvent
      events.push(event)
      state = applyAgentEvent(state, event)
      if (events.length % 50 === 0) acknowledge()
      return
    }
    const signal = { name: name as keyof AgentSignals, body: body as Record<string, unknown> }
    signals.push(signal)
    if (signal.name === 'heartbeat') {
      inSyncTo = Number(signal.body.seq)
      state = applyHeartbeat(state, inSyncTo)
      acknowledge()
    }
  })
  const call = (name: string, input: unknown) => socket.timeout(10_000).emitWithAck(name, input)
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve())
    socket.once('connect_error', (error: Error & { data?: unknown }) => reject(Object.assign(error, { refusal: error.data })))
    socket.connect()
  })
  return {
    socket,
    events,
    signals,
    get state() {
      return state
    },
    get inSyncTo() {
      return inSyncTo
    },
    setState: (next) => {
      state = next
    },
    call: (name, input) => call(name, input),
    ask: async (name, input) => {
      const reply: Reply<never> = await call(name, input)
      if (!reply.ok) throw Object.assign(new Error(reply.error.code), { wire: reply.error })
      return reply.data
    },
    names: () => events.map((event) => event.name),
    close: () => void socket.disconnect(),
  }
}

/** Waits for something the sockets bring; fails loudly after a while. */
export async function until(what: string, holds: () => boolean | Promise<boolean>, limitMs = 15_000): Promise<void> {
  const end = performance.now() + limitMs
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`waited in vain until ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 2))
  }
}

/** Waits until a console has been told, and has applied, everything committed so far. Moves the clock. */
export async function inSync(hub: RealtimeHub, ...consoles: readonly TestConsole[]): Promise<void> {
  const newest = await hub.newestSeq()
  await hub.tail.advance()
  await until('all consoles are in sync', async () => {
    if (consoles.every((console) => console.inSyncTo >= newest)) return true
    await hub.clock.advance(10_000)
    return false
  })
}
