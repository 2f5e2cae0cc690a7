import { io, type Socket } from 'socket.io-client'
import type { z } from 'zod'
import { newId } from '../../src/lib/ids.ts'
import type { Reply, WireError } from '../../src/wire/errors.ts'
import type { VisitorEvents, VisitorMessage, VisitorSession, visitorCalls } from '../../src/wire/visitor.ts'
import { publicUrl, type TestHub } from '../support/hub.ts'

type Calls = typeof visitorCalls
type Input<K extends keyof Calls> = z.input<Calls[K]['input']>
type Output<K extends keyof Calls> = z.output<Calls[K]['output']>

/** What a browser heard by itself. */
export type Heard = { [K in keyof VisitorEvents]: { name: K; body: VisitorEvents[K] } }[keyof VisitorEvents]

/** One open page of a visitor. */
export interface Browser {
  readonly socket: Socket
  readonly heard: readonly Heard[]
  /** Everything that came over the wire, as it came. */
  readonly frames: readonly string[]
  ask<K extends keyof Calls>(name: K, input: Input<K>): Promise<Reply<Output<K>>>
  /** The answer's data. @throws Error naming the refusal. */
  get<K extends keyof Calls>(name: K, input: Input<K>): Promise<Output<K>>
  say(text: string, clientId?: string): Promise<VisitorMessage>
  readonly closed: Promise<string>
  close(): void
}

/** How a page differs from an honest one of the hub's own. */
export interface BrowserOptions {
  /** Null: the header is missing. */
  readonly origin?: string | null
  readonly headers?: Readonly<Record<string, string>>
  readonly transports?: ('websocket' | 'polling')[]
  readonly url?: string
}

/** A visitor's identity, as the chat page asks for it. */
export async function visitorSession(hub: TestHub, inboxId: string, token?: string): Promise<VisitorSession> {
  const response = await fetch(`${hub.url}/chat/${inboxId}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: publicUrl },
    body: JSON.stringify(token === undefined ? {} : { token }),
  })
  if (!response.ok) throw new Error(`The chat answered ${response.status}: ${await response.text()}`)
  return (await response.json()) as VisitorSession
}

/** A page that was not let in. */
export class Refused extends Error {
  readonly wire: WireError | undefined
  constructor(wire: WireError | undefined) {
    super(wire?.code ?? 'no connection')
    this.wire = wire
  }
}

/** Opens a page with a token. @throws Refused. */
export async function openBrowser(hub: TestHub, token: string, options: BrowserOptions = {}): Promise<Browser> {
  const { origin = publicUrl, headers = {}, transports = ['websocket'], url = hub.url } = options
  const socket = io(`${url}/visitor`, {
    transports,
    extraHeaders: { ...(origin === null ? {} : { origin }), ...headers },
    auth: { token },
    reconnection: false,
    forceNew: true,
    autoConnect: false,
  })
  const heard: Heard[] = []
  const frames: string[] = []
  socket.onAny((...event: unknown[]) => void heard.push({ name: event[0], body: event[1] } as Heard))
  socket.io.on('open', () => socket.io.engine.on('packet', (packet) => void frames.push(String(packet.data))))
  const closed = new Promise<string>((resolve) => socket.once('disconnect', resolve))
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve())
    socket.once('connect_error', (error: Error & { data?: WireError }) => reject(new Refused(error.data)))
    socket.connect()
  })
  const ask = <K extends keyof Calls>(name: K, input: Input<K>): Promise<Reply<Output<K>>> =>
    socket.timeout(15_000).emitWithAck(name, input)
  const get = async <K extends keyof Calls>(name: K, input: Input<K>): Promise<Output<K>> => {
    const reply = await ask(name, input)
    if (!reply.ok) throw new Error(`${name} was refused: ${reply.error.code}`)
    return reply.data
  }
  return {
    socket,
    heard,
    frames,
    ask,
    get,
    say: async (text, clientId = newId()) => (await get('message.send', { clientId, parts: [{ type: 'text', text }] })).message,
    closed,
    close: () => void socket.disconnect(),
  }
}

/** Opens a page of a new visitor, or of the one whose token it is. */
export async function visit(
  hub: TestHub,
  inboxId: string,
  token?: string,
): Promise<Browser & { readonly token: string; readonly visitorId: string }> {
  const session = await visitorSession(hub, inboxId, token)
  return { ...(await openBrowser(hub, session.token)), token: session.token, visitorId: session.visitorId }
}

/** Text of a message. */
export function textOf(message: VisitorMessage): string {
  return message.parts.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join('')
}
