import { smsSegments } from '../../../src/wire/sms-segments.ts'
import {
  type AccountState,
  addEntry,
  newSid,
  personAt,
  type SmsContent,
  type SmsEntry,
  type SmsPerson,
  type TwilioPlatform,
} from './platform.ts'
import type { WebhookPoster } from './webhooks.ts'

/** Words that the carriers act upon. Source: Twilio, "Support for opt-out keywords". */
const outWords = /^\s*(?:stop|stopall|unsubscribe|optout|revoke|cancel|end|quit)\s*$/i
const inWords = /^\s*(?:start|unstop|yes)\s*$/i

/** What Twilio answers by itself. */
const outAnswer =
  'You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.'
const inAnswer =
  'You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe. Msg&Data Rates May Apply.'

/** What became of one message of a customer. */
export interface CustomerSms {
  readonly messageSid: string
  /** The hub's answer; null when none came. */
  readonly status: number | null
}

/** A customer with a phone in hand. */
export class SmsSandboxUser {
  readonly address: string
  readonly #platform: TwilioPlatform
  readonly #poster: WebhookPoster
  readonly #account: AccountState

  constructor(platform: TwilioPlatform, poster: WebhookPoster, account: AccountState, address: string) {
    this.address = address
    this.#platform = platform
    this.#poster = poster
    this.#account = account
  }

  get person(): SmsPerson {
    return personAt(this.#account, this.address)
  }

  /** Sends a message; resolves with the hub's answer. @param extra further fields of the webhook, such as a place on WhatsApp. */
  async send(text: string, media: readonly SmsContent[] = [], extra: Readonly<Record<string, string>> = {}): Promise<CustomerSms> {
    const { options } = this.#account
    const ids = media.map((content) => this.#platform.keep(content))
    const sid = newSid(ids.length > 0 ? 'MM' : 'SM')
    const entry = this.#entry(sid, 'customer', text, ids)
    const order = this.#obey(text)
    this.#platform.changed(this.#account, this.address)
    const mediaFields = ids.flatMap((id, at): [string, string][] => [
      [`MediaUrl${at}`, `https://api.twilio.com/2010-04-01/Accounts/${options.accountSid}/Messages/${sid}/Media/${id}`],
      [`MediaContentType${at}`, media[at]?.mime ?? 'application/octet-stream'],
    ])
    const fields = { ...this.#common(sid, text, ids.length), ...Object.fromEntries(mediaFields), ...extra }
    const status = await this.#poster.inLane(this.#account, this.address, options.smsUrl, fields)
    entry.webhook = status !== null && status >= 200 && status < 300 ? 'taken' : 'failed'
    if (order !== null) this.#entry(newSid('SM'), 'account', order, [])
    this.#platform.changed(this.#account, this.address)
    return { messageSid: sid, status }
  }

  /** The last message once more, as after a lost answer. */
  async repeat(sid: string): Promise<number | null> {
    const entry = this.person.entries.find((candidate) => candidate.sid === sid)
    if (entry === undefined) throw new Error(`"${this.address}" has not sent the message "${sid}".`)
    return this.#poster.inLane(this.#account, this.address, this.#account.options.smsUrl, this.#common(sid, entry.text, 0))
  }

  #common(sid: string, text: string, mediaCount: number): Record<string, string> {
    const { accountSid, number, messagingServiceSid } = this.#account.options
    const whatsapp = this.address.startsWith('whatsapp:')
    return {
      ToCountry: 'US',
      SmsMessageSid: sid,
      NumMedia: String(mediaCount),
      SmsSid: sid,
      SmsStatus: 'received',
      Body: text,
      To: number,
      NumSegments: String(Math.max(1, smsSegments(text).count)),
      MessageSid: sid,
      AccountSid: accountSid,
      From: this.address,
      ApiVersion: '2010-04-01',
      ...(whatsapp && { ProfileName: this.person.name, WaId: this.address.replace(/^whatsapp:\+/, ''), MessageType: 'text' }),
      ...(messagingServiceSid !== undefined && { MessagingServiceSid: messagingServiceSid }),
    }
  }

  /** Keeps to opt-out words as the platform does for its numbers; what it answers by itself, or null. */
  #obey(text: string): string | null {
    const { person } = this
    if (this.address.startsWith('whatsapp:')) return null
    if (outWords.test(text) && !person.optedOut) {
      person.optedOut = true
      return outAnswer
    }
    if (inWords.test(text) && person.optedOut) {
      person.optedOut = false
      return inAnswer
    }
    return null
  }

  #entry(sid: string, from: SmsEntry['from'], text: string, media: readonly string[]): SmsEntry {
    const own = from === 'customer'
    const entry: SmsEntry = {
      sid,
      at: this.#platform.now(),
      from,
      text,
      media,
      status: own ? null : 'delivered',
      errorCode: null,
      statusCallback: null,
      webhook: own ? 'waiting' : null,
    }
    addEntry(this.person, entry)
    return entry
  }
}
