import { createHmac, randomBytes } from 'node:crypto'
import type { TestLineInbox } from './centre.ts'

let events = 0

/** Members of a LINE webhook event that a test may set. */
export interface LineEvent {
  readonly webhookEventId: string
  readonly timestamp: number
  readonly [member: string]: unknown
}

/** A text message of a customer as the platform tells of it, with ids of its own. */
export function textEvent(
  userId: string,
  text: string,
  more: Readonly<Record<string, unknown>> = {},
): LineEvent & { readonly message: { readonly id: string; readonly text: string } } {
  events += 1
  const message = { type: 'text', id: `${Date.now()}${String(events).padStart(6, '0')}`, text }
  return { ...eventOf('message', userId), message, ...more }
}

/** An event of any kind with ids of its own. */
export function eventOf(type: string, userId: string, facts: Readonly<Record<string, unknown>> = {}): LineEvent {
  return {
    type,
    mode: 'active',
    timestamp: Date.UTC(2026, 0, 5, 1),
    webhookEventId: `01${randomBytes(12).toString('hex').toUpperCase()}`,
    deliveryContext: { isRedelivery: false },
    source: { type: 'user', userId },
    ...facts,
  }
}

/** Posts events in one signed body, as the platform does. */
export function postEvents(inbox: Pick<TestLineInbox, 'webhookUrl' | 'channelSecret'>, events: readonly unknown[]): Promise<Response> {
  return postBody(inbox, JSON.stringify({ destination: `U${'0'.repeat(32)}`, events }))
}

/** Posts a body as it stands. @param signature signed with the inbox's secret when left out; null for none. */
export async function postBody(
  { webhookUrl, channelSecret }: Pick<TestLineInbox, 'webhookUrl' | 'channelSecret'>,
  body: string | Buffer,
  signature?: string | null,
): Promise<Response> {
  const own = createHmac('sha256', channelSecret).update(body).digest('base64')
  const headers: Record<string, string> = { 'content-type': 'application/json' }
  if (signature !== null) headers['x-line-signature'] = signature ?? own
  return fetch(webhookUrl, { method: 'POST', headers, body: typeof body === 'string' ? body : new Uint8Array(body) })
}
