import { createHmac, timingSafeEqual } from 'node:crypto'
import type { EmailConfig } from './config.ts'
import { ownAddresses } from './config.ts'

/** RFC 5321 §4.5.3.1.1. */
const maxLocalChars = 64
const idBytes = 16
const macBytes = 8
const alphabet = 'abcdefghijklmnopqrstuvwxyz234567'
/** Characters of the encoded id and mac: 24 bytes in base 32. */
const tokenChars = Math.ceil(((idBytes + macBytes) * 8) / 5)

type Own = Pick<EmailConfig, 'address' | 'aliases'>

/**
 * The address whose mail belongs to one conversation: `support+<id and proof>@example.com`, in lower case because servers
 * on the way may fold it. Null where the local part leaves no room.
 * @param key 32 bytes of this inbox's own.
 */
export function threadAddress(config: Own, conversationId: string, key: Buffer): string | null {
  const at = config.address.lastIndexOf('@')
  const id = Buffer.from(conversationId.replaceAll('-', ''), 'hex')
  if (id.length !== idBytes) return null
  const local = `${config.address.slice(0, at)}+${encode(Buffer.concat([id, proofOf(id, key)]))}`
  return local.length > maxLocalChars ? null : `${local}${config.address.slice(at)}`
}

/** The conversation that one of the recipients proves by its address, or null. Compared in constant time. */
export function conversationOfRecipients(config: Own, recipients: readonly string[], key: Buffer): string | null {
  for (const recipient of recipients) {
    const token = tokenOf(config, recipient)
    const bytes = token === null ? null : decode(token)
    if (bytes === null) continue
    const id = bytes.subarray(0, idBytes)
    if (!timingSafeEqual(bytes.subarray(idBytes), proofOf(id, key))) continue
    const hex = id.toString('hex')
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
  }
  return null
}

/** Whether mail to `recipient` is this inbox's: one of its addresses, with any plus part. */
export function isOwnRecipient(config: Own, recipient: string): boolean {
  const plain = recipient.toLowerCase().replace(/\+[^@]*@/, '@')
  return ownAddresses(config).some((own) => own === recipient.toLowerCase() || own === plain)
}

function tokenOf(config: Own, recipient: string): string | null {
  const [, base, token, host] = /^([^+@]+(?:\+[^+@]+)*)\+([a-z2-7]+)@(.+)$/.exec(recipient.toLowerCase()) ?? []
  if (token === undefined || token.length !== tokenChars) return null
  return ownAddresses(config).includes(`${base}@${host}`) ? token : null
}

function proofOf(id: Buffer, key: Buffer): Buffer {
  return createHmac('sha256', key).update(id).digest().subarray(0, macBytes)
}

/** Base 32 of RFC 4648 in lower case, without padding. */
function encode(bytes: Buffer): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    bits += 8
    for (; bits >= 5; bits -= 5) text += alphabet[(held >>> (bits - 5)) & 31] ?? ''
    held &= (1 << bits) - 1
  }
  return bits === 0 ? text : text + (alphabet[(held << (5 - bits)) & 31] ?? '')
}

function decode(text: string): Buffer {
  const bytes: number[] = []
  let bits = 0
  let held = 0
  for (const char of text) {
    held = (held << 5) | alphabet.indexOf(char)
    bits += 5
    if (bits >= 8) {
      bytes.push((held >>> (bits - 8)) & 255)
      bits -= 8
    }
    held &= (1 << bits) - 1
  }
  return Buffer.from(bytes)
}
