import { z } from 'zod'
import { sanitizeText } from '../../src/lib/sanitize-text.ts'
import { clientIdSchema, outgoingPartSchema } from '../../src/wire/messages.ts'
import { webchatTextMaxChars } from '../../src/wire/webchat.ts'
import { idSchema, instantSchema } from '../../src/wire/words.ts'
import type { Inbound, InboundPart, RawPayload } from '../contract.ts'

const messagePayload = z.object({
  version: z.literal(1),
  kind: z.literal('message'),
  visitorId: idSchema,
  clientId: clientIdSchema,
  at: instantSchema,
  parts: z.array(outgoingPartSchema).min(1).max(10),
  /** Language of the visitor's browser, BCP 47. */
  locale: z.string().max(35).optional(),
})

const receiptPayload = z.object({
  version: z.literal(1),
  kind: z.literal('receipt'),
  visitorId: idSchema,
  messageId: idSchema,
  status: z.enum(['delivered', 'read']),
  at: instantSchema,
})

const payloadSchema = z.discriminatedUnion('kind', [messagePayload, receiptPayload])
type Payload = z.infer<typeof payloadSchema>

/** What a visitor's browser asked to say, after its token was checked. */
export type VisitorMessagePayload = Omit<z.infer<typeof messagePayload>, 'version' | 'kind'>

/** How far a visitor's browser got with one of our messages. */
export type VisitorReceiptPayload = Omit<z.infer<typeof receiptPayload>, 'version' | 'kind'>

/** The ledger's form of a visitor's message; the same client id of the same visitor is the same payload id. */
export function messagePayloadOf(message: VisitorMessagePayload): RawPayload {
  return {
    externalId: `${message.visitorId}:${message.clientId}`,
    raw: JSON.stringify({ version: 1, kind: 'message', ...message }),
  }
}

/** The ledger's form of a receipt; one per message and status. */
export function receiptPayloadOf(receipt: VisitorReceiptPayload): RawPayload {
  return {
    externalId: `${receipt.visitorId}:${receipt.status}:${receipt.messageId}`,
    raw: JSON.stringify({ version: 1, kind: 'receipt', ...receipt }),
  }
}

/**
 * Turns one ledger payload of web chat into the hub's words.
 * @throws ZodError or SyntaxError when it is none that the gateway makes.
 */
export function parsePayload(raw: string): Inbound[] {
  const payload = payloadSchema.parse(JSON.parse(raw))
  const common = {
    occurredAt: payload.at,
    threadKey: payload.visitorId,
    party: { kind: 'visitor', address: payload.visitorId, verified: true },
  } as const
  return [payload.kind === 'message' ? toMessage(payload, common) : toReceipt(payload, common)]
}

type Common = Pick<Inbound & { type: 'message' }, 'occurredAt' | 'threadKey' | 'party'>

function toMessage(payload: Extract<Payload, { kind: 'message' }>, common: Common): Inbound {
  return {
    type: 'message',
    externalId: `${payload.visitorId}:${payload.clientId}`,
    ...common,
    parts: payload.parts.map(toPart),
    providerIds: [{ kind: 'client', value: payload.clientId }],
    ...(payload.locale === undefined ? {} : { locale: payload.locale }),
  }
}

function toReceipt(payload: Extract<Payload, { kind: 'receipt' }>, common: Common): Inbound {
  return {
    type: 'receipt',
    externalId: `${payload.visitorId}:${payload.status}:${payload.messageId}`,
    ...common,
    targetProviderId: payload.messageId,
    status: payload.status,
  }
}

function toPart(part: VisitorMessagePayload['parts'][number]): InboundPart {
  switch (part.type) {
    case 'text':
      if (part.text.length > webchatTextMaxChars) throw new Error(`The text is longer than ${webchatTextMaxChars} characters.`)
      return { type: 'text', text: sanitizeText(part.text) }
    case 'file':
      return { type: 'uploaded', fileId: part.fileId }
    case 'location':
      return part
    case 'sticker':
      return { type: 'unsupported', kind: 'sticker' }
  }
}
