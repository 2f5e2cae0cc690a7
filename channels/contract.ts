import type { z } from 'zod'
import type { CardBody, QuickReply } from '../src/wire/cards.ts'
import type { ContactPointKind } from '../src/wire/contacts.ts'
import type { Capabilities, InboxHealth } from '../src/wire/inboxes.ts'
import type { MailAddress, MailHead } from '../src/wire/mail.ts'
import type { Entity, MediaPart, MessagePart, SendError } from '../src/wire/messages.ts'
import type { ChannelId, OutboxStatus } from '../src/wire/words.ts'

/** A webhook call as it came: the body untouched, the address as the provider knows it. */
export interface RawRequest {
  readonly method: string
  /** Path after `/webhooks/:channel/:inboxId`, with its leading slash, or empty. */
  readonly path: string
  /** `PUBLIC_URL` plus path and query: what providers sign. */
  readonly publicUrl: string
  /** Names in lower case; the first value where a name is repeated. */
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: Buffer
}

/** One payload for the ledger. */
export interface RawPayload {
  /** The provider's id of it, stable over redelivery; a hash of `raw` where it has none. */
  readonly externalId: string
  /** What `parse` takes, today and on replay. */
  readonly raw: string
  /** Where its listener stands once this payload is stored; written in the same transaction. */
  readonly cursor?: ListenerCursor
  /** What is kept in place of `raw` when its message turns out to be here already; all of it when left out. */
  readonly rawWhenRepeated?: string
  /** Called after the commit where nothing of the payload is kept: removes bytes stored beside it. Never throws. */
  readonly discard?: () => void
}

/** A place in something that a listener reads, such as a folder of a mailbox. */
export interface ListenerCursor {
  readonly name: string
  readonly value: Readonly<Record<string, unknown>>
}

/** What the hub gives a listener. */
export interface Ear {
  /** Aborted when the hub stops or another node takes over: end at the next safe point. */
  readonly signal: AbortSignal
  /** The place stored last under `name`, or null. */
  cursor(name: string): Promise<Readonly<Record<string, unknown>> | null>
  /**
   * Stores payloads in their order with their cursors, and does what they say.
   * @throws AppError 'unavailable' when the database cannot take them: offer them again, from the stored cursor on.
   */
  deliver(payloads: readonly RawPayload[]): Promise<void>
  /** Moves a place without a payload. */
  moveCursor(cursor: ListenerCursor): Promise<void>
  /** Tells the administrator how the connection does; saying the same again changes nothing. Never throws. */
  report(state: InboxHealth['state'], detail: string | null): Promise<void>
}

/** What a mail brings beside its parts. */
export interface InboundMail {
  readonly head: MailHead
  readonly html: string | null
  /** Ids it answers, oldest first, with brackets: References, then In-Reply-To. */
  readonly references: readonly string[]
  /** Addresses that take part, lower case: author, Reply-To, To and Cc without our own. */
  readonly participants: readonly string[]
  /** The conversation whose secret address it was sent to; proven by our own signature. */
  readonly conversationId: string | null
  /** What makes it this very mail, whichever way it came and however often. */
  readonly contentHash: string
  /** Reports on mail of ours that it contains. */
  readonly reports: readonly MailReport[]
}

/** What became of one of our mails for one recipient (RFC 3464, RFC 8098). */
export interface MailReport {
  /** Our Message-ID with brackets. */
  readonly messageId: string
  /** Lower case; null where the report does not say. */
  readonly recipient: string | null
  /** `delayed` changes no state; it is told. */
  readonly outcome: 'delivered' | 'delayed' | 'failed' | 'read'
  readonly error: SendError | null
}

/** Who sent something, in the words of contact points. */
export interface InboundAddress {
  readonly kind: ContactPointKind
  /** Normalised by the channel. */
  readonly address: string
  readonly displayName?: string
  /** The provider vouches for it (a signed webhook does; a typed e-mail address does not). */
  readonly verified: boolean
}

