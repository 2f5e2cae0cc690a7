import type { VisitorEvents, VisitorFile, VisitorSession } from '../../../../../src/wire/visitor.ts'
import type { VisitorPage } from '../../../../../src/wire/visitor-profile.ts'
import { type Account, createAccount } from './account.ts'
import { type Api, createApi, type Sent, type Upload } from './live/api.ts'
import { Failure, isPassing, unreachable } from './live/failure.ts'
import { createFileCache, type FileCache } from './live/file-cache.ts'
import { type Link, openLink } from './live/link.ts'
import { createReceipts, type Receipts } from './live/receipts.ts'
import { createSender, type Outgoing, type Sender } from './live/sender.ts'
import { openSessions, type Sessions, visitorIdOf } from './live/sessions.ts'
import { createSound, type Sound } from './live/sound.ts'
import { uploadWith } from './live/upload.ts'
import { newClientId, type Outbox, openOutbox, type Pending, type TextStorage } from './model/outbox.ts'
import { openStorage } from './model/storage.ts'
import {
  advance,
  applyHistory,
  applyState,
  applySync,
  emptyThread,
  mergeMessages,
  newestFromUs,
  oldestPlace,
  type Thread,
  unseen,
} from './model/thread.ts'
import type { PageSettings } from './page.ts'
import { type ChatState, firstState } from './state.ts'
import { createStore, type Store } from './store.ts'

const typingEveryMs = 2_500
const typingShownMs = 6_000
const busyShownMs = 6_000
const retryMs = 2_000
/** Without the live line for so long, messages go and come over HTTP. */
const httpAfterMs = 5_000
const pollEveryMs = 5_000
/** How often a chat that stands open asks whether somebody is there. */
const serviceEveryMs = 60_000

/** The chat of one inbox, from the moment it is made: identity, live line, thread, and what waits to be sent. */
export class ChatClient {
  readonly state: Store<ChatState>
  readonly files: FileCache
  readonly account: Account
  readonly sound: Sound
  readonly #storage: TextStorage
  readonly #page: PageSettings
  readonly #api: Api
  readonly #sessions: Sessions
  readonly #outbox: Outbox
  readonly #receipts: Receipts
  readonly #sender: Sender
  readonly #link: Link
  #looking = false
  #lostAt: number | null = Date.now()
  #typedAt = 0
  #around: VisitorPage | null = null

