import type { messagingApi } from '@line/bot-sdk'
import { type CheckedMessage, createMessageCheck, isRefused } from './check-messages.ts'
import { type AccountState, addEntry, type Platform, randomHex, type TranscriptEntry, threadOf } from './platform.ts'

/** What the platform answers. */
export interface ApiAnswer {
  readonly status: number
  readonly body: unknown
  readonly headers?: Readonly<Record<string, string>>
}

const day = 86_400_000

/** Life of a reply token from each delivery of its event, and from the event itself. Source: "Send reply message". */
const tokenLifeMs = 60_000
const tokenLimitMs = 20 * 60_000

/** How long a person who is no friend may be written to after they wrote. Source: "Send push message". */
const strangerWindowMs = 7 * day

const retryKeyForm = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** The calls that send messages, with what the platform enforces. */
export interface SendCalls {
  reply(account: AccountState, body: Record<string, unknown>, retryKey: string | undefined): ApiAnswer
  push(account: AccountState, body: Record<string, unknown>, retryKey: string | undefined, requestId: string): ApiAnswer
}

export function createSendCalls(platform: Platform): SendCalls {
  const check = createMessageCheck(platform.options.insecureMediaHosts ?? [])
  const checked = (messages: unknown): CheckedMessage[] | ApiAnswer => {
    const result = check(messages)
    return isRefused(result) ? failure(400, `The request body has ${result.length} error(s)`, result) : result
  }
  return {
    reply: (account, body, retryKey) => {
      if (retryKey !== undefined) return failure(400, 'The retry key is not supported by this API')
      const messages = checked(body.messages)
      if (!Array.isArray(messages)) return messages
      const token = typeof body.replyToken === 'string' ? account.replyTokens.get(body.replyToken) : undefined
      const now = platform.now()
      if (
        !token ||
        token.used ||
        now - token.handedOutAt > (account.switches.tokenLifeMs ?? tokenLifeMs) ||
        now - token.eventAt > tokenLimitMs
      )
        return failure(400, 'Invalid reply token')
      token.used = true
      return { status: 200, body: { sentMessages: deliver(platform, account, token.threadKey, messages, 'reply') } }
    },
    push: (account, body, retryKey, requestId) => {
      if (retryKey !== undefined && !retryKeyForm.test(retryKey)) return failure(400, 'Invalid retry key')
      const earlier = retryKey === undefined ? undefined : account.retryKeys.get(retryKey)
      if (earlier && platform.now() - earlier.at <= day) {
        const body = { message: 'The retry key is already accepted', sentMessages: earlier.sent }
        return { status: 409, body, headers: { 'x-line-accepted-request-id': earlier.requestId } }
      }
      const messages = checked(body.messages)
      if (!Array.isArray(messages)) return messages
      const refusal = refusalOf(account, body.to, platform.now())
      if (refusal) return refusal
      const to = String(body.to)
      account.quotaUsed += recipientsOf(account, to)
      const sent = deliver(platform, account, to, messages, 'push')
      if (retryKey !== undefined) account.retryKeys.set(retryKey, { at: platform.now(), requestId, sent })
      return { status: 200, body: { sentMessages: sent } }
    },
  }
}

/** A push counts once for everybody who gets it, however many bubbles it has. Source: "Messaging API pricing". */
function recipientsOf(account: AccountState, to: string): number {
  return Math.max(1, account.groups.get(to)?.members.size ?? 1)
}

function refusalOf(account: AccountState, to: unknown, now: number): ApiAnswer | undefined {
  if (typeof to !== 'string' || !/^[UCR][0-9a-f]{32}$/.test(to))
    return failure(400, "The property, 'to', in the request body is invalid (line: -, column: -)")
  if (account.monthlyQuota !== null && account.quotaUsed + recipientsOf(account, to) > account.monthlyQuota)
    return failure(429, 'You have reached your monthly limit.')
  const group = account.groups.get(to)
  const person = account.people.get(to)
  if (group ? !group.joined : !person) return failure(400, 'Failed to send messages')
  const known = person && (person.friend || (person.lastWroteAt !== null && now - person.lastWroteAt <= strangerWindowMs))
  // Who has blocked the account is not told: the message is taken and goes nowhere.
  return group || known || person?.blocked ? undefined : failure(400, 'Failed to send messages')
}

/** Puts the bubbles into the thread, unless the person has blocked the account, which the sender never learns. */
function deliver(
  platform: Platform,
  account: AccountState,
  threadKey: string,
  messages: CheckedMessage[],
  route: 'reply' | 'push',
): messagingApi.SentMessage[] {
  const thread = threadOf(account, threadKey)
  const blocked = account.people.get(threadKey)?.blocked ?? false
  const sent = messages.map((message) => {
    const id = platform.newMessageId()
    const quotable =
      message.type === 'text' ||
      message.type === 'textV2' ||
      message.type === 'sticker' ||
      message.type === 'image' ||
      message.type === 'video'
    const quoteToken = quotable ? randomHex(12) : undefined
    const entry: TranscriptEntry = {
      id,
      at: platform.now(),
      from: 'account',
      userId: null,
      message,
      route,
      webhook: null,
      readAt: null,
      unsentAt: null,
      ...(quoteToken !== undefined && { quoteToken }),
    }
    if (!blocked) addEntry(thread, entry)
    return { id, ...(quoteToken !== undefined && { quoteToken }) }
  })
  thread.loadingUntil = 0
  platform.changed(account, threadKey)
  return sent
}

/** An answer in the platform's error form. */
export function failure(status: number, message: string, details?: readonly object[]): ApiAnswer {
  return { status, body: { message, ...(details && { details }) } }
}
