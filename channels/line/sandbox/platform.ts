import { randomBytes } from 'node:crypto'
import type { messagingApi } from '@line/bot-sdk'
import type { JWK } from 'jose'
import type { ChannelKit, Fetch } from '../../contract.ts'

/** What the stand-in needs of a clock; the hub's clock and the fake one have it. */
export interface SandboxClock {
  /** Epoch milliseconds. */
  now(): number
  after(delayMs: number, fn: () => void): () => void
}

/** What the stand-in platform is given. */
export interface SandboxOptions {
  readonly clock: SandboxClock
  /** Reaches the hub's webhook address, which is usually a loopback one. */
  readonly fetch: Fetch
  readonly log: ChannelKit['log']
  /** Port on 127.0.0.1; any free one when left out or 0. */
  readonly port?: number
  /** Media addresses need https on the real platform; the stand-in also takes http ones from these hosts (`localhost:3000`). */
  readonly insecureMediaHosts?: readonly string[]
  /** Where the page of the phones fetches customers' media; `/sandbox/api/content` when left out. */
  readonly contentPath?: string
}

/** An official account on the stand-in platform. */
export interface AccountOptions {
  readonly channelId: string
  readonly channelSecret: string
  readonly channelAccessToken: string
  readonly displayName: string
  /** The hub's `/webhooks/line/:inboxId`. */
  readonly webhookUrl: string
  readonly botUserId?: string
  /** Messages that may be pushed in a month; null, the default, for no limit. */
  readonly monthlyQuota?: number | null
  /** Whether webhooks that fail come again; true when left out. */
  readonly redelivers?: boolean
  /** Public key with which assertions for v2.1 tokens are checked; null, the default, for none. */
  readonly assertionKey?: JWK | null
  /** Menus below the chat, by id. */
  readonly menus?: Readonly<Record<string, string>>
}

/** What the platform does to an account until it is told otherwise; the demo's page has a switch for each. */
export interface Switches {
  /** Life of reply tokens and of stateless access tokens; null for the platform's own. */
  tokenLifeMs: number | null
  /** How long media take to be prepared. */
  prepareMs: number
  /** Every event comes twice. */
  duplicates: boolean
  /** Every other event is overtaken by the next. */
  reorders: boolean
  /** Half of every download, then nothing. */
  dropsDownloads: boolean
  /** Recordings and films cannot be prepared. */
  failsTranscoding: boolean
}

/** The platform as it should be. */
export const plainSwitches: Switches = {
  tokenLifeMs: null,
  prepareMs: 0,
  duplicates: false,
  reorders: false,
  dropsDownloads: false,
  failsTranscoding: false,
}

/** A message in a thread, as both sides see it. */
export interface TranscriptEntry {
  readonly id: string
  readonly at: number
  readonly from: 'customer' | 'account'
  /** The member who wrote, on the customers' side. */
  readonly userId: string | null
  /** The message in the platform's own form: webhook form from customers, sending form from the account. */
  readonly message: Readonly<Record<string, unknown>> & { readonly type: string }
  /** How the account's message came: free of charge, or counted. */
  readonly route: 'reply' | 'push' | null
  /** Whether the hub has taken the webhook; null for the account's messages. */
  webhook: 'waiting' | 'taken' | 'failed' | null
  readAt: number | null
  unsentAt: number | null
  /** By which the account may quote its own message. */
  readonly quoteToken?: string
}

/** One chat of an account: with a person, or in a group. */
export interface Thread {
  readonly key: string
  readonly kind: 'user' | 'group'
  readonly entries: TranscriptEntry[]
  /** The loading animation is shown until then. */
  loadingUntil: number
}

/** A person as one account knows them. */
export interface Person {
  readonly userId: string
  displayName: string
  readonly language: string | null
  readonly pictureUrl: string | null
  friend: boolean
  blocked: boolean
  lastWroteAt: number | null
  /** Menu of their own; null for the account's. */
  menuId: string | null
}

/** A reply token and what became of it. */
export interface ReplyToken {
  readonly threadKey: string
  readonly eventAt: number
  /** Start of its minute; moves when the event comes again. */
  handedOutAt: number
  used: boolean
}

/** Content of an inbound medium. */
export interface Content {
  readonly bytes: Uint8Array
  readonly mime: string
  readonly readyAt: number
  gone: boolean
}

