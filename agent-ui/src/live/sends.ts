import { create } from 'zustand'
import { createJSONStorage, persist } from 'zustand/middleware'
import type { OutgoingMail } from '../../../src/wire/mail.ts'
import type { Message, OutgoingPart } from '../../../src/wire/messages.ts'
import { ApiError, isPassing } from '../api/api-error.ts'
import { http } from '../api/http.ts'
import { browserNow } from './clock.ts'
import { useLink } from './link.ts'
import { call } from './socket.ts'
import { appliedSeq, useLive } from './store.ts'

/** What a file in an unsent message is called, since its bytes are already with the hub. */
export interface SentFile {
  readonly fileId: string
  readonly name: string
  readonly mime: string
  readonly bytes: number
}

/** A message on its way to the hub. It is ours alone until the hub has stored it. */
export interface Pending {
  readonly clientId: string
  readonly conversationId: string
  readonly kind: 'reply' | 'note'
  readonly parts: readonly OutgoingPart[]
  readonly files: readonly SentFile[]
  /** Head and rich text, where the channel carries mail. */
  readonly mail?: OutgoingMail
  readonly seenSeq: number
  readonly quotedMessageId?: string
  readonly createdAt: number
  /**
   * `sending`: asked, not yet answered. `waiting`: no connection; goes out with the same `clientId`.
   * `held`: somebody wrote meanwhile, the author decides. `refused`: the hub will not take it.
   */
  readonly status: 'sending' | 'waiting' | 'held' | 'refused'
  readonly error: {
    readonly kind: ApiError['kind']
    readonly code: string
    readonly detail: string
    readonly details: Record<string, unknown>
  } | null
  /** What came meanwhile, by message id. */
  readonly newer: readonly string[]
}

interface Sends {
  readonly list: readonly Pending[]
  readonly put: (pending: Pending) => void
  readonly drop: (clientId: string) => void
}

/** Messages on their way, kept for this tab so that a reload goes on with the same client ids. */
export const useSends = create<Sends>()(
  persist(
    (set, get) => ({
      list: [],
      put: (pending) => {
        const at = get().list.findIndex((p) => p.clientId === pending.clientId)
        set({ list: at < 0 ? [...get().list, pending] : get().list.with(at, pending) })
      },
      drop: (clientId) => set({ list: get().list.filter((p) => p.clientId !== clientId) }),
    }),
    { name: 'onequeue.sends', version: 1, storage: createJSONStorage(() => sessionStorage) },
  ),
)

const retryAfterMs = 4_000

async function deliver(pending: Pending, force: boolean): Promise<Message> {
  const { clientId, kind, seenSeq, conversationId, quotedMessageId } = pending
  const input = {
    clientId,
    kind,
    parts: [...pending.parts],
    seenSeq,
    force,
    ...(pending.mail === undefined ? {} : { mail: pending.mail }),
    ...(quotedMessageId === undefined ? {} : { quotedMessageId }),
  }
  try {
    return (await call('message.send', { ...input, conversationId })).message
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'offline') throw error
    return http.post<Message>(`/conversations/${conversationId}/messages`, input)
  }
}

function newerIds({ details }: ApiError): readonly string[] {
  const ids = details['messageIds']
  return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : []
}

function settle(pending: Pending, error: unknown): void {
  const { put } = useSends.getState()
  if (!(error instanceof ApiError)) throw error
  const told = { kind: error.kind, code: error.code, detail: error.message, details: { ...error.details } }
  if (error.code === 'newer_messages') put({ ...pending, status: 'held', error: told, newer: newerIds(error) })
  else if (isPassing(error)) {
    put({ ...pending, status: 'waiting', error: told })
    setTimeout(() => void resume(), retryAfterMs)
  } else put({ ...pending, status: 'refused', error: told })
}

async function attempt(pending: Pending, force = false): Promise<void> {
  const asOf = appliedSeq()
  const trying: Pending = { ...pending, status: 'sending', error: null, newer: [] }
  useSends.getState().put(trying)
  try {
    const message = await deliver(trying, force)
    useLive.getState().take({ messages: [message] }, asOf)
    useSends.getState().drop(pending.clientId)
  } catch (error) {
    settle(trying, error)
  }
}

/** Sends a message. It is shown at once, and stays until the hub has it or has refused it. Returns its client id. */
export function send(draft: Pick<Pending, 'conversationId' | 'kind' | 'parts' | 'files' | 'mail' | 'seenSeq' | 'quotedMessageId'>): string {
  const clientId = crypto.randomUUID ? crypto.randomUUID() : randomId()
  void attempt({ ...draft, clientId, createdAt: browserNow(), status: 'sending', error: null, newer: [] })
  return clientId
}

function randomId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Sends a held or refused message again, with the same id. */
export function sendAgain(clientId: string, force: boolean): void {
  const pending = useSends.getState().list.find((p) => p.clientId === clientId)
  if (pending) void attempt(pending, force)
}

let resuming = false

/** Sends everything that waits, in the order it was written, one after another. */
export async function resume(): Promise<void> {
  if (resuming) return
  resuming = true
  try {
    for (const pending of useSends.getState().list) if (pending.status === 'waiting') await attempt(pending)
  } finally {
    resuming = false
  }
}

/** Takes up what an earlier page of this tab left, and goes on whenever the connection returns. */
export function keepSending(): () => void {
  for (const pending of useSends.getState().list)
    if (pending.status === 'sending') useSends.getState().put({ ...pending, status: 'waiting' })
  const stop = useLink.subscribe((now, before) => {
    if (now.connected && !before.connected) void resume()
  })
  if (useLink.getState().connected) void resume()
  return stop
}
