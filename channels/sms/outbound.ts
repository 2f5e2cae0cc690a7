import type { SendError } from '../../src/wire/messages.ts'
import type { ChannelKit, Outbound, SendResult } from '../contract.ts'
import type { RestOutcome, TwilioRest } from '../twilio/rest.ts'
import { composeSms } from './compose.ts'
import type { SmsConfig } from './config.ts'
import { meaningOf, sendErrorOf } from './errors.ts'
import { messageParameter } from './inbound.ts'
import { createPace } from './pace.ts'

const route = 'api'

/**
 * Makes the sender of one account. Twilio knows no key that would make a repeat harmless, so a call that left and was
 * not answered stays unconfirmed. The address for reports names the message: a late one finds it all the same.
 * Source: Twilio, "Create a Message resource".
 */
export function createSend(
  config: SmsConfig,
  kit: ChannelKit,
  rest: TwilioRest,
): (out: Outbound, signal: AbortSignal) => Promise<SendResult> {
  const pace = createPace(config.maxPerMinute)
  const sender = {
    ...(config.from !== undefined && { from: config.from }),
    ...(config.messagingServiceSid !== undefined && { messagingServiceSid: config.messagingServiceSid }),
  }
  return async (out, signal) => {
    const form = composeSms(config, out)
    if ('code' in form) return { status: 'rejected', error: form }
    if (signal.aborted) return { status: 'retry', error: { code: 'timeout', detail: 'The send was given up before it began.' } }
    const waitMs = pace.take(kit.now())
    if (waitMs > 0) return held(waitMs)
    const about = new URLSearchParams({ [messageParameter]: out.messageId })
    const statusCallback = `${kit.publicUrl}/webhooks/sms/${kit.inboxId}/status?${about.toString()}`
    const answer = await rest.call(signal, (client) => client.messages.create({ ...form, ...sender, statusCallback }))
    return resultOf(answer)
  }
}

function held(afterMs: number): SendResult {
  const error: SendError = { code: 'rate_limited', detail: 'This inbox sends no more messages in a minute.' }
  return { status: 'retry', error, afterMs, uncounted: true }
}

interface Created {
  readonly sid: string
  readonly status: string
  readonly errorCode: number | null
  readonly errorMessage: string | null
}

function resultOf(answer: RestOutcome<Created>): SendResult {
  switch (answer.outcome) {
    case 'done':
      return created(answer.value)
    case 'refused':
      return refused(answer)
    case 'unsent': {
      if (answer.permanent) return { status: 'rejected', error: { code: 'misconfigured', detail: answer.detail } }
      const error: SendError = { code: 'unreachable', detail: answer.detail }
      return answer.afterMs === undefined
        ? { status: 'retry', error }
        : { status: 'retry', error, afterMs: answer.afterMs, uncounted: true }
    }
    case 'unknown':
      return { status: 'unconfirmed', error: { code: 'timeout', detail: answer.detail }, route }
  }
}

function created({ sid, status, errorCode, errorMessage }: Created): SendResult {
  if (status === 'failed' || status === 'undelivered') {
    const provider = { code: String(errorCode ?? status), message: errorMessage ?? status, requestId: sid }
    return rejectedBy(errorCode ?? 0, provider)
  }
  return { status: 'accepted', route, providerIds: [{ kind: 'messageSid', value: sid }] }
}

function refused(answer: Extract<RestOutcome<never>, { outcome: 'refused' }>): SendResult {
  const { status, code, message, requestId, retryAfterMs } = answer
  const provider = { code: String(code === 0 ? status : code), message, ...(requestId !== undefined && { requestId }) }
  const known = meaningOf(code)
  if (status === 429 || known.retry === true) {
    const error = sendErrorOf(known.retry === true ? known : meaningOf(20_429), provider)
    return { status: 'retry', error, ...(retryAfterMs !== undefined && { afterMs: retryAfterMs }) }
  }
  if (status >= 500) {
    const error: SendError = { code: 'unavailable', detail: 'Twilio failed while taking the message.', provider }
    return { status: 'unconfirmed', error, route }
  }
  return rejectedBy(status === 401 && code === 0 ? 20_003 : code, provider)
}

function rejectedBy(code: number, provider: NonNullable<SendError['provider']>): SendResult {
  const meaning = meaningOf(code)
  return {
    status: 'rejected',
    error: sendErrorOf(meaning, provider),
    ...(meaning.blocked === true && { blocked: true }),
    ...(meaning.health !== undefined && { health: meaning.health }),
  }
}
