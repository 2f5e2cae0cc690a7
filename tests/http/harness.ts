import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { insertSession } from '../../db/queries/sessions.ts'
import { createFakeClock, type FakeClock } from '../../src/adapters/clock-fake.ts'
import { readConfig } from '../../src/config.ts'
import { type Hub, startHub } from '../../src/hub.ts'
import { newId } from '../../src/lib/ids.ts'
import { createLog } from '../../src/lib/log.ts'
import { hashToken, newToken } from '../../src/lib/secrets.ts'
import { sessionCookie, sessionMaxMs } from '../../src/services/access/authenticate.ts'
import { systemViewer } from '../../src/services/access/system-viewer.ts'
import { createAgent } from '../../src/services/agents/create-agent.ts'
import { acceptPayloads } from '../../src/services/deliveries/accept-delivery.ts'
import { createInbox } from '../../src/services/inboxes/write-inbox.ts'
import { createQueue } from '../../src/services/queues/write-queue.ts'
import type { Problem } from '../../src/wire/errors.ts'
import { queueSettingsSchema } from '../../src/wire/queues.ts'
import { type WebchatPayload, webchatPayloadId } from '../../src/wire/webchat.ts'

/** An answer with its body read. */
export interface Answer<T = unknown> {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The body as JSON; a test that reads a problem names the type. */
  readonly json: T
}

/** How a request differs from what the client sends by itself. */
export interface Ask {
  readonly body?: unknown
  /** Sent as it is, instead of `body`. */
  readonly rawBody?: string | FormData | Uint8Array
  readonly headers?: Readonly<Record<string, string>>
}

