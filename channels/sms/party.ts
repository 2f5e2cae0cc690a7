import { sanitizeText } from '../../src/lib/sanitize-text.ts'
import type { InboundAddress } from '../contract.ts'

/**
 * Who an address of Twilio's stands for. A number in E.164, on WhatsApp too, is the person's phone, which the carrier
 * vouches for; short codes and names of companies are no numbers and never anybody's.
 */
export function partyOf(address: string, displayName: string | undefined): InboundAddress {
  const name = displayName === undefined ? {} : { displayName }
  const number = /^(?:whatsapp:)?(\+[1-9]\d{6,14})$/.exec(address)?.[1]
  if (number !== undefined) return { kind: 'phone', address: number, verified: true, ...name }
  return { kind: 'external', address: `sms:${sanitizeText(address).slice(0, 100)}`, verified: false, ...name }
}