  constructor(page: PageSettings) {
    const storage = openStorage()
    this.#storage = storage
    this.#page = page
    this.sound = createSound(storage)
    this.#api = createApi(`/chat/${encodeURIComponent(page.inboxId)}`)
    this.#sessions = openSessions(this.#api, storage, page.inboxId, page.locale)
    this.#outbox = openOutbox(storage, page.inboxId)
    const consented = storage.getItem(this.#consentKey)
    this.state = createStore({ ...firstState(this.#outbox.list()), consented, soundOn: this.sound.on })
    this.files = createFileCache(async (fileId) => this.#api.fetchFile(await this.#token(), fileId))
    this.#receipts = createReceipts((place) => this.#link.call('progress', place))
    this.#sender = createSender({
      outbox: this.#outbox,
      deliver: (message) => this.#deliver(message),
      sent: (_, answer) => this.#take(answer),
      changed: () => this.state.set({ pending: this.#outbox.list(), sending: this.#sender.sending }),
      busy: () => this.#showBusy(),
      stranger: () => this.#meetAgain(),
    })
    this.#link = openLink(() => this.#token(), {
      connected: () => void this.#sync(),
      lost: () => this.#noteLoss(),
      refused: (failure) => this.#noteRefusal(failure),
      event: (name, body) => this.#hear(name, body),
    })
    this.account = createAccount({
      api: this.#api,
      sessions: this.#sessions,
      storage,
      changed: (session, stranger) => this.#become(session, stranger),
      ended: () => this.#startOver(),
    })
    addEventListener('online', () => this.#link.hurry())
    addEventListener('storage', (event) => this.#followOtherWindow(event))
    setInterval(() => void this.#poll(), pollEveryMs)
    setInterval(() => void this.#askService(), serviceEveryMs)
    document.addEventListener('visibilitychange', () => this.#wake())
    void this.#introduce()
  }

  /** Takes a message for sending; it is kept until the server has confirmed it. */
  send(text: string, files: readonly VisitorFile[], extra: NonNullable<Pending['extra']> = []): void {
    const consent = extra.find((part) => part.type === 'form')?.consent
    if (consent !== undefined) {
      this.#storage.setItem(this.#consentKey, consent)
      this.state.set({ consented: consent })
    }
    this.#queue({ clientId: newClientId(), text, files, extra, at: Date.now(), failure: null })
  }

  /** Notes the page around the chat, for agents who are allowed to know it. */
  noteAround(page: VisitorPage): void {
    this.#around = page
  }

  /** Turns the sound on or off, for all windows of this browser. */
  setSound(on: boolean): void {
    this.sound.set(on)
    this.state.set({ soundOn: on })
  }

  /** Sends a refused message again. */
  retry(pending: Pending): void {
    this.#queue({ ...pending, failure: null })
  }

  /** Gives a refused message up. */
  discard(pending: Pending): void {
    this.#outbox.remove(pending.clientId)
    this.state.set({ pending: this.#outbox.list() })
  }

  /** Tells agents that the person is writing, now and then. */
  typing(): void {
    if (Date.now() - this.#typedAt < typingEveryMs || !this.#link.connected) return
    this.#typedAt = Date.now()
    this.#link.call('typing', {}).catch(() => undefined)
  }

  async loadOlder(): Promise<void> {
    const before = oldestPlace(this.state.get().thread)
    if (before === null || this.state.get().loadingOlder) return
    this.state.set({ loadingOlder: true })
    try {
      const page = await this.#link.call('history', { before })
      this.#setThread(applyHistory(this.state.get().thread, page))
    } catch {
      // The button stays, and the person may press it again.
    } finally {
      this.state.set({ loadingOlder: false })
    }
  }

  /** Uploads a file, to be named in a message once it is done. */
  upload(file: File, onProgress: (share: number) => void): Upload {
    return uploadWith(this.#api, this.#token(), file, onProgress)
  }

  /** Notes whether the person has the newest messages before their eyes. */
  look(looking: boolean): void {
    this.#looking = looking
    if (looking) this.#setThread(this.state.get().thread)
  }

  /** Tries again after a refusal. */
  reconnect(): void {
    this.state.set({ link: 'connecting' })
    void this.#introduce()
    this.#link.hurry()
  }

  async #token(): Promise<string> {
    return (await this.#sessions.current()).token
  }

  async #introduce(): Promise<void> {
    try {
      this.#show(await this.#sessions.current())
    } catch (error) {
      if (error instanceof Failure && !isPassing(error)) this.state.set({ link: 'refused' })
      else setTimeout(() => void this.#introduce(), retryMs * (1 + Math.random()))
    }
  }

  async #sync(): Promise<void> {
    try {
      const answer = await this.#link.call('sync', { since: this.state.get().thread.seq })
      this.#lostAt = null
      this.#setThread(applySync(this.state.get().thread, answer))
      this.state.set({ link: 'online', synced: true })
      this.#sender.flush()
    } catch {
      setTimeout(() => this.#link.connected && void this.#sync(), retryMs)
    }
  }

  #deliver(message: Outgoing): Promise<Sent> {
    const around = this.#around === null || this.state.get().inbox?.pageAddress === 'off' ? {} : { page: this.#around }
    const body = { clientId: message.clientId, parts: [...message.parts], locale: this.#page.locale, ...around }
    if (this.#link.connected) return this.#link.call('message.send', body)
    if (!this.#isCutOff()) return Promise.reject(unreachable())
    return this.#token().then((token) => this.#api.sendMessage(token, body))
  }

  #take(answer: Sent): void {
    this.#setThread(applyState(mergeMessages(this.state.get().thread, [answer.message], answer.seq), answer.state, answer.seq))
  }

  #queue(pending: Pending): void {
    this.#outbox.put(pending)
    this.state.set({ pending: this.#outbox.list() })
    this.#sender.flush()
  }

  #setThread(thread: Thread): void {
    const place = newestFromUs(thread)
    if (place !== null) this.#receipts.note(place, this.#looking)
    this.#dropConfirmed(thread)
    this.state.set({ thread, unseen: unseen(thread, this.#receipts.seen).length })
  }

  /** Another window, or an answer that was lost on its way, may have confirmed what still waits here. */
  #dropConfirmed(thread: Thread): void {
    const stored = new Set(thread.messages.map((message) => message.clientId))
    const confirmed = this.#outbox.list().filter((pending) => stored.has(pending.clientId))
    if (confirmed.length === 0) return
    for (const pending of confirmed) this.#outbox.remove(pending.clientId)
    this.state.set({ pending: this.#outbox.list() })
  }

  #hear<K extends keyof VisitorEvents>(name: K, body: VisitorEvents[K]): void {
    const { thread, typing } = this.state.get()
    if ('until' in body) return this.#showTyping(body)
    if ('waiting' in body) return this.state.set({ waiting: body.waiting === null ? null : { ...body, waiting: body.waiting } })
    // Before the first answer there is nothing to add to: it will hold all of this.
    if (thread.seq === null) return
    if ('message' in body) {
      this.#setThread(advance(mergeMessages(thread, [body.message], body.seq), body.seq))
      if (typing !== null && body.message.direction === 'out') this.state.set({ typing: null })
      const news = body.message.direction === 'out' && !body.message.unsent && !thread.messages.some(({ id }) => id === body.message.id)
      if (news && !this.#looking) this.sound.play()
    } else if ('state' in body) this.#setThread(advance(applyState(thread, body.state, body.seq), body.seq))
    else if (name === 'heartbeat') this.state.set({ thread: advance(thread, body.seq) })
  }

  #showTyping(typing: VisitorEvents['typing']): void {
    this.state.set({ typing })
    setTimeout(() => this.state.get().typing === typing && this.state.set({ typing: null }), typingShownMs)
  }

  #showBusy(): void {
    this.state.set({ busy: true })
    setTimeout(() => this.state.set({ busy: false }), busyShownMs)
  }

  #noteLoss(): void {
    this.#lostAt ??= Date.now()
    this.state.set({ link: 'lost', typing: null })
  }

  #noteRefusal(failure: Failure): void {
    if (failure.kind === 'unauthenticated') this.#meetAgain()
    else this.state.set({ link: 'refused' })
  }

  /** The token is worth nothing any more: a new identity, and what waits goes out under it. */
  #meetAgain(): void {
    this.#sessions.forget()
    this.state.set({ thread: emptyThread, unseen: 0, synced: false, waiting: null })
    void this.#introduce().then(() => this.#link.hurry())
  }

  /** Somebody else sits here now, as far as anybody can tell: nothing of the one before is shown or sent. */
  #startOver(): void {
    this.#outbox.clear()
    this.#storage.removeItem(this.#consentKey)
    this.state.set({ pending: [], consented: null, identified: false, knownName: null, transcriptTo: null })
    this.#meetAgain()
    this.#link.renew()
  }

  #become(session: VisitorSession, stranger: boolean): void {
    if (stranger) this.#outbox.clear()
    this.#show(session)
    this.state.set({ thread: emptyThread, unseen: 0, synced: false, waiting: null, pending: this.#outbox.list() })
    this.#link.renew()
  }

  #show(session: VisitorSession): void {
    const { inbox, identified, knownName, transcriptTo, service } = session
    this.state.set({ inbox, identified, knownName, transcriptTo, service })
  }

  /** Another window of this browser logged in, logged out or was forgotten. */
  #followOtherWindow({ key, oldValue, newValue }: StorageEvent): void {
    if (key !== this.#sessions.key || visitorIdOf(oldValue) === visitorIdOf(newValue)) return
    this.#sessions.reload()
    this.state.set({ thread: emptyThread, unseen: 0, synced: false, waiting: null, pending: this.#outbox.list() })
    void this.#introduce().then(() => this.#link.renew())
  }

  /** The live line has been down for a while, though there is a network. */
  #isCutOff(): boolean {
    return !this.#link.connected && this.#lostAt !== null && Date.now() - this.#lostAt >= httpAfterMs && navigator.onLine
  }

  /** Keeps in step over HTTP while no live line can be had. */
  async #poll(): Promise<void> {
    if (!this.#isCutOff() || this.state.get().link === 'refused') return
    try {
      const answer = await this.#api.sync(await this.#token(), this.state.get().thread.seq)
      this.#setThread(applySync(this.state.get().thread, answer))
      this.state.set({ synced: true })
      this.#sender.flush()
    } catch {
      // The next turn tries again, and so does the live line.
    }
  }

  async #askService(): Promise<void> {
    if (!this.#link.connected) return
    const service = await this.#link.call('service', {}).catch(() => null)
    if (service !== null) this.state.set({ service })
  }

  get #consentKey(): string {
    return `onequeue:${this.#page.inboxId}:consent`
  }

  #wake(): void {
    if (document.visibilityState !== 'visible') return
    this.#link.hurry()
    this.#sessions.refresh().catch(() => undefined)
  }
}
