import { createHmac } from 'node:crypto'
import { normaliseAddress } from '../../core/identity/address.ts'
import { AppError } from '../../lib/errors.ts'
import { sanitizeText } from '../../lib/sanitize-text.ts'
import { equalInConstantTime } from '../../lib/secrets.ts'
import type { IdentityProof } from '../../wire/visitor.ts'
import type { WebchatConfig } from '../../wire/webchat.ts'

/** Who the site says that its user is. */
export interface ProvenUser {
  /** The site's own id of them. */
  readonly id: string
  readonly name?: string
  /** Normalised. */
  readonly email?: string
  /** The site signed that the address is theirs. */
  readonly emailVerified: boolean
}

/** A token that lives longer is as good as a password lying about. */
const maxTokenLifeSeconds = 86_400
const clockToleranceSeconds = 60

/**
 * Checks what a site gives as proof, against the present key and the one before it.
 * @param now epoch milliseconds.
 * @throws AppError 'forbidden' with code `identity_off`, `identity_proof`, or `identity_expired`; how near a forged proof came is not told.
 */
export async function checkProof(config: WebchatConfig, proof: IdentityProof, now: number): Promise<ProvenUser> {
  const secrets = [config.siteSecret, config.formerSiteSecret].flatMap((secret) => secret ?? [])
  if (config.identity === 'off' || secrets.length === 0) {
    throw new AppError('forbidden', 'This chat does not know the users of its site.', { code: 'identity_off' })
  }
  return 'jwt' in proof ? checkJwt(secrets, proof.jwt, now) : checkHash(secrets, proof)
}

function checkHash(secrets: readonly string[], proof: Extract<IdentityProof, { hash: string }>): ProvenUser {
  const given = proof.hash.toLowerCase()
  // All of them are tried, so that the time does not tell which key was right.
  const hits = secrets.map((secret) => equalInConstantTime(createHmac('sha256', secret).update(proof.id).digest('hex'), given))
  if (!hits.includes(true)) throw wrongProof()
  return userOf(proof.id, proof.name, proof.email, false)
}

async function checkJwt(secrets: readonly string[], jwt: string, now: number): Promise<ProvenUser> {
  // Loaded by the sites that prove users this way.
  const { errors, jwtVerify } = await import('jose')
  for (const secret of secrets) {
    try {
      const { payload } = await jwtVerify(jwt, new TextEncoder().encode(secret), {
        algorithms: ['HS256'],
        currentDate: new Date(now),
        clockTolerance: clockToleranceSeconds,
        requiredClaims: ['sub', 'exp'],
      })
      if ((payload.exp ?? 0) > now / 1_000 + maxTokenLifeSeconds + clockToleranceSeconds) throw wrongProof()
      const { name, email, email_verified: verified } = payload
      return userOf(payload.sub ?? '', textOf(name), textOf(email), verified === true)
    } catch (error) {
      if (error instanceof errors.JWTExpired) {
        throw new AppError('forbidden', 'The site’s token has run out; it needs a fresh one.', { code: 'identity_expired' })
      }
      if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw wrongProof()
    }
  }
  throw wrongProof()
}

function userOf(id: string, name: string | undefined, email: string | undefined, emailVerified: boolean): ProvenUser {
  const known = normaliseAddress('external', id)
  if (known === null) throw wrongProof()
  const address = email === undefined ? null : normaliseAddress('email', email)
  const shown = name === undefined ? '' : sanitizeText(name).trim().slice(0, 200)
  return {
    id: known,
    ...(shown === '' ? {} : { name: shown }),
    ...(address === null ? {} : { email: address }),
    emailVerified: emailVerified && address !== null,
  }
}

function textOf(claim: unknown): string | undefined {
  return typeof claim === 'string' ? claim : undefined
}

function wrongProof(): AppError {
  return new AppError('forbidden', 'The site’s proof of its user is not right.', { code: 'identity_proof' })
}
