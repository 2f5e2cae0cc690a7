import { createHmac } from 'node:crypto'
import type { AccountState, Platform, WebhookFault } from './platform.ts'

/** Time the hub has for a webhook. Source: LINE Developers, error reason `request_timeout`. */
const webhookTimeoutMs = 2_000

/** Waits before an event comes again; the real platform keeps its own to itself. */
const redeliveryDelaysMs = [1_000, 3_000, 10_000, 30_000, 60_000, 120_000, 300_000, 600_000]

/** One event on its way to the hub. */
export interface WebhookEvent {
  readonly webhookEventId: string
  readonly replyToken?: string
  readonly [member: string]: unknown
}

/** How one attempt ended; null when no answer came. */
export interface WebhookAttempt {
  readonly status: number | null
}

/** How long an event waits for one to overtake it. */
const overtakenForMs = 3_000

interface Underway {
  readonly account: AccountState
  readonly event: WebhookEvent
  readonly settled: (taken: boolean) => void
}

/** Signs events and posts them to the hub, again when that fails. */
export class WebhookSender {
  readonly #platform: Platform
  /** First attempts of one thread follow each other; what comes again keeps no order. */
  readonly #lanes = new Map<string, Promise<unknown>>()
  readonly #held: Underway[] = []
  /** An event of an account that the next one overtakes. */
  readonly #overtaken = new Map<AccountState, Underway>()
  readonly #timers = new Set<() => void>()
  #stopped = false

  constructor(platform: Platform) {
    this.#platform = platform
  }

  /**
   * Sends an event once everything earlier of its thread had its first attempt.
   * @param settled told when the hub has taken the event, or the platform has given up.
   * @returns the first attempt; `status` null when a fault kept it back.
   */
  send(account: AccountState, laneKey: string, event: WebhookEvent, settled: (taken: boolean) => void): Promise<WebhookAttempt> {
    const underway = { account, event, settled }
    const fault = account.webhookFaults.shift() ?? this.#habit(account)
    const lane = `${account.options.channelId}:${laneKey}`
    const first = (this.#lanes.get(lane) ?? Promise.resolve()).then(() => this.#first(underway, fault))
    this.#lanes.set(lane, first)
    void first.finally(() => {
      if (this.#lanes.get(lane) === first) this.#lanes.delete(lane)
    })
    return first
  }

  /** What the account's switches do to every event. */
  #habit(account: AccountState): WebhookFault | 'overtake' | undefined {
    const { duplicates, reorders } = account.switches
    if (reorders && !this.#overtaken.has(account)) return 'overtake'
    return duplicates ? 'duplicate' : undefined
  }

  /** Sends what was held back, in the order it came. */
  async release(account: AccountState): Promise<void> {
    const mine = this.#held.filter((underway) => underway.account === account)
    for (const underway of mine) {
      this.#held.splice(this.#held.indexOf(underway), 1)
      await this.#attempt(underway, 0)
    }
  }

  /** Posts events as they are given, signed; for bodies that the platform itself would not make. */
  async post(account: AccountState, body: string, signature?: string): Promise<WebhookAttempt> {
    return { status: await this.#post(account, body, signature) }
  }

  stop(): void {
    this.#stopped = true
    for (const cancel of this.#timers) cancel()
    this.#timers.clear()
  }

  async #first(underway: Underway, fault: WebhookFault | 'overtake' | undefined): Promise<WebhookAttempt> {
    const { account } = underway
    switch (fault) {
      case 'hold':
        this.#held.push(underway)
        return { status: null }
      case 'overtake':
        this.#overtaken.set(account, underway)
        this.#later(overtakenForMs, () => this.#releaseOvertaken(account))
        return { status: null }
      case 'lose':
        this.#again(underway, 0)
        return { status: null }
      case 'duplicate': {
        const [attempt] = await Promise.all([this.#attempt(underway, 0), this.#attempt(underway, 0)])
        return attempt
      }
      case undefined: {
        const attempt = await this.#attempt(underway, 0)
        await this.#releaseOvertaken(account)
        return attempt
      }
    }
  }

  async #attempt(underway: Underway, repeat: number): Promise<WebhookAttempt> {
    const { account, event, settled } = underway
    const token = event.replyToken === undefined ? undefined : account.replyTokens.get(event.replyToken)
    if (token) token.handedOutAt = this.#platform.now()
    const sent = { ...event, deliveryContext: { isRedelivery: repeat > 0 } }
    const status = await this.#post(account, JSON.stringify({ destination: account.options.botUserId, events: [sent] }))
    if (status !== null && status >= 200 && status < 300) settled(true)
    else this.#again(underway, repeat)
    return { status }
  }

  #again(underway: Underway, repeat: number): void {
    const delayMs = redeliveryDelaysMs[repeat]
    if (!underway.account.options.redelivers || delayMs === undefined) {
      underway.settled(false)
      return
    }
    this.#later(delayMs, () => this.#attempt(underway, repeat + 1))
  }

  #later(delayMs: number, act: () => Promise<unknown>): void {
    if (this.#stopped) return
    const cancel = this.#platform.options.clock.after(delayMs, () => {
      this.#timers.delete(cancel)
      void act()
    })
    this.#timers.add(cancel)
  }

  async #releaseOvertaken(account: AccountState): Promise<void> {
    const underway = this.#overtaken.get(account)
    if (underway === undefined) return
    this.#overtaken.delete(account)
    await this.#attempt(underway, 0)
  }

  async #post(account: AccountState, body: string, signature?: string): Promise<number | null> {
    const { fetch, log } = this.#platform.options
    const own = createHmac('sha256', account.options.channelSecret).update(body).digest('base64')
    try {
      const response = await fetch(account.webhookUrl, {
        method: 'POST',
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'user-agent': 'LineBotWebhook/2.0',
          'x-line-signature': signature ?? own,
        },
        body,
        signal: AbortSignal.timeout(webhookTimeoutMs),
      })
      await response.body?.cancel()
      return response.status
    } catch (error) {
      if (!this.#stopped) log.warn({ err: error, channelId: account.options.channelId }, 'webhook got no answer')
      return null
    }
  }
}
