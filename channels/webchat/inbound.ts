import { sanitizeText } from '../../src/lib/sanitize-text.ts'
import { type WebchatPayload, webchatPayloadId, webchatPayloadSchema } from '../../src/wire/webchat.ts'
import type { Inbound, InboundPart } from '../contract.ts'

/**
 * Turns one ledger payload of web chat into the hub's words.
 * @throws ZodError or SyntaxError when it is none that the gateway makes.
 */
export function parsePayload(raw: string): Inbound[] {
  const payload = webchatPayloadSchema.parse(JSON.parse(raw))
  return [payload.kind === 'message' ? toMessage(payload) : toReceipt(payload)]
}

function commonOf(payload: WebchatPayload) {
  return {
    externalId: webchatPayloadId(payload),
    occurredAt: payload.at,
    threadKey: payload.visitorId,
    party: { kind: 'visitor', address: payload.visitorId, verified: true },
  } as const
}

function toMessage(payload: Extract<WebchatPayload, { kind: 'message' }>): Inbound {
  return {
    type: 'message',
    ...commonOf(payload),
    parts: payload.parts.map(toPart),
    providerIds: [{ kind: 'client', value: payload.clientId }],
    ...(payload.locale === undefined ? {} : { locale: payload.locale }),
  }
}

function toReceipt(payload: Extract<WebchatPayload, { kind: 'receipt' }>): Inbound {
  return { type: 'receipt', ...commonOf(payload), targetProviderId: payload.messageId, status: payload.status }
}

function toPart(part: Extract<WebchatPayload, { kind: 'message' }>['parts'][number]): InboundPart {
  return part.type === 'text' ? { type: 'text', text: sanitizeText(part.text) } : { type: 'uploaded', fileId: part.fileId }
}
