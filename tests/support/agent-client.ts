import { io, type Socket } from 'socket.io-client'
import type { AgentCallInput, AgentCallName, AgentCallOutput, AgentClientToServer } from '../../src/wire/calls.ts'
import type { Reply, WireError } from '../../src/wire/errors.ts'
import { type AgentEvent, type AgentEventName, type AgentEvents, type AgentServerToClient, agentEvents } from '../../src/wire/events.ts'
import type { Offer } from '../../src/wire/offers.ts'
import { password, type TestAgent } from './centre.ts'
import { publicUrl, type TestHub } from './hub.ts'
import { until } from './until.ts'

/** An answer of the API. */
export interface Answer<T = unknown> {
  readonly status: number
  readonly headers: Headers
  readonly body: T
}

/** The API as one person uses it. */
export interface ApiClient {
  get<T>(path: string): Promise<Answer<T>>
  /** Writes with what proves that it is no other site's: the session's CSRF token, or a bearer's. */
  send<T>(
    method: 'POST' | 'PUT' | 'PATCH' | 'DELETE',
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<Answer<T>>
  /** Headers that prove who asks, for what goes around this client. */
  readonly credentials: Readonly<Record<string, string>>
}

/** Logs in with e-mail address and password, as the console does. @throws Error when that is refused. */
export async function logIn(hub: TestHub, agent: Pick<TestAgent, 'email'>): Promise<ApiClient> {
  const response = await fetch(`${hub.url}/api/v1/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: publicUrl },
    body: JSON.stringify({ email: agent.email, password }),
  })
  if (!response.ok) throw new Error(`The log-in of ${agent.email} was answered with ${response.status}: ${await response.text()}`)
  const me = (await response.json()) as { csrfToken: string }
  const cookie = response.headers
    .getSetCookie()
    .map((line) => line.split(';', 1)[0])
    .join('; ')
  return clientOf(hub, { cookie, origin: publicUrl }, { 'x-csrf-token': me.csrfToken })
}

/** The API by the agent's token. */
export function apiOf(hub: TestHub, agent: Pick<TestAgent, 'token'>): ApiClient {
  return clientOf(hub, { authorization: `Bearer ${agent.token}` }, {})
}

function clientOf(hub: TestHub, credentials: Readonly<Record<string, string>>, onWrites: Readonly<Record<string, string>>): ApiClient {
  const call = async <T>(method: string, path: string, body: unknown, headers: Readonly<Record<string, string>>): Promise<Answer<T>> => {
    const json: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
    const response = await fetch(hub.url + path, {
      method,
      headers: { ...credentials, ...json, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: (text === '' ? null : JSON.parse(text)) as T }
  }
  return {
    credentials,
    get: (path) => call('GET', path, undefined, {}),
    send: (method, path, body, headers = {}) => call(method, path, body, { ...onWrites, ...headers }),
  }
}

/** A refusal of a call, with what the server said. */
export class CallRefused extends Error {
  readonly wire: WireError

  constructor(call: string, wire: WireError) {
    super(`${call} was refused: ${wire.code} — ${wire.detail}`)
    this.wire = wire
  }
}

/** An agent's console: a socket, what it heard, and what its person does. */
export interface AgentConsole {
  readonly agent: TestAgent
  readonly socket: Socket<AgentServerToClient, AgentClientToServer>
  readonly events: readonly AgentEvent[]
  /** The answer's data. @throws CallRefused. */
  ask<K extends AgentCallName>(name: K, input: AgentCallInput<K>): Promise<AgentCallOutput<K>>
  /** The first event of a name that fits, heard already or to come. */
  heard<K extends AgentEventName>(name: K, fits?: (body: AgentEvents[K]) => boolean): Promise<AgentEvents[K]>
  /** Takes the presence lease and offers. */
  goAvailable(): Promise<void>
  /** The offer that is pending now, or the next one. */
  nextOffer(): Promise<Offer>
  /** Accepts the next offer; gives its conversation's id. */
  acceptNext(): Promise<string>
  close(): void
}

/** Connects an agent's console and waits until it is let in. @param since newest log number it knows; null loads afresh. */
export async function agentSocket(
  hub: TestHub,
  agent: TestAgent,
  { since = null, url = hub.url }: { since?: number | null; url?: string } = {},
): Promise<AgentConsole> {
  const socket: Socket<AgentServerToClient, AgentClientToServer> = io(`${url}/agent`, {
    transports: ['websocket'],
    extraHeaders: { authorization: `Bearer ${agent.token}` },
    auth: { since },
    reconnection: false,
    forceNew: true,
    autoConnect: false,
  })
  const events: AgentEvent[] = []
  const offers = new Map<string, Offer>()
  socket.onAny((name: string, body: unknown) => {
    if (!(name in agentEvents)) return
    const event = { name, body } as AgentEvent
    events.push(event)
    if (event.name === 'offer.changed') offers.set(event.body.offer.id, event.body.offer)
    socket.emit('ack', { seq: event.body.seq }, () => undefined)
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve())
    socket.once('connect_error', reject)
    socket.connect()
  })
  const ask = async <K extends AgentCallName>(name: K, input: AgentCallInput<K>): Promise<AgentCallOutput<K>> => {
    const calls = socket.timeout(15_000) as unknown as { emitWithAck(name: string, input: unknown): Promise<Reply<AgentCallOutput<K>>> }
    const reply = await calls.emitWithAck(name, input)
    if (!reply.ok) throw new CallRefused(name, reply.error)
    return reply.data
  }
  const nextOffer = () =>
    until(`${agent.name} is offered something`, () =>
      [...offers.values()].find(({ status, agentId }) => status === 'pending' && agentId === agent.id),
    )
  return {
    agent,
    socket,
    events,
    ask,
    heard: <K extends AgentEventName>(name: K, fits: (body: AgentEvents[K]) => boolean = () => true) =>
      until(`${agent.name} hears ${name}`, () => {
        const found = events.find((event) => event.name === name && fits(event.body as AgentEvents[K]))
        return found?.body as AgentEvents[K] | undefined
      }),
    goAvailable: async () => {
      await ask('presence.renew', {})
      await ask('state.set', { state: 'available' })
    },
    nextOffer,
    acceptNext: async () => {
      const offer = await nextOffer()
      const { offer: taken } = await ask('offer.accept', { offerId: offer.id })
      offers.set(taken.id, taken)
      return taken.conversationId
    },
    close: () => void socket.disconnect(),
  }
}
