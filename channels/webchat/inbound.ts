import { sanitizeText } from '../../src/lib/sanitize-text.ts'
import { wordsIn } from '../../src/wire/chat-words.ts'
import type { VisitorPart } from '../../src/wire/visitor.ts'
import { type WebchatPayload, webchatPayloadId, webchatPayloadSchema } from '../../src/wire/webchat.ts'
import type { Inbound, InboundPart } from '../contract.ts'
import type { WebchatConfig } from './config.ts'

type MessagePayload = Extract<WebchatPayload, { kind: 'message' }>
type FormPart = Extract<VisitorPart, { type: 'form' }>

/**
 * Turns one ledger payload of web chat into the hub's words.
 * @param config names the questions of its forms.
 * @throws ZodError or SyntaxError when it is none that the gateway makes.
 */
export function parsePayload(raw: string, config: Pick<WebchatConfig, 'preChat'>): Inbound[] {
  const payload = webchatPayloadSchema.parse(JSON.parse(raw))
  return [payload.kind === 'message' ? toMessage(payload, config) : toReceipt(payload)]
}

function commonOf(payload: WebchatPayload) {
  return {
    externalId: webchatPayloadId(payload),
    occurredAt: payload.at,
    threadKey: payload.visitorId,
    party: { kind: 'visitor', address: payload.visitorId, verified: true },
  } as const
}

function toMessage(payload: MessagePayload, config: Pick<WebchatConfig, 'preChat'>): Inbound {
  const { identity, parts, locale, clientId } = payload
  const common = commonOf(payload)
  const name = identity?.name ?? typedName(parts, config)
  const consents = parts.flatMap((part) => (part.type === 'form' && part.consent !== undefined ? [`webchat:${part.consent}`] : []))
  return {
    type: 'message',
    ...common,
    party: name === undefined ? common.party : { ...common.party, displayName: sanitizeText(name) },
    parts: parts.map((part) => toPart(part, config)),
    providerIds: [{ kind: 'client', value: clientId }],
    ...(locale === undefined ? {} : { locale }),
    ...(identity === undefined ? {} : { others: provenOf(identity) }),
    ...(consents.length === 0 ? {} : { consents }),
  }
}

function provenOf({ externalId, email }: NonNullable<MessagePayload['identity']>) {
  const id = { kind: 'external', address: externalId, verified: true } as const
  return email === undefined ? [id] : [id, { kind: 'email', address: email, verified: true } as const]
}

function typedName(parts: readonly VisitorPart[], { preChat }: Pick<WebchatConfig, 'preChat'>): string | undefined {
  const form = parts.find((part) => part.type === 'form')
  if (form === undefined) return undefined
  const key = form.form === 'away' ? 'name' : preChat?.fields.find(({ type }) => type === 'name')?.key
  return key === undefined ? undefined : form.answers[key]
}

function toReceipt(payload: Extract<WebchatPayload, { kind: 'receipt' }>): Inbound {
  return { type: 'receipt', ...commonOf(payload), targetProviderId: payload.messageId, status: payload.status }
}

function toPart(part: VisitorPart, config: Pick<WebchatConfig, 'preChat'>): InboundPart {
  switch (part.type) {
    case 'text':
      return { type: 'text', text: sanitizeText(part.text) }
    case 'file':
      return { type: 'uploaded', fileId: part.fileId }
    case 'choice':
      return { ...part, label: sanitizeText(part.label) }
    case 'form':
      return { type: 'choice', data: `form:${part.form}`, params: answersOf(part, config) }
  }
}

/** Answers by their questions as the owner wrote them; a question that was taken away since keeps its key. */
function answersOf(form: FormPart, { preChat }: Pick<WebchatConfig, 'preChat'>): Record<string, string> {
  const fields = form.form === 'away' ? [] : (preChat?.fields ?? [])
  return Object.fromEntries(
    Object.entries(form.answers).map(([key, answer]) => {
      const field = fields.find((each) => each.key === key)
      const option = field?.options.find(({ value }) => value === answer)
      return [wordsIn(field?.label ?? {}, undefined) ?? key, sanitizeText((option && wordsIn(option.label, undefined)) ?? answer)]
    }),
  )
}
