import type { Outbound, SendResult } from '../contract.ts'

/**
 * Hands a message to the visitor's thread. Web chat is its own provider: the message is already stored where every browser
 * of the visitor reads it, on its live socket or at its next visit, so it is accepted as soon as it is asked for. Receipts of
 * the browser later raise it to `delivered` and `read`; they name the message by its own id.
 */
export async function sendToThread(out: Outbound, signal: AbortSignal): Promise<SendResult> {
  if (signal.aborted) return { status: 'retry', error: { code: 'aborted', detail: 'The sending was stopped before it began.' } }
  const unknown = out.parts.find((part) => part.type === 'sticker')
  if (unknown) return { status: 'rejected', error: { code: 'unsupported', detail: 'Web chat carries no stickers.' } }
  return { status: 'accepted', route: 'socket', providerIds: [{ kind: 'webchat.message', value: out.messageId }] }
}
