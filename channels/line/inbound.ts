import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { AppError } from '../../src/lib/errors.ts'
import type { Inbound, RawPayload, RawRequest } from '../contract.ts'
import type { LineConfig } from './config.ts'
import { readEvent } from './inbound-event.ts'
import { isRecord, type JsonRecord } from './inbound-fields.ts'

/** The two halves of reading a webhook, of one account. */
export interface InboundReader {
  /**
   * Splits a verified webhook body into one payload for each event; a ping carries none.
   * A payload is an envelope with its one event, so a body with one event is kept byte for byte.
   * @throws AppError 'invalid_input' when the body is not LINE's envelope.
   */
  split(request: RawRequest): RawPayload[]
  /**
   * Turns a payload into our words; takes a whole body as well, for replay of one that was kept unsplit.
   * @throws AppError 'invalid_input' naming the member that is missing or wrong.
   */
  parse(raw: string): Inbound[]
}

/** Makes the reader of an account; reply tokens that it would never use are left out. */
export function createInboundReader({ providerId, sendPolicy }: Pick<LineConfig, 'providerId' | 'sendPolicy'>): InboundReader {
  // A body with one event is parsed right after it was split, as the very same text: reading it once halves the work.
  let newest: { readonly text: string; readonly envelope: Envelope } | undefined
  return {
    split: (request) => {
      if (!isUtf8(request.body)) throw new AppError('invalid_input', 'The body is not UTF-8.')
      const text = request.body.toString('utf8')
      const envelope = readEnvelope(text)
      if (envelope.events.length === 1) newest = { text, envelope }
      return envelope.events.map((event) => ({
        externalId: eventIdOf(event),
        raw: envelope.events.length === 1 ? text : JSON.stringify({ destination: envelope.destination, events: [event] }),
      }))
    },
    parse: (raw) => {
      const { events } = newest?.text === raw ? newest.envelope : readEnvelope(raw)
      newest = undefined
      return events.flatMap((event) => readEvent(event, eventIdOf(event), { providerId, keepsTokens: sendPolicy === 'reply_first' }))
    },
  }
}

interface Envelope {
  readonly destination: unknown
  readonly events: readonly unknown[]
}

function readEnvelope(text: string): Envelope {
  const envelope = readJson(text)
  if (!isRecord(envelope) || !Array.isArray(envelope.events)) throw new AppError('invalid_input', 'The body has no list of events.')
  return { destination: envelope.destination, events: envelope.events }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    throw new AppError('invalid_input', 'The body is not JSON.', {}, { cause })
  }
}

/**
 * The event's own id; the message's where the platform gave none. What has neither is known by its content without
 * `deliveryContext`, the only member that a redelivery changes.
 */
function eventIdOf(event: unknown): string {
  if (isRecord(event)) {
    if (isId(event.webhookEventId)) return event.webhookEventId
    if (isRecord(event.message) && event.type === 'message' && isId(event.message.id)) return `message:${event.message.id}`
  }
  return `sha256:${createHash('sha256')
    .update(JSON.stringify(withoutDelivery(event)) ?? '')
    .digest('hex')}`
}

function withoutDelivery(event: unknown): unknown {
  if (!isRecord(event)) return event
  const { deliveryContext: _changing, ...rest }: JsonRecord = event
  return rest
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= 64
}
