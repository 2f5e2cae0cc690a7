import type { SendError } from '../../src/wire/messages.ts'
import type { ChannelKit, Outbound, SendResult } from '../contract.ts'
import type { LineAnswer, LineApi } from './api.ts'
import { type Bubble, bubblesOf } from './bubbles.ts'
import type { LineConfig } from './config.ts'
import { isRecord } from './inbound-fields.ts'
import { lineLimits } from './limits.ts'

type Answered = Extract<LineAnswer, { outcome: 'answered' }>
type Bubbles = readonly Bubble[]

/**
 * Makes the sender of one account. A reply token is used first where the policy allows, which costs no quota; push
 * carries the retry key, so that it may be repeated for 24 hours without a second message. A reply has no such key:
 * when its outcome is not known it stays unconfirmed, unless the account allows a possible duplicate.
 * Source: LINE Messaging API, "Send messages" and "Retry failed API requests".
 */
export function createSend(config: LineConfig, kit: ChannelKit, api: LineApi): (out: Outbound, signal: AbortSignal) => Promise<SendResult> {
  return async (out, signal) => {
    const groups = groupsOf(out, kit.publicUrl)
    const bubbles = groups.flat()
    const refusal = refusalOf(bubbles)
    if (refusal) return { status: 'rejected', error: refusal }
    if (signal.aborted) return { status: 'retry', error: sendError('timeout', 'The send was given up before it began.') }
    // A later attempt follows a push that may have been taken, and only a push with the same key can tell.
    const token = config.sendPolicy === 'reply_first' && out.attempt === 1 ? await out.claimReplyToken() : null
    if (token !== null) {
      const result = readReply(
        await api.call({
          method: 'POST',
          path: '/v2/bot/message/reply',
          json: { replyToken: token, messages: bubbles },
          signal,
        }),
      )
      if (result !== 'push' && !(result.status === 'unconfirmed' && config.allowDuplicateAfterTimeout)) return sorted(result, groups)
    }
    return sorted(await push(api, out, bubbles, signal), groups)
  }
}

/** The bubbles of each message that leaves in this call. */
function groupsOf(out: Outbound, publicUrl: string): Bubble[][] {
  const { threadKey, more = [] } = out
  return [bubblesOf(out, publicUrl), ...more.map((parts) => bubblesOf({ parts, quoted: null, threadKey }, publicUrl))]
}

/** Gives each message the ids of its own bubbles; the platform tells them in the order of the bubbles. */
function sorted(result: SendResult, groups: readonly Bubbles[]): SendResult {
  if (result.status !== 'accepted' || groups.length === 1) return result
  const rest = result.providerIds.filter((id) => id.kind !== 'messageId' && id.kind !== 'quoteToken')
  const perBubble: { kind: string; value: string }[][] = []
  for (const id of result.providerIds) {
    if (id.kind === 'messageId') perBubble.push([id])
    else if (id.kind === 'quoteToken') perBubble.at(-1)?.push(id)
  }
  let from = 0
  const [first = [], ...more] = groups.map(({ length }) => {
    const own = perBubble.slice(from, from + length).flat()
    from += length
    return [...own, ...rest]
  })
  return { ...result, providerIds: first, more }
}

/** Callers keep to the capabilities; what exceeds them anyway would be refused as a whole by the platform. */
function refusalOf(bubbles: Bubbles): SendError | undefined {
  if (bubbles.length > 0 && bubbles.length <= lineLimits.bubbles) return undefined
  return sendError('too_many_parts', `A LINE message takes 1 to ${lineLimits.bubbles} bubbles; this one needs ${bubbles.length}.`)
}

function readReply(answer: LineAnswer): SendResult | 'push' {
  if (answer.outcome === 'unsent') return unsent(answer)
  if (answer.outcome === 'unknown') return { status: 'unconfirmed', error: sendError('timeout', answer.detail), route: 'reply' }
  if (answer.status >= 200 && answer.status < 300) return accepted(answer, 'reply')
  if (answer.status >= 500)
    return {
      status: 'unconfirmed',
      error: providerError('unavailable', 'LINE failed while taking the answer.', answer),
      route: 'reply',
    }
  if (answer.status === 400 && /invalid reply token/i.test(wordsOf(answer))) return 'push'
  return refused(answer)
}