/** A part of an inbound message. Media has no file of ours yet: `source` tells the channel where its bytes are. */
export type InboundPart =
  | Exclude<MessagePart, { type: 'media' }>
  | (Omit<MediaPart, 'fileId' | 'state'> & { readonly source: Readonly<Record<string, unknown>> })
  /** Bytes already uploaded to us under a ticket (web chat). */
  | { readonly type: 'uploaded'; readonly fileId: string }

interface InboundCommon {
  /** Unique in the inbox and stable over redelivery. Provider's message id for messages, event id otherwise. */
  readonly externalId: string
  /** The provider's time, epoch ms. */
  readonly occurredAt: number
  /** What the conversation is threaded by: user, group, room, visitor. */
  readonly threadKey: string
  /** The party on the other side of the thread: a person, or the group itself. */
  readonly party: InboundAddress
}

/** What a provider told us, in our words. */
export type Inbound =
  | (InboundCommon & {
      readonly type: 'message'
      readonly parts: readonly InboundPart[]
      /** Name of the member who wrote, in a group. */
      readonly authorName?: string
      /** The provider's id of the member who wrote, in a group; `fetchProfile` takes `threadKey/memberId`. */
      readonly memberId?: string
      /** Free answer for a short time (LINE). `expiresAt` is epoch ms. */
      readonly replyToken?: { readonly token: string; readonly expiresAt: number }
      readonly quotedExternalId?: string
      /** Ids worth keeping: quote token, mark-as-read token … */
      readonly providerIds?: readonly { kind: string; value: string }[]
      /** A language the provider vouches for, BCP 47. */
      readonly locale?: string
      /** What else is proved to be the party's. */
      readonly others?: readonly { readonly kind: ContactPointKind; readonly address: string; readonly verified: boolean }[]
      /** What they agreed to, such as `webchat:2026-01`. */
      readonly consents?: readonly string[]
      /** Mail only; `threadKey` then counts where no stored thread fits. */
      readonly mail?: InboundMail
      /** It asks nobody to act: it is kept where it belongs, without waking, queueing or reopening anything. */
      readonly quiet?: boolean
    })
  | (InboundCommon & {
      readonly type: 'reachability'
      /** False: our messages no longer arrive (unfollow, opt-out). */
      readonly reachable: boolean
      readonly replyToken?: { readonly token: string; readonly expiresAt: number }
    })
  | (InboundCommon & { readonly type: 'edited'; readonly targetExternalId: string; readonly parts: readonly InboundPart[] })
  | (InboundCommon & { readonly type: 'unsent'; readonly targetExternalId: string })
  /** What became of an outgoing message; `targetProviderId` is an id `send` returned. */
  | (InboundCommon & {
      readonly type: 'receipt'
      readonly targetProviderId: string
      /** The message itself, where its id travelled with it: finds one whose provider id we were never told. */
      readonly targetMessageId?: string
      readonly status: OutboxStatus
      readonly error?: SendError
    })
  /** A neutral line in the thread: joins, leaves, beacons, kinds we do not know. Never creates a conversation. */
  | (InboundCommon & { readonly type: 'system'; readonly code: string; readonly params?: Readonly<Record<string, string | number>> })
  /** Who came into a group and who left it, by the provider's ids. */
  | (InboundCommon & { readonly type: 'members'; readonly joined: readonly string[]; readonly left: readonly string[] })
  /** A customer has proved who they are to the company; `nonce` is what we gave for that log-in. */
  | (InboundCommon & { readonly type: 'linked'; readonly nonce: string })
  /** News about the account itself. */
  | {
      readonly type: 'account'
      readonly externalId: string
      readonly occurredAt: number
      readonly health: InboxHealth['state']
      readonly detail: string
    }

