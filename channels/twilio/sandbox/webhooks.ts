import { createHmac } from 'node:crypto'
import type { AccountState, TwilioPlatform } from './platform.ts'

/** Time a request may take in all. Source: Twilio, "Webhooks FAQ". */
const requestTimeoutMs = 15_000

/** Fields of a form, in the order they are sent. */
export type Fields = Readonly<Record<string, string>>

/**
 * Signs a request as Twilio does: the address as the world knows it and all fields sorted by name.
 * Source: Twilio, "Webhooks security".
 */
export function signatureOf(authToken: string, url: string, fields: Fields): string {
  const text = Object.keys(fields)
    .toSorted()
    .reduce((sum, name) => sum + name + (fields[name] ?? ''), url)
  return createHmac('sha1', authToken).update(text, 'utf8').digest('base64')
}

/** Where a request to an address of the hub really goes. */
export function deliveredTo({ options }: AccountState, url: string): string {
  const { smsUrl, deliverTo } = options
  const { origin, pathname, search } = new URL(url)
  return deliverTo !== undefined && origin === new URL(smsUrl).origin ? new URL(pathname + search, deliverTo).href : url
}

/** Posts signed requests to the hub. */
export class WebhookPoster {
  readonly #platform: TwilioPlatform
  readonly #lanes = new Map<string, Promise<unknown>>()
  #stopped = false

  constructor(platform: TwilioPlatform) {
    this.#platform = platform
  }

  /** Posts after everything earlier of its lane; the status, or null when no answer came. */
  inLane(account: AccountState, lane: string, url: string, fields: Fields): Promise<number | null> {
    const key = `${account.options.accountSid} ${lane}`
    const posted = (this.#lanes.get(key) ?? Promise.resolve()).then(() => this.post(account, url, fields))
    this.#lanes.set(key, posted)
    void posted.finally(() => {
      if (this.#lanes.get(key) === posted) this.#lanes.delete(key)
    })
    return posted
  }

  /** Posts at once. @param signature in place of the right one. */
  async post(account: AccountState, url: string, fields: Fields, signature?: string): Promise<number | null> {
    const { fetch, log } = this.#platform.options
    if (this.#stopped) return null
    try {
      const response = await fetch(deliveredTo(account, url), {
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded; charset=UTF-8',
          'user-agent': 'TwilioProxy/1.1',
          'x-twilio-signature': signature ?? signatureOf(account.options.authToken, url, fields),
        },
        body: new URLSearchParams(fields).toString(),
        signal: AbortSignal.timeout(requestTimeoutMs),
      })
      await response.body?.cancel()
      return response.status
    } catch (error) {
      if (!this.#stopped) log.warn({ err: error, number: account.options.number }, 'webhook got no answer')
      return null
    }
  }

  stop(): void {
    this.#stopped = true
  }
}
