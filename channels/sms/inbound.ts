import { AppError } from '../../src/lib/errors.ts'
import type { OutboxStatus } from '../../src/wire/words.ts'
import type { Inbound, RawPayload, RawRequest } from '../contract.ts'
import { type Form, field, rawField, readForm, sidField } from '../twilio/form.ts'
import type { SmsConfig } from './config.ts'
import { meaningOf, sendErrorOf } from './errors.ts'
import { partsOf } from './inbound-parts.ts'
import { optOrderOf } from './opt-out.ts'
import { partyOf } from './party.ts'

/** Fields that the hub puts ahead of the form, so that a payload tells everything; Twilio's own are never named so. */
export const hubFields = { receivedAt: 'OnequeueReceivedAt', messageId: 'OnequeueMessageId' } as const

/** Parameter of the callback's address that names the message it is about. */
export const messageParameter = 'message'

/** Longest text of a message, UTF-16 code units; Twilio takes 1,600, WhatsApp more. */
const textMaxChars = 20_000

/** What Twilio says about a message of ours. Source: Twilio, "Outbound message status in status callbacks". */
const statuses: Readonly<Record<string, OutboxStatus>> = {
  accepted: 'accepted',
  scheduled: 'accepted',
  queued: 'accepted',
  sending: 'accepted',
  sent: 'accepted',
  partially_delivered: 'accepted',
  delivered: 'delivered',
  read: 'read',
  undelivered: 'failed',
  failed: 'failed',
  canceled: 'failed',
}

/** The two halves of reading a webhook, of one account. */
export interface InboundReader {
  /**
   * One payload for each request; none for an empty body. A message is known by its id, a report by id, status and error.
   * @throws AppError 'invalid_input' when the body is not one of Twilio's.
   */
  split(request: RawRequest): RawPayload[]
  /** @throws AppError 'invalid_input' naming the field that is missing or wrong. */
  parse(raw: string): Inbound[]
}

/** Makes the reader of an account. */
export function createInboundReader(config: Pick<SmsConfig, 'accountSid' | 'from' | 'optOutWords'>, now: () => number): InboundReader {
  return {
    split: ({ body, publicUrl }) => {
      if (body.byteLength === 0) return []
      const form = readForm(body)
      const about = new URL(publicUrl).searchParams.get(messageParameter)
      const head = new URLSearchParams({ [hubFields.receivedAt]: String(now()), ...(about !== null && { [hubFields.messageId]: about }) })
      return [{ externalId: payloadIdOf(form), raw: `${head.toString()}&${body.toString('utf8')}` }]
    },
    parse: (raw) => {
      const form = readForm(raw)
      const receivedAt = Number(rawField(form, hubFields.receivedAt))
      if (!Number.isSafeInteger(receivedAt)) throw new AppError('invalid_input', 'The payload does not say when it came.')
      return rawField(form, 'MessageStatus') === undefined ? readMessage(config, form, receivedAt) : readReport(form, receivedAt)
    },
  }
}

/** Twilio repeats a request with the same fields, and a report of one status comes at most once by itself. */
function payloadIdOf(form: Form): string {
  const sid = sidField(form, 'MessageSid')
  const status = field(form, 'MessageStatus', 40)
  return status === undefined ? sid : `${sid}:${status}:${field(form, 'ErrorCode', 10) ?? ''}`
}

function readMessage(config: Pick<SmsConfig, 'from' | 'optOutWords'>, form: Form, occurredAt: number): Inbound[] {
  const externalId = sidField(form, 'MessageSid')
  const from = rawField(form, 'From')
  const to = rawField(form, 'To')
  if (from === undefined) throw new AppError('invalid_input', 'The field "From" is missing.')
  // An answer would leave from another number than the customer wrote to.
  if (config.from !== undefined && /^(?:whatsapp:)?\+/.test(config.from) && to !== config.from) {
    throw new AppError('invalid_input', 'The message was sent to another number than the one of this inbox.')
  }
  const party = partyOf(from, field(form, 'ProfileName', 200))
  const common = { occurredAt, threadKey: from, party }
  const order = orderOf(config, form)
  const news: Inbound[] =
    order === null ? [] : [{ type: 'reachability', ...common, externalId: `${externalId}:${order.word}`, reachable: order.word === 'in' }]
  if (order?.only === true) return news
  const parts = partsOf(form)
  if (parts.length === 0) {
    const kind = field(form, 'MessageType', 60) ?? 'empty'
    return [{ type: 'system', ...common, externalId, code: 'sms.unknown', params: { kind } }]
  }
  const quoted = rawField(form, 'OriginalRepliedMessageSid')
  return [
    { type: 'message', ...common, externalId, parts, ...(quoted !== undefined && { quotedExternalId: quoted.slice(0, 64) }) },
    ...news,
  ]
}

/** On WhatsApp nobody but Twilio's own verdict makes a word an order. */
function orderOf({ optOutWords }: Pick<SmsConfig, 'optOutWords'>, form: Form): ReturnType<typeof optOrderOf> {
  const told = rawField(form, 'OptOutType')
  if (told === undefined && (!optOutWords || rawField(form, 'From')?.startsWith('whatsapp:') === true)) return null
  return optOrderOf(field(form, 'Body', textMaxChars) ?? '', told)
}

function readReport(form: Form, occurredAt: number): Inbound[] {
  const sid = sidField(form, 'MessageSid')
  const to = rawField(form, 'To')
  const told = rawField(form, 'MessageStatus') ?? ''
  const status = Object.hasOwn(statuses, told) ? statuses[told] : undefined
  // Of what comes in (`receiving`, `received`), and of words not known yet, nothing follows.
  if (status === undefined || to === undefined) return []
  const common = { occurredAt, threadKey: to, party: partyOf(to, undefined) }
  const about = field(form, hubFields.messageId, 64)
  const meaning = meaningOf(Number(rawField(form, 'ErrorCode') ?? 0))
  const report: Inbound = {
    type: 'receipt',
    ...common,
    externalId: payloadIdOf(form),
    targetProviderId: sid,
    ...(about !== undefined && { targetMessageId: about }),
    status,
    ...(status === 'failed' && { error: errorOf(form, told) }),
  }
  if (status !== 'failed' || meaning.blocked !== true) return [report]
  return [report, { type: 'reachability', ...common, externalId: `${sid}:out`, reachable: false }]
}

function errorOf(form: Form, told: string) {
  const code = field(form, 'ErrorCode', 10)
  if (code === undefined && told === 'canceled') {
    return sendErrorOf({ code: 'canceled', detail: 'Sending was cancelled at Twilio.' }, { code: told, message: told })
  }
  return sendErrorOf(meaningOf(Number(code ?? 0)), { code: code ?? told, message: field(form, 'ErrorMessage', 300) ?? told })
}
