import type { ContactPointKind } from '../../wire/contacts.ts'

const maxMailLength = 254
const maxMailLocalLength = 64

/**
 * The one form an address is stored and compared in; null when it is none of its kind, and then
 * identifies nobody.
 *
 * - `email`: lower case as a whole, host in ASCII (IDNA); dots and plus parts stay, since they may be
 *   other people elsewhere.
 * - `phone`: `+` and 7 to 15 digits (E.164); anything else (short codes, names, withheld) is no
 *   phone number here. Reading national forms is the channel's work.
 * - `line`, `line_group`, `line_room`: `providerId:id`; LINE's ids mean something within a provider only.
 * - `visitor`, `external`: as they are, 1 to 200 printable characters.
 */
export function normaliseAddress(kind: ContactPointKind, raw: string): string | null {
  const text = raw.normalize('NFC').trim()
  switch (kind) {
    case 'email':
      return normaliseMail(text)
    case 'phone':
      return /^\+[1-9]\d{6,14}$/.test(text) ? text : null
    case 'line':
    case 'line_group':
    case 'line_room':
      return /^[\w-]{1,64}:[\w-]{1,64}$/.test(text) ? text : null
    case 'visitor':
    case 'external':
      return /^[^\p{Cc}\p{Cs}]{1,200}$/u.test(text) ? text : null
  }
}

function normaliseMail(text: string): string | null {
  const at = text.lastIndexOf('@')
  const local = text.slice(0, Math.max(0, at)).toLowerCase()
  const host = asciiHost(text.slice(at + 1))
  if (local === '' || host === null || /[\s\p{Cc}\p{Cs}<>,;@]/u.test(local)) return null
  if (local.length > maxMailLocalLength || local.length + 1 + host.length > maxMailLength) return null
  return `${local}@${host}`
}

/** The host of a mail address as the domain name system knows it; null when it is not a name. */
function asciiHost(host: string): string | null {
  if (!/^[\p{L}\p{M}\p{N}.-]{1,253}$/u.test(host) || !URL.canParse(`http://${host}`)) return null
  const ascii = new URL(`http://${host}`).hostname.replace(/\.$/, '')
  const isName = ascii.split('.').every((label) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label))
  return isName && ascii.includes('.') && !/^[\d.]+$/.test(ascii) ? ascii : null
}
