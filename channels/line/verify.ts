import { createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import type { RawRequest } from '../contract.ts'
import type { LineConfig } from './config.ts'

/** Base64 of 32 bytes. */
const signatureLength = 44

/**
 * Makes the check of `x-line-signature`: base64 of HMAC-SHA256 over the raw body bytes, by the present or the former
 * channel secret, compared in constant time. Where the account's own user id is known, the body must be meant for it.
 * Source: LINE Messaging API, "Verify webhook signature".
 */
export function createVerify(config: LineConfig, now: () => number): (request: RawRequest) => boolean {
  const keyOf = (text: string): KeyObject => createSecretKey(Buffer.from(text, 'utf8'))
  const present = keyOf(config.channelSecret)
  const former = config.previousChannelSecret === undefined ? null : keyOf(config.previousChannelSecret)
  const formerUntil = config.previousChannelSecretUntil ?? Number.POSITIVE_INFINITY
  return (request) => {
    const keys = former !== null && now() < formerUntil ? [present, former] : [present]
    const signature = request.headers['x-line-signature']
    if (signature === undefined || signature.length !== signatureLength) return false
    const given = Buffer.from(signature, 'latin1')
    return keys.some((key) => fits(key, request.body, given)) && isMeantFor(config.botUserId, request.body)
  }
}

function fits(key: KeyObject, body: Buffer, given: Buffer): boolean {
  const expected = Buffer.from(createHmac('sha256', key).update(body).digest('base64'), 'latin1')
  return expected.length === given.length && timingSafeEqual(expected, given)
}

/** A body that cannot be read passes: it is signed, so it is kept and quarantined. */
function isMeantFor(botUserId: string | undefined, body: Buffer): boolean {
  // Quotes inside JSON strings are escaped, so this sequence can only be the member itself.
  if (botUserId === undefined || body.includes(`"destination":"${botUserId}"`)) return true
  try {
    const envelope: unknown = JSON.parse(body.toString('utf8'))
    const destination = typeof envelope === 'object' && envelope !== null && 'destination' in envelope ? envelope.destination : undefined
    return typeof destination !== 'string' || destination === botUserId
  } catch {
    return true
  }
}
