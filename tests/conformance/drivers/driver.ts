import type { Channel, RawPayload, RawRequest } from '../../../channels/contract.ts'

/** What a customer or the platform does, in no channel's words. */
export type Item =
  | { readonly kind: 'text'; readonly text: string; readonly id: string }
  /** A kind of event that the channel has never heard of. */
  | { readonly kind: 'unknown'; readonly id: string }
  /** Well-formed for the platform's envelope, not to be understood inside. */
  | { readonly kind: 'poison'; readonly id: string }

/** How a webhook is signed. */
export type Signing = 'valid' | 'wrong' | 'missing' | 'foreign'

/** An outside provider to send to, as a stand-in that keeps the real one's rules. */
export interface Provider {
  /** Settings of an account there. */
  readonly settings: Readonly<Record<string, unknown>>
  readonly threadKey: string
  readonly address: { readonly kind: 'line' | 'phone' | 'email'; readonly address: string }
  /** Texts that reached the customer, in order. */
  seen(): Promise<readonly string[]>
  /** What goes wrong with the next send. */
  disturb(fault: 'refuse' | 'unavailable' | 'lose_request' | 'lose_answer'): void
  fetch: typeof globalThis.fetch
  close(): Promise<void>
}

/** What the conformance suite needs to know of a channel. */
export interface ChannelDriver {
  readonly channel: Channel
  /** Its transport ends lines in a way of its own; ours are line feeds. */
  readonly ownLineEnds?: true
  readonly settings: Readonly<Record<string, unknown>>
  /** Settings that must be refused, with the name of the wrong one. */
  readonly wrongSettings: readonly (readonly [name: string, settings: Readonly<Record<string, unknown>>])[]
  /** A ledger payload of one item. */
  payload(item: Item): RawPayload
  /** Null for a channel whose messages come over our own sockets. */
  readonly webhook: {
    /** A request carries one item, or none. */
    readonly single?: true
    request(items: readonly Item[], signing: Signing, redelivered?: boolean): RawRequest
    /** A signed body that is none of the platform's. */
    garbage(): RawRequest
  } | null
  /** Null for a channel that is its own provider. */
  readonly provider: {
    start(): Promise<Provider>
    /** Whether a send may be repeated without a second message: an unknown outcome is tried again then, and unconfirmed otherwise. */
    readonly repeatable: boolean
    /** Faults after which it is known that nothing was taken, so that a repeat does no harm although others might. */
    readonly knownLost?: readonly ('lose_request' | 'unavailable')[]
    /** It speaks a protocol of its own and not HTTP; giving up is then tested with the protocol. */
    readonly withoutHttp?: true
  } | null
}
