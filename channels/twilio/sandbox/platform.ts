import { randomBytes } from 'node:crypto'
import type { ChannelKit, Fetch } from '../../contract.ts'

/** What the stand-in needs of a clock; the hub's clock and the fake one have it. */
export interface SandboxClock {
  /** Epoch milliseconds. */
  now(): number
  after(delayMs: number, fn: () => void): () => void
}

/** What the stand-in is given. */
export interface TwilioSandboxOptions {
  readonly clock: SandboxClock
  /** Reaches the hub's webhook and media addresses, which are usually loopback ones. */
  readonly fetch: Fetch
  readonly log: ChannelKit['log']
  /** Port on 127.0.0.1; any free one when left out or 0. */
  readonly port?: number
  /** Where the page of the phones fetches media; `/sandbox/api/content` when left out. */
  readonly contentPath?: string
}

/** An account on the stand-in, with one number of its own. */
export interface TwilioAccountOptions {
  readonly accountSid: string
  readonly authToken: string
  readonly apiKeySid?: string | undefined
  readonly apiKeySecret?: string | undefined
  readonly displayName: string
  /** Our number, short code or name. */
  readonly number: string
  readonly messagingServiceSid?: string | undefined
  /** The hub's `/webhooks/sms/:inboxId` as the world knows it: what is signed. */
  readonly smsUrl: string
  /** Where requests to the origin of `smsUrl` really go, as a proxy would send them; the address itself when left out. */
  readonly deliverTo?: string | undefined
  /** Messages taken in a second; more get 429. No limit when left out. */
  readonly perSecond?: number | undefined
}

/** Where a message of the account stands, in Twilio's words. */
export type SmsStatus = 'queued' | 'sent' | 'delivered' | 'undelivered' | 'failed' | 'read'

/** A message as both sides see it. */
export interface SmsEntry {
  readonly sid: string
  readonly at: number
  readonly from: 'customer' | 'account'
  readonly text: string
  readonly media: readonly string[]
  /** Of the account's messages. */
  status: SmsStatus | null
  errorCode: number | null
  readonly statusCallback: string | null
  /** Whether the hub has taken the webhook; null for the account's messages. */
  webhook: 'waiting' | 'taken' | 'failed' | null
}

/** A customer with a phone. `address` is their number, with `whatsapp:` where they write from there. */
export interface SmsPerson {
  readonly address: string
  name: string
  /** Opted out by STOP: what is sent to them is refused. */
  optedOut: boolean
  /** Switched off: nothing is delivered. */
  off: boolean
  readonly entries: SmsEntry[]
}

/** Bytes of a medium, the customers' and the account's. */
export interface SmsContent {
  readonly bytes: Uint8Array
  readonly mime: string
}

/** What a scripted fault does to one REST call. */
export type RestFault =
  /** Answers so and does nothing. */
  | { readonly kind: 'answer'; readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> }
  /** Cuts the connection before anything is done. */
  | { readonly kind: 'lose_request' }
  /** Does the work and cuts the connection instead of answering. */
  | { readonly kind: 'lose_answer' }

/** What a script does to the reports about one message. */
export type CallbackFault =
  /** Each comes twice. */
  | 'twice'
  /** The last comes first. */
  | 'reversed'
  /** None comes. */
  | 'never'
  /** They wait for `release`. */
  | 'held'

/** One REST call and its answer; status null when the connection was cut. */
export interface RestCall {
  readonly method: string
  readonly path: string
  readonly form: Readonly<Record<string, readonly string[]>>
  readonly status: number | null
}

/** Everything the stand-in remembers of one account. */
export interface AccountState {
  options: TwilioAccountOptions
  readonly people: Map<string, SmsPerson>
  readonly calls: RestCall[]
  readonly restFaults: { readonly path: RegExp; readonly fault: RestFault }[]
  readonly callbackFaults: CallbackFault[]
  /** Error codes that the next messages end with instead of being delivered. */
  readonly deliveryErrors: number[]
  /** Reports that `held` kept back, in their order. */
  readonly held: (() => Promise<unknown>)[]
  /** Times of the messages taken in the last second. */
  takenAt: number[]
}

const keptEntries = 500
const keptCalls = 1_000
/** Content kept at once over all accounts; the oldest goes first. */
const keptContentBytes = 64_000_000

/** The stand-in's memory, shared by its parts. */
export class TwilioPlatform {
  readonly options: TwilioSandboxOptions
  readonly accounts = new Map<string, AccountState>()
  readonly contents = new Map<string, SmsContent>()
  readonly #listeners = new Set<(change: { number: string; address: string }) => void>()

  constructor(options: TwilioSandboxOptions) {
    this.options = options
  }

  now(): number {
    return this.options.clock.now()
  }

  onChange(listener: (change: { number: string; address: string }) => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  changed(account: AccountState, address: string): void {
    for (const listener of this.#listeners) listener({ number: account.options.number, address })
  }

  /** Keeps a medium and gives its id. */
  keep(content: SmsContent): string {
    const id = newSid('ME')
    this.contents.set(id, content)
    let total = [...this.contents.values()].reduce((sum, { bytes }) => sum + bytes.byteLength, 0)
    for (const [old, { bytes }] of this.contents) {
      if (total <= keptContentBytes || old === id) break
      this.contents.delete(old)
      total -= bytes.byteLength
    }
    return id
  }
}

/** The person at an address, made on first use: any number can be written to. */
export function personAt(account: AccountState, address: string): SmsPerson {
  const known = account.people.get(address)
  if (known !== undefined) return known
  const person: SmsPerson = { address, name: address.replace(/^whatsapp:/, ''), optedOut: false, off: false, entries: [] }
  account.people.set(address, person)
  return person
}

/** Adds to a person's thread and forgets its oldest entries. */
export function addEntry(person: SmsPerson, entry: SmsEntry): void {
  person.entries.push(entry)
  if (person.entries.length > keptEntries) person.entries.splice(0, person.entries.length - keptEntries)
}

/** Notes a call and forgets the oldest. */
export function noteCall(account: AccountState, call: RestCall): void {
  account.calls.push(call)
  if (account.calls.length > keptCalls) account.calls.splice(0, account.calls.length - keptCalls)
}

/** A new id in Twilio's form. */
export function newSid(letters: 'SM' | 'MM' | 'ME' | 'RQ'): string {
  return letters + randomBytes(16).toString('hex')
}
