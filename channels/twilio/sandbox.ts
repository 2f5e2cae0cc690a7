import type { Server } from 'node:http'
import { createApiServer } from './sandbox/api-server.ts'
import { SmsSandboxUser } from './sandbox/customer.ts'
import { MessageCalls } from './sandbox/messages.ts'
import { createSmsPhones, type SmsPhones } from './sandbox/phones.ts'
import {
  type AccountState,
  type CallbackFault,
  personAt,
  type RestCall,
  type RestFault,
  type SmsPerson,
  type TwilioAccountOptions,
  TwilioPlatform,
  type TwilioSandboxOptions,
} from './sandbox/platform.ts'
import { restoreChat, type SmsHistory } from './sandbox/restore.ts'
import { WebhookPoster } from './sandbox/webhooks.ts'

export type { CustomerSms, SmsSandboxUser } from './sandbox/customer.ts'
export type {
  CallbackFault,
  RestCall,
  RestFault,
  SmsContent,
  SmsEntry,
  SmsPerson,
  TwilioAccountOptions,
  TwilioSandboxOptions,
} from './sandbox/platform.ts'
export type { SmsHistory } from './sandbox/restore.ts'

/** One account of the stand-in with its number, and with what tests may do to it. */
export interface TwilioSandboxAccount {
  readonly options: TwilioAccountOptions
  /** A customer; made on first use. @param address number in E.164, with `whatsapp:` before it for that. */
  user(address: string, name?: string): SmsSandboxUser
  people(): readonly SmsPerson[]
  /** Puts chats of an earlier process back on the phones. */
  restore(chats: readonly SmsHistory[]): void
  /** REST calls, oldest first; at most 1,000. */
  calls(): readonly RestCall[]
  /** Plans a fault for the next REST call whose path fits. */
  failNext(fault: RestFault, path?: RegExp): void
  /** Plans what becomes of the reports about the next message. */
  disturbReports(fault: CallbackFault): void
  /** The next message is not delivered, with this error of the carriers. */
  failDelivery(errorCode: number): void
  /** Sends the reports that `held` kept back. */
  release(): Promise<void>
  /** Tells that a customer has opened what was delivered; only WhatsApp does. */
  read(address: string): Promise<void>
  /** Posts fields as they are given, signed for the address. @param signature in place of the right one. */
  post(url: string, fields: Readonly<Record<string, string>>, signature?: string): Promise<number | null>
}

/** The stand-in for Twilio. */
export interface TwilioSandbox {
  /** Listens on loopback; `api.twilio.com` is this origin. */
  start(): Promise<{ readonly origin: string }>
  /** Ends connections. Idempotent. */
  stop(): Promise<void>
  /** Adds an account by its number; a known number takes the new settings and keeps its threads. */
  account(options: TwilioAccountOptions): TwilioSandboxAccount
  /** The customers' side, for a page that shows it. */
  readonly phones: SmsPhones
}

/**
 * Makes a stand-in for Twilio: its Messages resource with the real one's rules and errors (numbers, lengths, media,
 * opt-out, rate), reports about each message, and signed webhooks for what customers send. Nothing of it lasts beyond
 * the process.
 */
export function createTwilioSandbox(options: TwilioSandboxOptions): TwilioSandbox {
  const platform = new TwilioPlatform(options)
  const poster = new WebhookPoster(platform)
  const messages = new MessageCalls(platform, poster)
  const server = createApiServer(platform, messages)
  return {
    start: () => listen(server, options.port ?? 0),
    stop: async () => {
      poster.stop()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
    account: (given) => {
      const known = platform.accounts.get(given.number)
      const state = known ?? newAccount(given)
      state.options = given
      platform.accounts.set(given.number, state)
      return faceOf(platform, poster, messages, state)
    },
    phones: createSmsPhones(platform, poster, messages, options.contentPath ?? '/sandbox/api/content'),
  }
}

function listen(server: Server, port: number): Promise<{ origin: string }> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', () => {
      const address = server.address()
      if (address === null || typeof address === 'string') return reject(new Error('The stand-in for Twilio has no port.'))
      resolve({ origin: `http://127.0.0.1:${address.port}` })
    })
  })
}

function newAccount(options: TwilioAccountOptions): AccountState {
  return { options, people: new Map(), calls: [], restFaults: [], callbackFaults: [], deliveryErrors: [], held: [], takenAt: [] }
}

function faceOf(platform: TwilioPlatform, poster: WebhookPoster, messages: MessageCalls, state: AccountState): TwilioSandboxAccount {
  return {
    get options() {
      return state.options
    },
    user: (address, name) => {
      const person = personAt(state, address)
      if (name !== undefined) person.name = name
      return new SmsSandboxUser(platform, poster, state, address)
    },
    people: () => [...state.people.values()],
    restore: (chats) => {
      for (const chat of chats) restoreChat(state, chat)
    },
    calls: () => state.calls,
    failNext: (fault, path = /./) => void state.restFaults.push({ path, fault }),
    disturbReports: (fault) => void state.callbackFaults.push(fault),
    failDelivery: (errorCode) => void state.deliveryErrors.push(errorCode),
    release: async () => {
      for (const report of state.held.splice(0)) await report()
    },
    read: (address) => messages.read(state, personAt(state, address)),
    post: (url, fields, signature) => poster.post(state, url, fields, signature),
  }
}