/** What a scripted fault does to one call of the account. */
export type ApiFault =
  /** Answers so and does nothing. */
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly body: unknown
      readonly headers?: Readonly<Record<string, string>>
    }
  /** Cuts the connection before anything is done. */
  | { readonly kind: 'lose_request' }
  /** Does the work and cuts the connection instead of answering. */
  | { readonly kind: 'lose_answer' }
  /** Sends half of the content and cuts the connection. */
  | { readonly kind: 'cut_content' }

/** What a scripted fault does to one webhook event. */
export type WebhookFault =
  /** Comes twice under the same id, both times as a first delivery. */
  | 'duplicate'
  /** The first attempt never reaches the hub. */
  | 'lose'
  /** Waits for `release`, so that later events overtake it. */
  | 'hold'

/** What one call of the account asked for and got. */
export interface ApiCall {
  readonly at: number
  readonly method: string
  readonly path: string
  readonly retryKey: string | null
  readonly body: unknown
  /** Null when the connection was cut. */
  readonly status: number | null
}

/** Everything the platform remembers of one account. */
export interface AccountState {
  options: Required<AccountOptions>
  readonly people: Map<string, Person>
  readonly groups: Map<string, { readonly groupId: string; readonly name: string; joined: boolean; readonly members: Set<string> }>
  readonly threads: Map<string, Thread>
  readonly replyTokens: Map<string, ReplyToken>
  /** Retry key → what was accepted under it, kept for 24 hours. */
  readonly retryKeys: Map<string, { readonly at: number; readonly requestId: string; readonly sent: messagingApi.SentMessage[] }>
  readonly apiFaults: { readonly path: RegExp; readonly fault: ApiFault }[]
  readonly webhookFaults: WebhookFault[]
  readonly calls: ApiCall[]
  /** Issued access token → epoch ms until which it is good. */
  readonly issuedTokens: Map<string, number>
  readonly linkTokens: Map<string, { readonly userId: string; readonly until: number }>
  readonly switches: Switches
  webhookUrl: string
  monthlyQuota: number | null
  quotaUsed: number
}

/** Most entries a thread keeps, and calls an account keeps; older ones are forgotten. */
const keptEntries = 500
const keptCalls = 1_000

/** The platform's memory, shared by its parts. */
export class Platform {
  readonly options: SandboxOptions
  readonly accounts = new Map<string, AccountState>()
  readonly contents = new Map<string, Content>()
  readonly #listeners = new Set<(change: { channelId: string; threadKey: string }) => void>()
  #newestMessageId = 0n

  constructor(options: SandboxOptions) {
    this.options = options
  }

  now(): number {
    return this.options.clock.now()
  }

  /** Numeric and rising, also over restarts: the hub keeps these ids for ever. */
  newMessageId(): string {
    const floor = BigInt(this.now()) * 100_000n
    this.#newestMessageId = this.#newestMessageId >= floor ? this.#newestMessageId + 1n : floor
    return String(this.#newestMessageId)
  }

  onChange(listener: (change: { channelId: string; threadKey: string }) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  changed(account: AccountState, threadKey: string): void {
    for (const listener of this.#listeners) listener({ channelId: account.options.channelId, threadKey })
  }
}

/** The account's thread, made on first use. */
export function threadOf(account: AccountState, key: string): Thread {
  const found = account.threads.get(key)
  if (found) return found
  const thread: Thread = { key, kind: key.startsWith('U') ? 'user' : 'group', entries: [], loadingUntil: 0 }
  account.threads.set(key, thread)
  return thread
}

/** Adds to a thread and forgets its oldest entries. */
export function addEntry(thread: Thread, entry: TranscriptEntry): void {
  thread.entries.push(entry)
  if (thread.entries.length > keptEntries) thread.entries.splice(0, thread.entries.length - keptEntries)
}

/** Notes a call and forgets the oldest. */
export function noteCall(account: AccountState, call: ApiCall): void {
  account.calls.push(call)
  if (account.calls.length > keptCalls) account.calls.splice(0, account.calls.length - keptCalls)
}

/** Random lower-case hex. */
export function randomHex(bytes: number): string {
  return randomBytes(bytes).toString('hex')
}

const crockford = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A new ULID, the form of webhook event ids. */
export function newUlid(now: number): string {
  let time = ''
  for (let rest = now; time.length < 10; rest = Math.floor(rest / 32)) time = `${crockford[rest % 32]}${time}`
  return time + Array.from(randomBytes(16), (byte) => crockford[byte % 32]).join('')
}