/** A part ready to leave: files have become addresses the provider can fetch. */
export type OutboundPart =
  | { readonly type: 'text'; readonly text: string; readonly entities?: readonly Entity[] }
  /** `urls`: where the pictures it names can be fetched, by file id. */
  | { readonly type: 'card'; readonly altText: string; readonly body: CardBody; readonly urls: Readonly<Record<string, string>> }
  | { readonly type: 'quick_replies'; readonly items: readonly QuickReply[] }
  | { readonly type: 'sticker'; readonly packageId: string; readonly stickerId: string }
  | { readonly type: 'location'; readonly latitude: number; readonly longitude: number; readonly title?: string; readonly address?: string }
  | {
      readonly type: 'media'
      readonly kind: 'image' | 'video' | 'audio' | 'file'
      /** Long-lived, unguessable, on `PUBLIC_URL`. */
      readonly url: string
      /** A small JPEG of a picture that is large, under the same rules. */
      readonly previewUrl?: string
      readonly name: string
      readonly mime: string
      readonly bytes: number
      readonly durationMs?: number
    }

/** A file whose bytes travel inside the message. */
export interface OutboundFile {
  readonly name: string
  readonly mime: string
  readonly bytes: number
  /** Content-ID without brackets, where the HTML shows it. */
  readonly contentId: string | null
  /** Reads it from its beginning; once for each attempt. */
  open(): Promise<AsyncIterable<Uint8Array>>
}

/** A mail that is put below its answer. */
export interface QuotedMail {
  readonly author: string
  /** Epoch ms. */
  readonly at: number
  readonly text: string
  /** Sanitised. */
  readonly html: string | null
}

/** What a channel that carries mail is given beside the parts. */
export interface OutboundMail {
  /** Its `messageId` is the same for every attempt. */
  readonly head: MailHead
  /** Words and signature, without what is quoted. */
  readonly text: string
  readonly html: string | null
  readonly quote: QuotedMail | null
  /** Ids it answers with brackets, oldest first. */
  readonly references: readonly string[]
  readonly files: readonly OutboundFile[]
  /** Language of the inbox, BCP 47, for the line above a quote. */
  readonly locale: string
  /** When it was written, epoch ms. */
  readonly writtenAt: number
}

/** What the hub must know of a mail account before it writes a message. */
export interface MailIdentity {
  /** What mail leaves under. */
  readonly from: MailAddress
  /** Whether the account has a server to send by. */
  readonly sends: boolean
  /** Every address that is ours, lower case. */
  readonly own: readonly string[]
  /** Put below every mail of the inbox; HTML, empty for none. */
  readonly signature: string
  /** How long a mail can be taken back before it leaves, milliseconds. */
  readonly undoMs: number
  /** The Message-ID of a message with its brackets; the same for the same message. */
  messageId(messageId: string): string
}

/** One outgoing message. */
export interface Outbound {
  readonly outboxId: string
  readonly messageId: string
  readonly conversationId: string
  /** UUID, the same for every attempt. */
  readonly retryKey: string
  /** 1 for the first. */
  readonly attempt: number
  readonly threadKey: string
  readonly address: { readonly kind: ContactPointKind; readonly address: string }
  readonly parts: readonly OutboundPart[]
  /** Parts of further messages that leave with it, in their order; only where the session combines. */
  readonly more?: readonly (readonly OutboundPart[])[]
  /** Provider ids of the quoted message, where one is quoted. */
  readonly quoted: readonly { kind: string; value: string }[] | null
  /** Where the channel's capabilities say `mail`. */
  readonly mail?: OutboundMail
  /** Takes the newest unused reply token of the conversation, for good; null when there is none alive. */
  claimReplyToken(): Promise<string | null>
}

/** How a send ended. Exactly one of these; a thrown error counts as `unconfirmed`. */
export type SendResult =
  | {
      readonly status: 'accepted' | 'delivered'
      readonly route: string
      readonly providerIds: readonly { kind: string; value: string }[]
      /** Ids of each further message that left with it. */
      readonly more?: readonly (readonly { kind: string; value: string }[])[]
      /** What did not go well although it was taken, such as a recipient who was refused while others were not. */
      readonly error?: SendError
    }
  /** The provider refuses for good; its words go to the agent. */
  | { readonly status: 'rejected'; readonly error: SendError; readonly blocked?: boolean; readonly health?: InboxHealth['state'] }
  /**
   * Trying again can do no harm. `mayBeTaken`: this attempt may have been taken, which another one under the same retry
   * key would find out; where none follows, the outcome stays unconfirmed. `uncounted`: our own pace held it back.
   */
  | {
      readonly status: 'retry'
      readonly error: SendError
      readonly afterMs?: number
      readonly mayBeTaken?: boolean
      readonly uncounted?: boolean
      readonly health?: InboxHealth['state']
    }
  /** Nobody knows whether it was taken; never sent again without a person. */
  | { readonly status: 'unconfirmed'; readonly error: SendError; readonly route: string }

