import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto'
import { AppError } from './errors.ts'

/** Bytes of initialisation vector and of tag (NIST SP 800-38D §8.2.1, §5.2.1.2). */
const ivBytes = 12
const tagBytes = 16

/** Encrypts small secrets for storage. */
export interface Secrets {
  /**
   * Encrypts with AES-256-GCM. Two calls with one text differ.
   * @param place where the result is stored, such as `inbox:<id>:channelSecret`; it opens nowhere else.
   * @returns `v1.<key id>.<base64url of iv, ciphertext and tag>`.
   */
  seal(text: string, place: string): string
  /**
   * Decrypts what `seal` returned, also with one of the former keys.
   * @throws AppError 'unavailable' when no key fits, the place differs or the text was changed.
   */
  open(sealed: string, place: string): string
  /** Whether `sealed` was made with a former key and should be sealed again. */
  isStale(sealed: string): boolean
}

interface Key {
  readonly id: string
  readonly bytes: Buffer
}

/**
 * The keys are derived from the operator's secret with HKDF-SHA256 (RFC 5869).
 * @param secretKey any text of at least 32 random bytes' worth; checked by the configuration.
 * @param formerKeys earlier values of `secretKey`, still good for opening.
 */
export function createSecrets(secretKey: string, formerKeys: readonly string[] = []): Secrets {
  const current = deriveKey(secretKey)
  const keys = new Map([current, ...formerKeys.map(deriveKey)].toReversed().map((key) => [key.id, key]))
  return {
    seal: (text, place) => {
      const iv = randomBytes(ivBytes)
      const cipher = createCipheriv('aes-256-gcm', current.bytes, iv, { authTagLength: tagBytes })
      cipher.setAAD(Buffer.from(place))
      const sealed = Buffer.concat([iv, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `v1.${current.id}.${sealed.toString('base64url')}`
    },
    open: (sealed, place) => {
      const [version, keyId = '', data = ''] = sealed.split('.')
      const key = keys.get(keyId)
      if (version !== 'v1' || !key) throw new AppError('unavailable', 'A stored secret needs another SECRET_KEY.', { place })
      return openWith(key, Buffer.from(data, 'base64url'), place)
    },
    isStale: (sealed) => !sealed.startsWith(`v1.${current.id}.`),
  }
}

function openWith(key: Key, sealed: Buffer, place: string): string {
  try {
    const iv = sealed.subarray(0, ivBytes)
    const decipher = createDecipheriv('aes-256-gcm', key.bytes, iv, { authTagLength: tagBytes })
    decipher.setAAD(Buffer.from(place))
    decipher.setAuthTag(sealed.subarray(-tagBytes))
    const text = Buffer.concat([decipher.update(sealed.subarray(ivBytes, -tagBytes)), decipher.final()])
    return text.toString('utf8')
  } catch (cause) {
    throw new AppError('unavailable', 'A stored secret does not open; it was changed or moved.', { place }, { cause })
  }
}

function deriveKey(secretKey: string): Key {
  const derive = (purpose: string, bytes: number): Buffer => Buffer.from(hkdfSync('sha256', secretKey, 'onequeue', purpose, bytes))
  return { id: derive('secrets v1 id', 6).toString('base64url'), bytes: derive('secrets v1', 32) }
}

/**
 * Derives a key for another purpose from the operator's secret, so that no two purposes share one.
 * @param purpose fixed text, such as 'visitor identity v1'.
 */
export function derivedKey(secretKey: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secretKey, 'onequeue', `purpose: ${purpose}`, 32))
}

/** Compares two texts or byte strings in a time that depends on their lengths only. */
export function equalInConstantTime(a: string | Uint8Array, b: string | Uint8Array): boolean {
  return timingSafeEqual(createHash('sha256').update(a).digest(), createHash('sha256').update(b).digest())
}

/** A new random token of 256 bits: `<prefix>_<base64url>`. Store only `hashToken` of it. */
export function newToken(prefix: string): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`
}

/** Lower-case hex of a token's SHA-256; enough for tokens of full entropy, never for passwords. */
export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}
