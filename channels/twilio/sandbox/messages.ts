import { smsSegments } from '../../../src/wire/sms-segments.ts'
import {
  type AccountState,
  addEntry,
  newSid,
  personAt,
  type SmsEntry,
  type SmsPerson,
  type SmsStatus,
  type TwilioPlatform,
} from './platform.ts'
import { deliveredTo, type WebhookPoster } from './webhooks.ts'

/** What the stand-in answers. */
export interface RestAnswer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

/** Fields of a form; a list is its name several times. */
export type RestForm = Readonly<Record<string, readonly string[]>>

/** Time from one state to the next. */
const stepMs = 400

/** Largest medium that is fetched from the hub. Source: Twilio, "Accepted content types for media". */
const mediaMaxBytes = 5_000_000

/** An error in the platform's form. Source: Twilio, "Twilio's response", "Exceptions". */
export function failure(status: number, code: number, message: string, headers?: Readonly<Record<string, string>>): RestAnswer {
  const more_info = `https://www.twilio.com/docs/errors/${code}`
  return { status, body: { code, message, more_info, status }, ...(headers && { headers }) }
}

/** Takes messages of an account as the Messages resource does, and leads each to its end. */
export class MessageCalls {
  readonly #platform: TwilioPlatform
  readonly #poster: WebhookPoster

  constructor(platform: TwilioPlatform, poster: WebhookPoster) {
    this.#platform = platform
    this.#poster = poster
  }

  /** Source: Twilio, "Create a Message resource". */
  create(account: AccountState, form: RestForm): RestAnswer {
    const refusal = refusalOf(account, form) ?? this.#hurry(account)
    if (refusal !== undefined) return refusal
    const to = one(form, 'To')
    const person = personAt(account, to)
    if (person.optedOut) return failure(400, 21_610, 'Attempt to send to unsubscribed recipient')
    const media = form['MediaUrl'] ?? []
    const entry: SmsEntry = {
      sid: newSid(media.length > 0 ? 'MM' : 'SM'),
      at: this.#platform.now(),
      from: 'account',
      text: one(form, 'Body'),
      media: [],
      status: 'queued',
      errorCode: null,
      statusCallback: one(form, 'StatusCallback') || null,
      webhook: null,
    }
    addEntry(person, entry)
    this.#platform.changed(account, to)
    this.#platform.options.clock.after(stepMs, () => void this.#carry(account, person, entry, media))
    return { status: 201, body: resourceOf(account, person, entry, media.length) }
  }

  /** Source: Twilio, "Fetch a Message resource". */
  find(account: AccountState, sid: string): RestAnswer {
    for (const person of account.people.values()) {
      const entry = person.entries.find((candidate) => candidate.sid === sid)
      if (entry !== undefined) return { status: 200, body: resourceOf(account, person, entry, entry.media.length) }
    }
    return failure(404, 20_404, `The requested resource /Messages/${sid}.json was not found`)
  }

  #hurry(account: AccountState): RestAnswer | undefined {
    const { perSecond } = account.options
    const now = this.#platform.now()
    account.takenAt = account.takenAt.filter((at) => at > now - 1_000)
    if (perSecond !== undefined && account.takenAt.length >= perSecond)
      return failure(429, 20_429, 'Too Many Requests', { 'retry-after': '1' })
    account.takenAt.push(now)
    return undefined
  }

  async #carry(account: AccountState, person: SmsPerson, entry: SmsEntry, media: readonly string[]): Promise<void> {
    const fault = account.callbackFaults.shift()
    const planned = account.deliveryErrors.shift()
    const fetched = await this.#fetchAll(account, media)
    const errorCode = fetched === null ? 11_200 : (planned ?? (person.off ? 30_003 : null))
    const ends: SmsStatus[] = fetched === null ? ['failed'] : ['sent', errorCode === null ? 'delivered' : 'undelivered']
    if (fetched !== null) Object.assign(entry, { media: fetched })
    const reports: (() => Promise<unknown>)[] = []
    for (const status of ends) {
      entry.status = status
      if (status === 'undelivered' || status === 'failed') entry.errorCode = errorCode
      const fields = reportOf(account, person, entry)
      reports.push(() => this.#report(account, entry, fields))
    }
    this.#platform.changed(account, person.address)
    if (fault === 'never') return
    if (fault === 'held') return void account.held.push(...reports)
    const ordered = fault === 'reversed' ? reports.toReversed() : reports
    for (const report of ordered) {
      await report()
      if (fault === 'twice') await report()
    }
  }

  /** The customer has opened a message; only WhatsApp tells. */
  async read(account: AccountState, person: SmsPerson): Promise<void> {
    if (!person.address.startsWith('whatsapp:')) return
    for (const entry of person.entries.filter(({ status }) => status === 'delivered')) {
      entry.status = 'read'
      await this.#report(account, entry, reportOf(account, person, entry))
    }
    this.#platform.changed(account, person.address)
  }

  async #report(account: AccountState, { statusCallback }: SmsEntry, fields: Readonly<Record<string, string>>): Promise<void> {
    if (statusCallback !== null) await this.#poster.post(account, statusCallback, fields)
  }

  /** Ids of the media kept; null when one cannot be had. */
  async #fetchAll(account: AccountState, urls: readonly string[]): Promise<string[] | null> {
    const ids: string[] = []
    for (const url of urls) {
      try {
        const response = await this.#platform.options.fetch(deliveredTo(account, url), { signal: AbortSignal.timeout(10_000) })
        const bytes = new Uint8Array(await response.arrayBuffer())
        if (!response.ok || bytes.byteLength > mediaMaxBytes) return null
        ids.push(this.#platform.keep({ bytes, mime: response.headers.get('content-type') ?? 'application/octet-stream' }))
      } catch {
        return null
      }
    }
    return ids
  }
}