/** How an account's sends are counted against its plan. */
export interface Meter {
  /** What becomes of counted sends while the plan is nearly used up. */
  readonly whenLow: 'warn' | 'ask' | 'defer'
  /** Share of the plan from which that is so. */
  readonly lowPercent: number
  /** An answer that takes a reply token is not counted. */
  readonly repliesFree: boolean
  /** Reads plan and use; null when the provider will not tell. `limit` null: no limit. */
  read(signal: AbortSignal): Promise<{ readonly limit: number | null; readonly used: number } | null>
}

/** A menu that the account shows below a person's chat. */
export interface ChatMenu {
  readonly id: string
  readonly name: string
}

/** How fetching a medium ended. */
export type MediaResult =
  | { readonly status: 'ready'; readonly body: AsyncIterable<Uint8Array>; readonly bytes: number | null; readonly mime: string | null }
  /** `afterMs`: no earlier than that; left out, the hub spaces its questions itself. */
  | { readonly status: 'preparing'; readonly afterMs?: number }
  | { readonly status: 'gone' }
  | { readonly status: 'failed'; readonly retryable: boolean; readonly detail: string }

/** What a provider knows about a person or group. */
export interface Profile {
  readonly displayName: string
  readonly avatarUrl?: string
  readonly locale?: string
}

/** `fetch` through the egress rules. */
export type Fetch = typeof globalThis.fetch

/** Everything an adapter may touch. */
export interface ChannelKit {
  readonly inboxId: string
  readonly publicUrl: string
  readonly fetch: Fetch
  /** Epoch ms. */
  now(): number
  /** Calls `fn` once after `delayMs` of the hub's clock; the returned function ends it. */
  after(delayMs: number, fn: () => void): () => void
  /** 32 bytes for one purpose of this inbox, the same on every node and after every start. */
  key(purpose: string): Buffer
  /** The address to connect to for a host named in the settings. @throws AppError 'invalid_input' for one that may not be reached. */
  resolve(host: string, port: number): Promise<string>
  /** Bytes too large for the ledger. */
  readonly blobs: {
    put(
      source: AsyncIterable<Uint8Array>,
      maxBytes: number,
    ): Promise<{ readonly key: string; readonly bytes: number; readonly sha256: string }>
    get(key: string): Promise<AsyncIterable<Uint8Array>>
    delete(key: string): Promise<void>
  }
  readonly log: {
    info(fields: object, message: string): void
    warn(fields: object, message: string): void
    error(fields: object, message: string): void
  }
}

/** One step of a check. */
export interface CheckStep {
  readonly name: string
  /** `skipped`: it does not apply to these settings. */
  readonly outcome: 'passed' | 'failed' | 'skipped'
  /** A sentence: what was found, or what to do. */
  readonly detail: string
}