async function push(api: LineApi, out: Outbound, messages: Bubbles, signal: AbortSignal): Promise<SendResult> {
  const json = { to: out.threadKey, messages }
  const answer = await api.call({ method: 'POST', path: '/v2/bot/message/push', json, retryKey: out.retryKey, signal })
  if (answer.outcome === 'unsent') return unsent(answer)
  if (answer.outcome === 'unknown') return { status: 'retry', error: sendError('timeout', answer.detail), mayBeTaken: true }
  // 409: an earlier attempt under this key was taken.
  if ((answer.status >= 200 && answer.status < 300) || answer.status === 409) return accepted(answer, 'push')
  if (answer.status >= 500)
    return { ...retry(providerError('unavailable', 'LINE is not available at the moment.', answer), answer), mayBeTaken: true }
  return refused(answer)
}

function unsent(answer: Extract<LineAnswer, { outcome: 'unsent' }>): SendResult {
  if (answer.permanent) return { status: 'rejected', error: sendError('misconfigured', answer.detail) }
  const error = sendError('unreachable', answer.detail)
  return answer.afterMs === undefined ? { status: 'retry', error } : { status: 'retry', error, afterMs: answer.afterMs, uncounted: true }
}

function accepted(answer: Answered, route: 'reply' | 'push'): SendResult {
  const providerIds: { kind: string; value: string }[] = []
  const keep = (kind: string, value: unknown): void => void (typeof value === 'string' && providerIds.push({ kind, value }))
  const sent = isRecord(answer.body) && Array.isArray(answer.body.sentMessages) ? answer.body.sentMessages : []
  for (const message of sent) {
    if (!isRecord(message)) continue
    keep('messageId', message.id)
    keep('quoteToken', message.quoteToken)
  }
  keep('requestId', answer.acceptedRequestId ?? answer.requestId)
  return { status: 'accepted', route, providerIds }
}

/** What each refusal means to the person who reads it. */
function refused(answer: Answered): SendResult {
  switch (answer.status) {
    case 401:
      return {
        status: 'rejected',
        error: providerError('auth', 'LINE does not accept the access token of this account; an administrator must renew it.', answer),
        health: 'auth_failed',
      }
    case 403:
      return {
        status: 'rejected',
        error: providerError('forbidden', 'The plan of this LINE account does not allow this.', answer),
      }
    case 413:
      return { status: 'rejected', error: providerError('too_large', 'The message is too large for LINE.', answer) }
    case 429:
      if (/monthly limit/i.test(wordsOf(answer))) {
        const error = providerError('quota', 'The LINE account has used up its messages of this month.', answer)
        return { status: 'rejected', error, health: 'quota_exhausted' }
      }
      return retry(providerError('rate_limited', 'LINE asks to send more slowly.', answer), answer)
    default:
      return { status: 'rejected', error: providerError('rejected', 'LINE refused the message.', answer) }
  }
}

function retry(error: SendError, answer: Answered): Extract<SendResult, { status: 'retry' }> {
  return { status: 'retry', error, ...(answer.retryAfterMs !== undefined && { afterMs: answer.retryAfterMs }) }
}

function sendError(code: string, detail: string): SendError {
  return { code, detail }
}

function providerError(code: string, detail: string, answer: Answered): SendError {
  const requestId = answer.requestId === undefined ? {} : { requestId: answer.requestId }
  return { code, detail, provider: { code: String(answer.status), message: wordsOf(answer), ...requestId } }
}

/** The platform's own words with its details, at most 1,000 characters. */
function wordsOf(answer: Answered): string {
  if (!isRecord(answer.body)) return ''
  const details = Array.isArray(answer.body.details) ? answer.body.details.filter(isRecord) : []
  const lines = details.map((detail) => [detail.property, detail.message].filter((text) => typeof text === 'string').join(': '))
  return [answer.body.message, ...lines]
    .filter((text) => typeof text === 'string' && text !== '')
    .join('; ')
    .slice(0, 1_000)
}