const one = (form: RestForm, name: string): string => form[name]?.[0] ?? ''

function refusalOf({ options }: AccountState, form: RestForm): RestAnswer | undefined {
  const to = one(form, 'To')
  const from = one(form, 'From')
  const service = one(form, 'MessagingServiceSid')
  const media = form['MediaUrl'] ?? []
  const callback = one(form, 'StatusCallback')
  if (to === '') return failure(400, 21_604, "A 'To' phone number is required.")
  if (!/^(?:whatsapp:)?\+[1-9]\d{6,14}$/.test(to)) return failure(400, 21_211, `Invalid 'To' Phone Number: ${to}`)
  if (from === '' && service === '') return failure(400, 21_603, "A 'From' phone number is required.")
  if (from !== '' && from !== options.number)
    return failure(400, 21_606, `The 'From' phone number ${from} is not a valid, SMS-capable inbound phone number`)
  if (service !== '' && service !== options.messagingServiceSid) return failure(404, 21_701, 'The Messaging Service does not exist')
  if (one(form, 'Body') === '' && media.length === 0) return failure(400, 21_602, 'Message body is required.')
  if (one(form, 'Body').length > 1_600) return failure(400, 21_617, 'The concatenated message body exceeds the 1600 character limit')
  if (media.length > (to.startsWith('whatsapp:') ? 1 : 10)) return failure(400, 21_623, 'Number of media files exceeds allowed limit')
  if (media.some((url) => !/^https?:\/\//.test(url) || !URL.canParse(url))) return failure(400, 21_620, 'Invalid media URL(s)')
  if (callback !== '' && !/^https?:\/\//.test(callback))
    return failure(400, 21_609, `The StatusCallback URL ${callback} is not a valid URL`)
  return undefined
}

function resourceOf({ options }: AccountState, person: SmsPerson, entry: SmsEntry, mediaCount: number): object {
  const at = new Date(entry.at).toUTCString().replace('GMT', '+0000')
  const uri = `/2010-04-01/Accounts/${options.accountSid}/Messages/${entry.sid}.json`
  const inbound = entry.from === 'customer'
  return {
    sid: entry.sid,
    account_sid: options.accountSid,
    api_version: '2010-04-01',
    body: entry.text,
    date_created: at,
    date_sent: entry.status === 'queued' ? null : at,
    date_updated: at,
    direction: inbound ? 'inbound' : 'outbound-api',
    error_code: entry.errorCode,
    error_message: null,
    from: inbound ? person.address : options.number,
    messaging_service_sid: options.messagingServiceSid ?? null,
    num_media: String(mediaCount),
    num_segments: String(Math.max(1, smsSegments(entry.text).count)),
    price: null,
    price_unit: 'USD',
    status: inbound ? 'received' : entry.status,
    subresource_uris: { media: uri.replace(/\.json$/, '/Media.json') },
    to: inbound ? options.number : person.address,
    uri,
  }
}

/** Fields of a report. Source: Twilio, "Outbound message status in status callbacks". */
function reportOf({ options }: AccountState, person: SmsPerson, entry: SmsEntry): Readonly<Record<string, string>> {
  const status = entry.status ?? 'queued'
  return {
    ApiVersion: '2010-04-01',
    AccountSid: options.accountSid,
    MessageSid: entry.sid,
    SmsSid: entry.sid,
    MessageStatus: status,
    SmsStatus: status,
    From: options.number,
    To: person.address,
    ...(options.messagingServiceSid !== undefined && { MessagingServiceSid: options.messagingServiceSid }),
    ...(entry.errorCode !== null && { ErrorCode: String(entry.errorCode) }),
  }
}