/** Somebody who asks the API over HTTP. */
export interface Client {
  readonly agentId: string
  readonly cookie: string
  readonly csrfToken: string
  ask<T = unknown>(method: string, path: string, ask?: Ask): Promise<Answer<T>>
  get<T = unknown>(path: string): Promise<Answer<T>>
  post<T = unknown>(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer<T>>
}

/** A hub with its API on an ephemeral port; its clock stands still until it is moved. */
export interface Api {
  readonly hub: Hub
  readonly clock: FakeClock
  /** Lines the hub has logged. */
  readonly logged: readonly string[]
  readonly stranger: Client
  /** Somebody with a session; the password is `passwordOf(name)` when `withPassword` is set. */
  person(name: string, more?: { roleId?: string; queueIds?: string[]; withPassword?: boolean }): Promise<Client>
  queue(name: string, memberIds?: string[]): Promise<string>
  inbox(name: string, queueId: string, more?: { restricted?: boolean; memberIds?: string[] }): Promise<string>
  /** A customer writes; returns the conversation it went into. */
  receive(inboxId: string, customer: string, text: string): Promise<string>
  stop(): Promise<void>
}

/** The password of a person made with `withPassword`. */
export function passwordOf(name: string): string {
  return `pass phrase of ${name}`
}

/** The address of a person. */
export function emailOf(name: string): string {
  return `${name.toLowerCase().replaceAll(' ', '.')}@desk.test`
}

/** Starts a hub on an empty database. */
export async function startApi(env: Readonly<Record<string, string>> = {}): Promise<Api> {
  const dataDir = await mkdtemp(join(tmpdir(), 'onequeue-http-'))
  const clock = createFakeClock()
  const logged: string[] = []
  const log = createLog({ level: 'debug', stream: { write: (line) => void logged.push(line) } })
  const settings = {
    DATA_DIR: dataDir,
    DATABASE_URL: 'file::memory:',
    PORT: '0',
    HOST: '127.0.0.1',
    PUBLIC_URL: 'http://desk.test',
    DEMO: '0',
    ...env,
  }
  const hub = await startHub(readConfig(settings), { clock, log, checkOutput: true })
  const stop = async () => {
    await hub.stop()
    await rm(dataDir, { recursive: true, force: true })
  }
  return {
    hub,
    clock,
    logged,
    stranger: clientOf(hub, { agentId: '', cookie: '', csrfToken: '' }),
    person: (name, more) => person(hub, name, more),
    queue: async (name, memberIds = []) =>
      (await createQueue(hub.ctx, systemViewer, { name, enabled: true, settings: queueSettingsSchema.parse({}), memberIds })).id,
    inbox: async (name, queueId, { restricted = false, memberIds = [] } = {}) =>
      (
        await createInbox(hub.ctx, systemViewer, {
          channel: 'webchat',
          name,
          queueId,
          locale: 'en',
          enabled: true,
          restricted,
          memberIds,
          reopenWindowMs: 86_400_000,
          config: {},
        })
      ).id,
    receive: (inboxId, customer, text) => receive(hub, inboxId, customer, text),
    stop,
  }
}

async function person(hub: Hub, name: string, { roleId = 'agent', queueIds = [] as string[], withPassword = false } = {}): Promise<Client> {
  const password = withPassword ? { password: passwordOf(name) } : {}
  const { agent } = await createAgent(hub.ctx, systemViewer, { email: emailOf(name), name, roleId, locale: 'en', queueIds, ...password })
  return clientOf(hub, await sessionFor(hub, agent.id))
}

/** A session without the costly password check, which the log-in tests cover. */
export async function sessionFor(hub: Hub, agentId: string): Promise<{ agentId: string; cookie: string; csrfToken: string }> {
  const token = newToken('oqs')
  const csrfToken = newToken('oqc')
  const now = hub.ctx.clock.now()
  const row = {
    id: newId(),
    agentId,
    tokenHash: hashToken(token),
    csrfToken,
    userAgent: null,
    ip: null,
    createdAt: now,
    lastSeenAt: now,
    expiresAt: now + sessionMaxMs,
  }
  await hub.ctx.store.tx((tx) => insertSession(tx, row))
  return { agentId, csrfToken, cookie: `${sessionCookie}=${token}` }
}

/** Asks as whoever holds the cookie; an empty one is nobody. */
export function clientOf(hub: Hub, who: { agentId: string; cookie: string; csrfToken: string }): Client {
  const ask = async <T>(method: string, path: string, { body, rawBody, headers = {} }: Ask = {}): Promise<Answer<T>> => {
    const own: Record<string, string> = who.cookie === '' ? {} : { cookie: who.cookie, 'x-csrf-token': who.csrfToken }
    const typed: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
    const sent = body === undefined ? rawBody : JSON.stringify(body)
    const answer = await fetch(hub.url + path, {
      method,
      headers: { ...own, ...typed, ...headers },
      redirect: 'manual',
      ...(sent === undefined ? {} : { body: sent }),
    })
    const text = await answer.text()
    const isJson = /json/.test(answer.headers.get('content-type') ?? '')
    return { status: answer.status, headers: answer.headers, text, json: (isJson ? JSON.parse(text) : undefined) as T }
  }
  return {
    ...who,
    ask,
    get: (path) => ask('GET', path),
    post: (path, body = {}, headers = {}) => ask('POST', path, { body, headers }),
  }
}

/** The problem an answer is; fails the test where it is none. */
export function problemIn(answer: Answer): Problem {
  if (!answer.headers.get('content-type')?.startsWith('application/problem+json'))
    throw new Error(`${answer.status} is no problem: ${answer.text.slice(0, 300)}`)
  return answer.json as Problem
}

async function receive({ ctx }: Hub, inboxId: string, customer: string, text: string): Promise<string> {
  const visitorId = hashToken(customer).slice(0, 32)
  const payload: WebchatPayload = {
    version: 1,
    kind: 'message',
    visitorId,
    clientId: newId(),
    at: ctx.clock.now(),
    parts: [{ type: 'text', text }],
  }
  const inbox = await ctx.inboxes.get(inboxId)
  const [accepted] = await acceptPayloads(ctx, inbox, [{ externalId: webchatPayloadId(payload), raw: JSON.stringify(payload) }])
  if (accepted?.outcome !== 'processed') throw new Error(`the message was ${accepted?.outcome}`)
  const { conversations: c } = ctx.store.t
  const rows = await ctx.store.db.select({ id: c.id, threadKey: c.threadKey, inboxId: c.inboxId }).from(c)
  const found = rows.filter((row) => row.threadKey === visitorId && row.inboxId === inboxId).toSorted((a, b) => (a.id < b.id ? 1 : -1))[0]
  if (found === undefined) throw new Error('no conversation began')
  return found.id
}
