import { type AccountState, addEntry, newUlid, type Person, type Platform, randomHex, type TranscriptEntry, threadOf } from './platform.ts'
import type { WebhookAttempt, WebhookEvent, WebhookSender } from './webhook-sender.ts'

/** What a customer's act became. */
export interface CustomerAct extends WebhookAttempt {
  readonly eventId: string
  readonly replyToken: string | null
}

/** A message of a customer. */
export interface CustomerMessage extends CustomerAct {
  readonly messageId: string
}

/** A file that a customer sends. */
export interface CustomerFile {
  readonly bytes: Uint8Array
  readonly mime: string
  /** Time until the platform has prepared it; 0 when left out. */
  readonly prepareMs?: number
}

/** Where and how a message is said. */
export interface SayOptions {
  /** A group of the account; the chat with the person alone when left out. */
  readonly groupId?: string
  /** Message id that is quoted. */
  readonly quote?: string
  /** Further members of the webhook's message object. */
  readonly extra?: Readonly<Record<string, unknown>>
}

/** Content kept at once over all accounts; the oldest goes first, as on the real platform. */
const keptContentBytes = 64_000_000

/** A customer with the app in hand. Each act resolves after the first attempt of its webhook. */
export class LineSandboxUser {
  readonly userId: string
  readonly #platform: Platform
  readonly #sender: WebhookSender
  readonly #account: AccountState

  constructor(platform: Platform, sender: WebhookSender, account: AccountState, userId: string) {
    this.userId = userId
    this.#platform = platform
    this.#sender = sender
    this.#account = account
  }

  sendText(text: string, options?: SayOptions): Promise<CustomerMessage> {
    return this.#say({ type: 'text', text }, options)
  }

  sendSticker(packageId: string, stickerId: string, options?: SayOptions): Promise<CustomerMessage> {
    return this.#say({ type: 'sticker', packageId, stickerId, stickerResourceType: 'STATIC' }, options)
  }

  sendLocation(
    place: { latitude: number; longitude: number; title?: string; address?: string },
    options?: SayOptions,
  ): Promise<CustomerMessage> {
    return this.#say({ type: 'location', ...place }, options)
  }

  sendImage(file: CustomerFile, options?: SayOptions): Promise<CustomerMessage> {
    return this.#say({ type: 'image', contentProvider: { type: 'line' } }, options, file)
  }

  sendVideo(file: CustomerFile, durationMs: number, options?: SayOptions): Promise<CustomerMessage> {
    return this.#say({ type: 'video', duration: durationMs, contentProvider: { type: 'line' } }, options, file)
  }

  sendAudio(file: CustomerFile, durationMs: number, options?: SayOptions): Promise<CustomerMessage> {
    return this.#say({ type: 'audio', duration: durationMs, contentProvider: { type: 'line' } }, options, file)
  }

  sendFile(file: CustomerFile, fileName: string, options?: SayOptions): Promise<CustomerMessage> {
    return this.#say({ type: 'file', fileName, fileSize: file.bytes.byteLength }, options, file)
  }

  /** Touches a button that the account sent. */
  postback(data: string, params?: Readonly<Record<string, string>>): Promise<CustomerAct> {
    return this.#tell('postback', { postback: { data, ...(params && { params }) } }, { replies: true })
  }

  /** Adds the account as a friend, or lifts the block. */
  follow(): Promise<CustomerAct> {
    const person = this.#person()
    const isUnblocked = person.blocked
    person.friend = true
    person.blocked = false
    return this.#tell('follow', { follow: { isUnblocked } }, { replies: true })
  }

  /** Blocks the account: what it sends is taken and never seen. */
  unfollow(): Promise<CustomerAct> {
    const person = this.#person()
    person.friend = false
    person.blocked = true
    return this.#tell('unfollow', {}, { replies: false })
  }

