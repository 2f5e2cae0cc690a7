import type { InboxHealth } from '../../src/wire/inboxes.ts'
import type { SendError } from '../../src/wire/messages.ts'

/** What an error of the provider means to us. */
export interface Meaning {
  /** The hub's word, by which consoles tell it in the reader's language. */
  readonly code: string
  /** A sentence with what to do. */
  readonly detail: string
  /** The customer's phone no longer takes our messages. */
  readonly blocked?: boolean
  readonly health?: InboxHealth['state']
  /** Nothing was done and a later attempt may go well. */
  readonly retry?: boolean
}

const invalidNumber: Meaning = { code: 'invalid_number', detail: 'This is no number that messages can be sent to; check it.' }
const unreachable: Meaning = {
  code: 'unreachable_number',
  detail: 'The phone cannot be reached: it may be off, out of range or out of service. Try later or call.',
}
const optedOut: Meaning = {
  code: 'opted_out',
  detail: 'The customer has opted out of messages from this number; only they can opt in again, by sending START.',
  blocked: true,
}
const landline: Meaning = { code: 'landline', detail: 'This is a landline or a number that takes no SMS; call instead.' }
const filtered: Meaning = { code: 'filtered', detail: 'A carrier held the message back as unwanted; change its wording or links.' }
const unregistered: Meaning = {
  code: 'unregistered_sender',
  detail: 'Our number is not registered with the carriers; an administrator has to register it.',
  health: 'degraded',
}
const senderInvalid: Meaning = {
  code: 'sender_invalid',
  detail: 'Our number cannot send this message; an administrator has to check the inbox.',
  health: 'degraded',
}
const suspended: Meaning = {
  code: 'suspended',
  detail: 'The Twilio account is suspended; an administrator has to settle it.',
  health: 'suspended',
}
const auth: Meaning = {
  code: 'auth',
  detail: 'Twilio does not accept the credentials of this account; an administrator must renew them.',
  health: 'auth_failed',
}
const hurry: Meaning = { code: 'rate_limited', detail: 'Twilio asks to send more slowly.', retry: true }
const media: Meaning = {
  code: 'media_refused',
  detail: 'The file could not be delivered: its kind or size is not taken there. Send a link.',
}
const window: Meaning = {
  code: 'outside_window',
  detail: 'WhatsApp takes free text for 24 hours after the customer wrote; a template is needed now.',
}
const region: Meaning = {
  code: 'region_off',
  detail: 'Sending to this country is switched off in the Twilio account; an administrator can switch it on.',
}
const quota: Meaning = { code: 'quota', detail: 'The carrier’s daily limit for our number is used up.', health: 'quota_exhausted' }
const tooLong: Meaning = { code: 'too_long', detail: 'The text is too long for this channel.' }
const congested: Meaning = { code: 'carrier_trouble', detail: 'A carrier on the way had trouble; send it again later.' }

/** By Twilio's codes. Source: Twilio, "Error and warning dictionary". */
const meanings: Readonly<Record<number, Meaning>> = {
  20003: auth,
  20005: suspended,
  20429: hurry,
  14107: hurry,
  21211: invalidNumber,
  21214: invalidNumber,
  21217: invalidNumber,
  21219: { code: 'trial_number', detail: 'A trial account reaches verified numbers only; upgrade the Twilio account.' },
  21608: { code: 'trial_number', detail: 'A trial account reaches verified numbers only; upgrade the Twilio account.' },
  21212: senderInvalid,
  21603: senderInvalid,
  21606: senderInvalid,
  21659: senderInvalid,
  21660: senderInvalid,
  21703: senderInvalid,
  21408: region,
  21610: optedOut,
  21611: hurry,
  21612: { code: 'no_route', detail: 'Our number cannot reach this one; try another channel.' },
  21614: landline,
  21617: tooLong,
  21620: media,
  21623: media,
  12300: media,
  30001: congested,
  30002: suspended,
  30003: unreachable,
  30004: { code: 'blocked_by_carrier', detail: 'The customer or their carrier does not take messages from our number.' },
  30005: { code: 'unknown_number', detail: 'The number does not exist or its phone is off.' },
  30006: landline,
  30007: filtered,
  30008: { code: 'unknown_reason', detail: 'The carrier gave no reason; send it again or try another channel.' },
  30009: congested,
  30011: media,
  30017: congested,
  30019: media,
  30022: quota,
  30023: quota,
  30027: quota,
  30032: unregistered,
  30034: unregistered,
  30410: congested,
  63003: invalidNumber,
  63007: senderInvalid,
  63016: window,
  63018: { ...hurry, code: 'rate_limited' },
  63019: media,
  63021: media,
  63024: invalidNumber,
}

const rejected: Meaning = { code: 'rejected', detail: 'Twilio refused the message.' }

/** What a code means; `rejected` for one that is not known. */
export function meaningOf(code: number): Meaning {
  return meanings[code] ?? rejected
}

/** The error as an agent reads it, with the provider's own code and words. */
export function sendErrorOf(meaning: Meaning, provider: NonNullable<SendError['provider']>): SendError {
  return { code: meaning.code, detail: meaning.detail, provider }
}
