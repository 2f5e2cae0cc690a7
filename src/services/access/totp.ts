import { Secret, TOTP } from 'otpauth'

const periodSeconds = 30
/** Steps before and after the present one that are taken, for clocks that differ (RFC 6238 §5.2). */
const window = 1

/** A new shared secret of 160 bits (RFC 4226 §4), base32. */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32
}

/** What authenticator apps read from a QR code. */
export function totpUri(secret: string, email: string): string {
  return totpOf(secret, email).toString()
}

/** The time step a code belongs to, or null when it fits none near `now` (epoch ms). */
export function stepOfCode(secret: string, code: string, now: number): number | null {
  const totp = totpOf(secret, 'account')
  const delta = totp.validate({ token: code, timestamp: now, window })
  return delta === null ? null : totp.counter({ timestamp: now }) + delta
}

/** The code of an instant; for tests and for those who show it. */
export function totpCodeAt(secret: string, now: number): string {
  return totpOf(secret, 'account').generate({ timestamp: now })
}

function totpOf(secret: string, label: string): TOTP {
  return new TOTP({ issuer: 'Onequeue', label, algorithm: 'SHA1', digits: 6, period: periodSeconds, secret: Secret.fromBase32(secret) })
}

/** Where an agent's sealed TOTP secret belongs. */
export function totpPlace(agentId: string): string {
  return `agent:${agentId}:totp`
}
