import { io, type Socket } from 'socket.io-client'
import type { z } from 'zod'
import { newId } from '../../src/lib/ids.ts'
import type { Reply } from '../../src/wire/errors.ts'
import type { VisitorMessage, VisitorSession, visitorCalls } from '../../src/wire/visitor.ts'
import { publicUrl, type TestHub } from './hub.ts'

type Calls = typeof visitorCalls
type Output<K extends keyof Calls> = z.output<Calls[K]['output']>

/** A visitor of the shop's page. */
export interface TestVisitor {
  readonly visitorId: string
  readonly token: string
  /** Messages it was told of, newest state of each, by place. */
  messages(): VisitorMessage[]
  call<K extends keyof Calls>(name: K, input: z.input<Calls[K]['input']>): Promise<Reply<Output<K>>>
  /** Says something. @throws Error when that is refused. @param clientId a new one when left out. */
  say(text: string, clientId?: string): Promise<VisitorMessage>
  close(): void
}

/** A browser that has opened the hosted chat page of an inbox. */
export async function visitor(hub: TestHub, inboxId: string, token?: string): Promise<TestVisitor> {
  const response = await fetch(`${hub.url}/chat/${inboxId}/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: publicUrl },
    body: JSON.stringify(token === undefined ? {} : { token }),
  })
  if (!response.ok) throw new Error(`The chat refused a visitor with ${response.status}: ${await response.text()}`)
  const session = (await response.json()) as VisitorSession
  const socket: Socket = io(`${hub.url}/visitor`, {
    transports: ['websocket'],
    extraHeaders: { origin: publicUrl },
    auth: { token: session.token },
    reconnection: false,
    forceNew: true,
    autoConnect: false,
  })
  const known = new Map<string, VisitorMessage>()
  socket.on('message.changed', ({ message }: { message: VisitorMessage }) => void known.set(message.id, message))
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve())
    socket.once('connect_error', reject)
    socket.connect()
  })
  const call = <K extends keyof Calls>(name: K, input: z.input<Calls[K]['input']>): Promise<Reply<Output<K>>> =>
    socket.timeout(15_000).emitWithAck(name, input)
  return {
    visitorId: session.visitorId,
    token: session.token,
    messages: () =>
      [...known.values()].sort((a, b) =>
        a.conversationId === b.conversationId ? a.ordinal - b.ordinal : a.conversationId < b.conversationId ? -1 : 1,
      ),
    call,
    say: async (text, clientId = newId()) => {
      const reply = await call('message.send', { clientId, parts: [{ type: 'text', text }] })
      if (!reply.ok) throw new Error(`The chat refused a message: ${reply.error.code}`)
      return reply.data.message
    },
    close: () => void socket.disconnect(),
  }
}
