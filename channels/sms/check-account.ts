import type { Session } from '../contract.ts'
import type { TwilioRest } from '../twilio/rest.ts'
import type { SmsConfig } from './config.ts'

type Found = Awaited<ReturnType<NonNullable<Session['checkAccount']>>>

/**
 * Looks whether the account is active, the number is its own, and messages to it come here. What a messaging service
 * does with its numbers is its own affair. Source: Twilio, "Account resource", "IncomingPhoneNumber resource".
 */
export async function checkAccount(config: SmsConfig, rest: TwilioRest, webhookUrl: string, signal: AbortSignal): Promise<Found> {
  const account = await rest.call(signal, (client) => client.api.v2010.accounts(config.accountSid).fetch())
  if (account.outcome === 'refused' && account.status === 401) return { state: 'auth_failed', detail: 'token' }
  if (account.outcome !== 'done') return null
  if (account.value.status !== 'active') return { state: 'suspended', detail: account.value.status }
  const { from, messagingServiceSid } = config
  if (messagingServiceSid !== undefined || from?.startsWith('+') !== true) return { state: 'ok', detail: null }
  const numbers = await rest.call(signal, (client) => client.incomingPhoneNumbers.list({ phoneNumber: from, limit: 1 }))
  if (numbers.outcome !== 'done') return null
  const [number] = numbers.value
  if (number === undefined) return { state: 'degraded', detail: 'other_account' }
  return number.smsUrl === webhookUrl ? { state: 'ok', detail: null } : { state: 'webhook_silent', detail: 'webhook_elsewhere' }
}