/** One open account of a channel. Opening does no I/O. */
export interface Session {
  readonly webhook?: {
    /** Constant-time check over the raw bytes; false stores nothing. */
    verify(request: RawRequest): boolean
    /**
     * Splits a verified body into payloads for the ledger, cheaply.
     * @throws anything when the body cannot be read; it is then kept whole and quarantined.
     */
    split(request: RawRequest): RawPayload[]
    /** What a provider wants to read once its body is stored; an empty answer where it is left out. */
    answer?(request: RawRequest): { readonly contentType: string; readonly body: string }
  }
  /**
   * Turns one ledger payload into our words; pure, and again on replay.
   * An empty list means that there is nothing to do (a provider's ping).
   * @throws anything when it cannot be understood; the payload is then quarantined.
   */
  parse(raw: string): Inbound[]
  /** The same where it takes a worker or stored bytes; asked in place of `parse` where it is there. */
  read?(raw: string): Promise<Inbound[]>
  /**
   * Keeps a connection to the provider and hands over what comes, until `ear.signal` aborts; one node at a time does.
   * Mends its own connection: it ends otherwise only by a bug.
   */
  listen?(ear: Ear): Promise<void>
  /** Looks at each step of the connection and tells what to do where one fails; for `inbox test`. */
  check?(signal: AbortSignal): AsyncIterable<CheckStep>
  /** The bytes of a stored payload as they came from the provider, for those who may see them. */
  openSource?(raw: string): Promise<AsyncIterable<Uint8Array>>
  send(out: Outbound, signal: AbortSignal): Promise<SendResult>
  /** Of a channel that carries mail. */
  readonly mail?: MailIdentity
  /**
   * Whether an attempt whose outcome was lost (the process died) may be made again with the same retry key
   * without doubling; `route` is `reply` once a reply token was taken for it. False where it is missing.
   */
  resumable?(route: string | null): boolean
  /** Several messages may leave in one call: at most `max` of what `count` counts of a message's parts. */
  readonly combine?: { readonly max: number; count(parts: readonly MessagePart[]): number }
  /** Where sends are counted against a plan. */
  readonly meter?: Meter
  /** Looks whether the account works as it is set up; null when the provider cannot be asked now. */
  checkAccount?(
    webhookUrl: string,
    signal: AbortSignal,
  ): Promise<{ readonly state: InboxHealth['state']; readonly detail: string | null } | null>
  /** Menus of the account, and which of them a person sees. */
  readonly menus?: {
    /** @throws AppError 'provider_unavailable'. */
    list(signal: AbortSignal): Promise<readonly ChatMenu[]>
    /** Null for the account's default. @throws AppError 'provider_unavailable'. */
    current(threadKey: string, signal: AbortSignal): Promise<string | null>
    /** @throws AppError 'provider_unavailable', 'invalid_input' for an unknown menu. */
    set(threadKey: string, menuId: string | null, signal: AbortSignal): Promise<void>
  }
  /** Proving who a customer is by a log-in at the company's own site. */
  readonly accountLink?: {
    /** Where the customer logs in; the provider's one-time permission to link is part of it. Null when it gives none. */
    begin(threadKey: string, returnUrl: string, signal: AbortSignal): Promise<string | null>
    /** Where the customer goes after the log-in, so that the provider tells us `nonce`. */
    finish(linkToken: string, nonce: string): string
  }
  fetchMedia?(source: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<MediaResult>
  /** Null when the provider will not tell. */
  fetchProfile?(threadKey: string, signal: AbortSignal): Promise<Profile | null>
  /** Tells the customer that an agent types; never throws. */
  showTyping?(threadKey: string, signal: AbortSignal): Promise<void>
  /** Tells the customer that messages were read; tokens are provider ids of kind `markAsRead`. */
  markRead?(tokens: readonly string[], signal: AbortSignal): Promise<void>
  close?(): Promise<void>
}

/** A channel: one folder, one line in the registry. */
export interface Channel<C = unknown> {
  readonly id: ChannelId
  readonly capabilities: Capabilities
  /** Settings of one account; unknown keys are refused. */
  readonly config: z.ZodType<C>
  /** Keys of `config` kept sealed and never shown. */
  readonly secretKeys: readonly string[]
  /** Its sessions may have `listen`. */
  readonly listens?: boolean
  open(config: C, kit: ChannelKit): Session
  /**
   * What of former settings stays good beside changed ones, such as a secret that is being replaced; the changed settings
   * with it. @param now epoch ms.
   */
  carryOver?(former: C, changed: C, now: number): C
}

/** Declares a channel with its settings' type checked, then forgets the type for the registry. */
export function defineChannel<C>(channel: Channel<C>): Channel {
  return channel
}
