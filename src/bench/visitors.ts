import { randomBytes } from 'node:crypto'
import { request } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { io, type Socket } from 'socket.io-client'
import type { Reply } from '../wire/errors.ts'

/** A visitor of web chat as the benchmark plays them: a token, and an address of their own behind the proxy. */
export interface PlayedVisitor {
  readonly token: string
  readonly ip: string
}

/** The hub that is visited. */
export interface VisitedHub {
  readonly port: number
  readonly inboxId: string
  readonly visitors: readonly PlayedVisitor[]
}

/** What a storm of returning visitors left. */
export interface StormResult {
  /** Said and not there, there more than once. */
  readonly missing: number
  readonly duplicate: number
}

interface Synced {
  readonly seq: number
  readonly messages: readonly { readonly clientId: string | null }[]
}

const openedAtOnce = 50
const maxAttempts = 5
const retryMs = 500
const staying: Socket[] = []

/** Opens visitors who stay until this process ends. @returns how long it took, milliseconds. */
export async function gatherVisitors({ port, visitors }: VisitedHub): Promise<number> {
  const startedMs = performance.now()
  for (let from = 0; from < visitors.length; from += openedAtOnce) {
    staying.push(...(await Promise.all(visitors.slice(from, from + openedAtOnce).map((visitor) => connect(port, visitor)))))
  }
  return performance.now() - startedMs
}

interface Gone {
  readonly visitor: PlayedVisitor
  /** Ids of what they say: before they go, over HTTP while they are away, and after they came back. */
  readonly said: readonly [string, string, string]
  seq: number
}

interface Back {
  readonly socket: Socket
  readonly missed: Synced
}

const gone: Gone[] = []
const back: Back[] = []

/** Visitors say something, lose their line, and say something more over HTTP meanwhile. */
export async function leaveForStorm({ port, inboxId, visitors }: VisitedHub): Promise<void> {
  gone.push(...visitors.map((visitor): Gone => ({ visitor, said: [clientId(), clientId(), clientId()], seq: 0 })))
  await inTurns(gone, async (each) => {
    const socket = await connect(port, each.visitor)
    await ask(socket, 'message.send', messageOf(each.said[0]))
    each.seq = (await ask<Synced>(socket, 'sync', {})).seq
    socket.disconnect()
    await post(port, inboxId, each.visitor, messageOf(each.said[1]))
  })
}

/** They come back all at once. @returns from the first connection to the last answer of `sync`, milliseconds. */
export async function returnInStorm({ port }: { readonly port: number }): Promise<number> {
  const startedMs = performance.now()
  const all = gone.map(async ({ visitor, seq }) => {
    const socket = await connect(port, visitor)
    return { socket, missed: await ask<Synced>(socket, 'sync', { since: seq }) }
  })
  back.push(...(await Promise.all(all)))
  return performance.now() - startedMs
}

/** Each sends a last message twice under one id; then every thread is read afresh and held against what was said. */
export async function settleStorm(_input: Record<string, never>): Promise<StormResult> {
  let missing = back.filter(({ missed }, at) => !missed.messages.some((message) => message.clientId === gone[at]?.said[1])).length
  let duplicate = 0
  await inTurns(back, async ({ socket }, at) => {
    const said = gone[at]?.said ?? []
    const last = messageOf(said[2] ?? '')
    await Promise.all([ask(socket, 'message.send', last), ask(socket, 'message.send', last)])
    const { messages } = await ask<Synced>(socket, 'sync', {})
    for (const id of said) {
      const found = messages.filter((message) => message.clientId === id).length
      if (found === 0) missing += 1
      if (found > 1) duplicate += found - 1
    }
    socket.disconnect()
  })
  return { missing, duplicate }
}

async function inTurns<T>(all: readonly T[], act: (one: T, at: number) => Promise<void>): Promise<void> {
  for (let from = 0; from < all.length; from += openedAtOnce) {
    await Promise.all(all.slice(from, from + openedAtOnce).map((one, at) => act(one, from + at)))
  }
}

/** Connects, and again when the machine has no room for the connection at that moment, as browsers do. */
async function connect(port: number, visitor: PlayedVisitor): Promise<Socket> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await connectOnce(port, visitor)
    } catch (error) {
      if (attempt === maxAttempts) throw error
      await sleep(Math.random() * retryMs)
    }
  }
}

function connectOnce(port: number, { token, ip }: PlayedVisitor): Promise<Socket> {
  const socket = io(`http://127.0.0.1:${port}/visitor`, {
    transports: ['websocket'],
    extraHeaders: { origin: `http://127.0.0.1:${port}`, 'x-forwarded-for': ip },
    auth: { token },
    forceNew: true,
    reconnection: false,
    timeout: 60_000,
  })
  return new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(socket))
    socket.once('connect_error', (error: Error & { description?: { message?: string } }) => {
      socket.close()
      reject(new Error(`${error.message}: ${error.description?.message ?? ''}`))
    })
  })
}

async function ask<T>(socket: Socket, name: string, input: unknown): Promise<T> {
  const reply = (await socket.timeout(60_000).emitWithAck(name, input)) as Reply<T>
  if (reply.ok) return reply.data
  throw new Error(`${name} was refused: ${reply.error.code}`)
}

function post(port: number, inboxId: string, { token, ip }: PlayedVisitor, body: unknown): Promise<void> {
  const headers = {
    'content-type': 'application/json',
    origin: `http://127.0.0.1:${port}`,
    authorization: `Bearer ${token}`,
    'x-forwarded-for': ip,
  }
  return new Promise((resolve, reject) => {
    const sending = request({ host: '127.0.0.1', port, path: `/chat/${inboxId}/messages`, method: 'POST', headers }, (response) => {
      response.resume()
      if (response.statusCode === 200) response.once('end', () => resolve())
      else reject(new Error(`a message over HTTP was answered with ${response.statusCode}`))
    })
    sending.once('error', reject)
    sending.end(JSON.stringify(body))
  })
}

function messageOf(id: string) {
  return { clientId: id, parts: [{ type: 'text', text: 'Is my order on its way?' }] }
}

function clientId(): string {
  return randomBytes(16).toString('hex')
}
