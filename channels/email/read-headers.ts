import { domainToASCII } from 'node:url'
import libmime from 'libmime'
import addressparser from 'nodemailer/lib/addressparser'
import type { MailAddress } from '../../src/wire/mail.ts'
import { decodeText } from './charset.ts'
import { type MailHeaders, mailLimits } from './mail-document.ts'

/** One header line as the splitter gives it: unfolded or not, bytes as characters. */
export interface HeaderLine {
  readonly key: string
  readonly line: string
}

/** Longest value of one header that is read; addresses of more are no person's mail. */
const maxValueChars = 64 * 1024
/** Years around which a Date header is believed, epoch ms: 1990 to 2100. */
const earliestDate = Date.UTC(1990, 0)
const latestDate = Date.UTC(2100, 0)

/** Headers that tell automatic mail; their first values are kept. */
const markNames = [
  'auto-submitted',
  'precedence',
  'list-id',
  'list-unsubscribe',
  'list-post',
  'x-auto-response-suppress',
  'x-autoreply',
  'x-autorespond',
  'x-autoresponder',
  'feedback-id',
  'x-failed-recipients',
  'x-onequeue-id',
] as const

/**
 * Reads the head of a mail; of a repeated header the first line counts. Never throws.
 * @param hint the label of the mail's text, for bare bytes in the head.
 */
export function readHeaders(lines: readonly HeaderLine[], hint = ''): MailHeaders {
  const values = valuesByName(lines, hint)
  const first = (name: string) => values.get(name)?.[0] ?? ''
  const from = addressesOf(first('from'))
  return {
    messageId: messageIdsIn(first('message-id'))[0] ?? null,
    inReplyTo: messageIdsIn((values.get('in-reply-to') ?? []).join(' ')),
    references: messageIdsIn((values.get('references') ?? []).join(' ')).slice(-100),
    subject: decodeWords(first('subject')).slice(0, 1_000),
    from,
    severalFrom: (values.get('from')?.length ?? 0) > 1,
    sender: addressesOf(first('sender'))[0] ?? null,
    replyTo: addressesOf(first('reply-to')),
    to: addressesOf((values.get('to') ?? []).join(', ')),
    cc: addressesOf((values.get('cc') ?? []).join(', ')),
    deliveredTo: ['delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to']
      .flatMap((name) => values.get(name) ?? [])
      .flatMap((value) => addressesOf(value).map(({ address }) => address))
      .slice(0, 20),
    sentAt: dateOf(first('date')),
    returnPath: values.has('return-path')
      ? first('return-path')
          .replace(/[<>\s]/g, '')
          .toLowerCase()
      : null,
    marks: Object.fromEntries(markNames.filter((name) => values.has(name)).map((name) => [name, first(name).slice(0, 500)])),
    authResults: (values.get('authentication-results') ?? []).slice(0, 10).map((value) => value.slice(0, 2_000)),
  }
}

/**
 * Ids in angle brackets, in their order and each once. What servers and programs put around them (comments, commas,
 * missing spaces) is left out.
 */
export function messageIdsIn(value: string): string[] {
  const found = [...value.slice(0, maxValueChars).matchAll(/<[^<>\s]{1,996}>/g)].map(([id]) => id)
  return [...new Set(found)]
}

/** The addresses of a header, groups taken apart, in lower case; what is no address is left out. */
export function addressesOf(value: string): MailAddress[] {
  if (value === '') return []
  const parsed = addressparser(value.slice(0, maxValueChars), { flatten: true })
  const known = new Set<string>()
  const addresses: MailAddress[] = []
  for (const { name, address } of parsed) {
    const plain = plainAddress(address ?? '')
    if (plain === null || known.has(plain) || addresses.length >= mailLimits.maxAddresses) continue
    known.add(plain)
    const shown = decodeWords(name ?? '').slice(0, 200)
    addresses.push({ address: plain, name: shown === '' || shown.toLowerCase() === plain ? null : shown })
  }
  return addresses
}

/** An address in lower case with its host in ASCII; null for what cannot be one. */
export function plainAddress(text: string): string | null {
  const address = text.trim().toLowerCase()
  const at = address.lastIndexOf('@')
  if (at < 1 || at === address.length - 1 || address.length > 320 || /[\s<>\p{Cc}\u2028\u2029]/u.test(address)) return null
  const host = domainToASCII(address.slice(at + 1))
  return host === '' ? null : `${address.slice(0, at)}@${host}`
}

/** A header value as text: encoded words and bare bytes of any charset, on one line, without controls. */
export function decodeWords(value: string): string {
  if (value === '') return ''
  const relabelled = value.replaceAll(/=\?(gb2312|gbk|cp936)(\*[^?]*)?\?/gi, '=?gb18030?')
  let decoded = relabelled
  try {
    decoded = libmime.decodeWords(relabelled)
  } catch {
    // What cannot be decoded stands as it came.
  }
  return decoded
    .replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ')
    .replaceAll(/ {2,}/g, ' ')
    .trim()
}

/** Bytes that came as characters, as text; text that is decoded already stays. */
export function fromBytes(value: string, hint = ''): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range is that of bytes.
  if (!/[\u0080-\u00ff]/.test(value) || !/^[\u0000-\u00ff]*$/.test(value)) return value
  return decodeText(Buffer.from(value, 'latin1'), '', hint).text
}

function valuesByName(lines: readonly HeaderLine[], hint: string): Map<string, string[]> {
  const values = new Map<string, string[]>()
  for (const { key, line } of lines) {
    const name = key.toLowerCase()
    const value = fromBytes(line.slice(line.indexOf(':') + 1, maxValueChars), hint)
      .replaceAll(/\r?\n[ \t]?/g, ' ')
      .trim()
    const known = values.get(name)
    if (known === undefined) values.set(name, [value])
    else if (known.length < 50) known.push(value)
  }
  return values
}

function dateOf(value: string): number | null {
  const at = Date.parse(value.replaceAll(/\([^)]*\)/g, ' ').trim())
  return Number.isNaN(at) || at < earliestDate || at > latestDate ? null : at
}
