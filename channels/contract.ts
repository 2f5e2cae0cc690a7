import type { z } from 'zod'
import type { CardBody, QuickReply } from '../src/wire/cards.ts'
import type { ContactPointKind } from '../src/wire/contacts.ts'
import type { Capabilities, InboxHealth } from '../src/wire/inboxes.ts'
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
      /** Free answer for a short time (LINE). `expiresAt` is epoch ms. */
      readonly replyToken?: { readonly token: string; readonly expiresAt: number }
      readonly quotedExternalId?: string
      /** Ids worth keeping: quote token, mark-as-read token … */
      readonly providerIds?: readonly { kind: string; value: string }[]
      /** A language the provider vouches for, BCP 47. */
      readonly locale?: string
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
      readonly status: OutboxStatus
      readonly error?: SendError
    })
  /** A neutral line in the thread: joins, leaves, beacons, kinds we do not know. Never creates a conversation. */
  | (InboundCommon & { readonly type: 'system'; readonly code: string; readonly params?: Readonly<Record<string, string | number>> })
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
  /** Provider ids of the quoted message, where one is quoted. */
  readonly quoted: readonly { kind: string; value: string }[] | null
  /** Takes the newest unused reply token of the conversation, for good; null when there is none alive. */
  claimReplyToken(): Promise<string | null>
}

/** How a send ended. Exactly one of these; a thrown error counts as `unconfirmed`. */
export type SendResult =
  | {
      readonly status: 'accepted' | 'delivered'
      readonly route: string
      readonly providerIds: readonly { kind: string; value: string }[]
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

/** How fetching a medium ended. */
export type MediaResult =
  | { readonly status: 'ready'; readonly body: AsyncIterable<Uint8Array>; readonly bytes: number | null; readonly mime: string | null }
  | { readonly status: 'preparing'; readonly afterMs: number }
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
  readonly log: {
    info(fields: object, message: string): void
    warn(fields: object, message: string): void
    error(fields: object, message: string): void
  }
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
  }
  /**
   * Turns one ledger payload into our words; pure, and again on replay.
   * An empty list means that there is nothing to do (a provider's ping).
   * @throws anything when it cannot be understood; the payload is then quarantined.
   */
  parse(raw: string): Inbound[]
  send(out: Outbound, signal: AbortSignal): Promise<SendResult>
  /**
   * Whether an attempt whose outcome was lost (the process died) may be made again with the same retry key
   * without doubling; `route` is `reply` once a reply token was taken for it. False where it is missing.
   */
  resumable?(route: string | null): boolean
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
  open(config: C, kit: ChannelKit): Session
}

/** Declares a channel with its settings' type checked, then forgets the type for the registry. */
export function defineChannel<C>(channel: Channel<C>): Channel {
  return channel
}