  /** Takes back one of the customer's own messages; its content is gone at once. */
  async unsend(messageId: string): Promise<CustomerAct> {
    const thread = [...this.#account.threads.values()].find(({ entries }) =>
      entries.some((entry) => entry.id === messageId && entry.userId === this.userId),
    )
    const entry = thread?.entries.find(({ id }) => id === messageId)
    if (!thread || !entry) throw new Error(`"${this.userId}" has not sent the message "${messageId}".`)
    entry.unsentAt = this.#platform.now()
    const content = this.#platform.contents.get(messageId)
    if (content) content.gone = true
    return this.#tell('unsend', { unsend: { messageId } }, { replies: false, ...(thread.kind === 'group' && { groupId: thread.key }) })
  }

  #person(): Person {
    const person = this.#account.people.get(this.userId)
    if (!person) throw new Error(`"${this.userId}" does not know the account.`)
    return person
  }

  async #say(message: Record<string, unknown> & { type: string }, options: SayOptions = {}, file?: CustomerFile): Promise<CustomerMessage> {
    const id = this.#platform.newMessageId()
    const markAsReadToken = randomHex(16)
    const quote = options.quote === undefined ? {} : { quotedMessageId: options.quote }
    const said = {
      ...message,
      id,
      quoteToken: randomHex(12),
      markAsReadToken,
      ...quote,
      ...options.extra,
      type: message.type,
    }
    const at = this.#platform.now()
    if (file) this.#keepContent(id, file, at)
    const entry: TranscriptEntry = {
      id,
      at,
      from: 'customer',
      userId: this.userId,
      message: said,
      route: null,
      webhook: 'waiting',
      readAt: null,
      unsentAt: null,
    }
    addEntry(threadOf(this.#account, options.groupId ?? this.userId), entry)
    this.#person().lastWroteAt = at
    return {
      messageId: id,
      ...(await this.#tell(
        'message',
        { message: said },
        { replies: true, entry, ...(options.groupId !== undefined && { groupId: options.groupId }) },
      )),
    }
  }

  #keepContent(messageId: string, file: CustomerFile, at: number): void {
    const { contents } = this.#platform
    contents.set(messageId, {
      bytes: file.bytes,
      mime: file.mime,
      readyAt: at + (file.prepareMs ?? this.#account.switches.prepareMs),
      gone: false,
    })
    let total = [...contents.values()].reduce((sum, content) => sum + content.bytes.byteLength, 0)
    for (const [id, content] of contents) {
      if (total <= keptContentBytes || id === messageId) break
      contents.delete(id)
      total -= content.bytes.byteLength
    }
  }

  async #tell(type: string, facts: object, how: { replies: boolean; groupId?: string; entry?: TranscriptEntry }): Promise<CustomerAct> {
    const threadKey = how.groupId ?? this.userId
    const source =
      how.groupId === undefined ? { type: 'user', userId: this.userId } : { type: 'group', groupId: how.groupId, userId: this.userId }
    const event = eventOf(this.#platform, this.#account, type, facts, source, how.replies ? threadKey : null)
    this.#platform.changed(this.#account, threadKey)
    const attempt = await this.#sender.send(this.#account, threadKey, event, (taken) => {
      if (how.entry) how.entry.webhook = taken ? 'taken' : 'failed'
      this.#platform.changed(this.#account, threadKey)
    })
    return { ...attempt, eventId: event.webhookEventId, replyToken: event.replyToken ?? null }
  }
}

/**
 * Makes a webhook event in the platform's form.
 * @param replyTo thread that its reply token answers; null for an event without one.
 */
export function eventOf(
  platform: Platform,
  account: AccountState,
  type: string,
  facts: object,
  source: object | null,
  replyTo: string | null,
): WebhookEvent {
  const timestamp = platform.now()
  const event = {
    type,
    ...facts,
    webhookEventId: newUlid(timestamp),
    deliveryContext: { isRedelivery: false },
    timestamp,
    ...(source && { source }),
    mode: 'active',
  }
  if (replyTo === null) return event
  const replyToken = randomHex(16)
  for (const [old, { eventAt }] of account.replyTokens) {
    if (timestamp - eventAt <= 20 * 60_000) break
    account.replyTokens.delete(old)
  }
  account.replyTokens.set(replyToken, { threadKey: replyTo, eventAt: timestamp, handedOutAt: timestamp, used: false })
  return { ...event, replyToken }
}
