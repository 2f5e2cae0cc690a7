import { createHmac, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { derivedKey, equalInConstantTime } from '../../lib/secrets.ts'
import { idSchema, instantSchema } from '../../wire/words.ts'

/** What a visitor token says: which browser, at which inbox, until when. */
export interface VisitorClaims {
  readonly inboxId: string
  /** 128 random bits, base64url; the address of the visitor's contact point. */
  readonly visitorId: string
  readonly issuedAt: number
  readonly expiresAt: number
}

const claimsSchema = z.strictObject({ inboxId: idSchema, visitorId: idSchema, issuedAt: instantSchema, expiresAt: instantSchema })
const maxTokenChars = 600

/**
 * The key that signs one inbox's visitors, derived from `SECRET_KEY` and, where it is set, the inbox's own identity secret.
 * Keys of two inboxes have nothing in common.
 */
export function visitorKey(secretKey: string, inboxId: string, identitySecret?: string): Buffer {
  const key = derivedKey(secretKey, `visitor identity v1 ${inboxId}`)
  return identitySecret === undefined ? key : createHmac('sha256', key).update(identitySecret).digest()
}

/** A visitor id never used before: 128 bits from the system's generator. */
export function newVisitorId(): string {
  return randomBytes(16).toString('base64url')
}

/** The visitor id of a user whom their site has named: the same on all their browsers, and nobody can guess it. */
export function userVisitorId(key: Buffer, externalId: string): string {
  return createHmac('sha256', key).update(`user ${externalId}`).digest().subarray(0, 16).toString('base64url')
}

/** Writes a token: `v1.<base64url of the claims>.<base64url of their HMAC-SHA256>`. */
export function signVisitorToken(key: Buffer, claims: VisitorClaims): string {
  const body = `v1.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`
  return `${body}.${macOf(key, body)}`
}

/**
 * The claims of a token before its signature is checked, only to learn whose key must have signed it; null when it is none.
 * Nothing in them may be believed until `readVisitorToken` has returned them.
 */
export function peekVisitorInbox(token: string): string | null {
  return claimsOf(token)?.inboxId ?? null
}

/**
 * The claims of a token that this key signed, for this inbox, and that has not expired; null for any other, whatever is wrong
 * with it. Takes a time that does not depend on how much of the signature is right.
 * @param now epoch milliseconds.
 */
export function readVisitorToken(key: Buffer, inboxId: string, token: string, now: number): VisitorClaims | null {
  const claims = claimsOf(token)
  const end = token.lastIndexOf('.')
  if (claims === null || !equalInConstantTime(macOf(key, token.slice(0, end)), token.slice(end + 1))) return null
  return claims.inboxId === inboxId && claims.expiresAt > now ? claims : null
}

function macOf(key: Buffer, body: string): string {
  return createHmac('sha256', key).update(body).digest('base64url')
}

function claimsOf(token: string): VisitorClaims | null {
  if (token.length > maxTokenChars) return null
  const [version, body, mac, ...rest] = token.split('.')
  if (version !== 'v1' || body === undefined || mac === undefined || rest.length > 0) return null
  try {
    const parsed = claimsSchema.safeParse(JSON.parse(Buffer.from(body, 'base64url').toString('utf8')))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
