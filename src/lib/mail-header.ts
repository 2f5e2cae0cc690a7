import { domainToASCII } from 'node:url'

/** Longest address that mail carries: RFC 5321 §4.5.3.1.3, without the angle brackets. */
const maxAddressChars = 254
const maxLocalChars = 64
/** Longest single id that is passed on; RFC 5322 §2.1.1 bounds a line at 998. */
const maxIdChars = 250
/** Ids of a References header: the first and the newest are what clients thread by. */
const maxReferences = 21

/** What ends or disturbs a header line: controls, and the line ends of Unicode. */
const lineBreakers = /[\p{Cc}\p{Zl}\p{Zp}]+/gu
/** Marks that turn the reading direction, with which a name can pose as another. */
const directionMarks = /[\u202a-\u202e\u2066-\u2069\u200e\u200f]/g

/** Text that can stand in one header line: whatever would end the line has become a space. */
export function headerText(text: string): string {
  return text.normalize('NFC').replaceAll(lineBreakers, ' ').replaceAll(directionMarks, '').replaceAll(/ {2,}/g, ' ').trim()
}

/** Whether text would have to be changed to stand in a header line. */
export function breaksHeader(text: string): boolean {
  return text.search(lineBreakers) !== -1
}

/**
 * An address as it goes onto the wire: the host in lower case and ASCII (RFC 5890), the local part as given; null when
 * it is none. Quoted local parts and comments are refused: nodes on the way disagree about where such mail goes.
 */
export function wireAddress(address: string): string | null {
  const at = address.lastIndexOf('@')
  if (at < 1 || address.length > maxAddressChars || breaksHeader(address)) return null
  const local = address.slice(0, at)
  if (local.length > maxLocalChars || !/^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/.test(local)) return null
  const host = domainToASCII(address.slice(at + 1))
  if (!/^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/i.test(host)) return null
  const whole = `${local}@${host}`
  return whole.length > maxAddressChars ? null : whole
}

/** The message ids a header holds, in its order, each with its brackets; comments and broken pieces are left out. */
export function messageIdsIn(header: string): string[] {
  return [...header.matchAll(/<[!-;=?-~]+>/g)].map(([id]) => id).filter((id) => id.length <= maxIdChars)
}

/**
 * The References header of an answer: the chain of what is answered and its own id (RFC 5322 §3.6.4), each once. A long
 * chain keeps its first id and its newest ones.
 */
export function referenceChain(earlier: readonly string[], answered: string | null): string[] {
  const wanted = answered === null ? earlier : [...earlier.filter((id) => id !== answered), answered]
  const ids = [...new Set(wanted.flatMap(messageIdsIn))]
  return ids.length <= maxReferences ? ids : [...ids.slice(0, 1), ...ids.slice(1 - maxReferences)]
}

/** How answers are marked in the languages mail programs write; one mark is enough. */
const replyMark = /^\s*(re|aw|sv|vs|antw|odp|回[覆复]|答[覆复]|返信|답장)\s*(\[\d+\]|\(\d+\))?\s*[:：]/i

/** The subject of an answer: the one that is answered behind one `Re:`. */
export function replySubject(subject: string): string {
  const clean = headerText(subject)
  if (clean === '') return ''
  return replyMark.test(clean) ? clean : `Re: ${clean}`
}
