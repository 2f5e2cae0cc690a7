import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { convert } from 'html-to-text'
import type { AttachmentStream, MessageText } from 'mailparser'
import { AppError } from '../../src/lib/errors.ts'
import { cleanFileName } from '../../src/lib/file-name.ts'
import type { CalendarPart, MailNotice } from '../../src/wire/mail.ts'
import { LenientParser } from './lenient-parser.ts'
import { type MailAttachment, type MailDocument, type MailHeaders, mailLimits } from './mail-document.ts'
import { readCalendar } from './read-calendar.ts'
import { decodeWords, fromBytes, type HeaderLine, readHeaders } from './read-headers.ts'
import { readReport } from './read-report.ts'

/** Bytes kept of parts that are read and not only counted. */
const keptBytes = 256 * 1024

/** Types whose content says something about the mail itself. */
const readTypes = new Set([
  'message/delivery-status',
  'message/disposition-notification',
  'message/rfc822',
  'text/rfc822-headers',
  'text/calendar',
])

/** Names of files that come without one. */
const namesByType: Readonly<Record<string, string>> = {
  'message/rfc822': 'mail.eml',
  'text/rfc822-headers': 'headers.txt',
  'message/delivery-status': 'report.txt',
  'message/disposition-notification': 'receipt.txt',
  'text/calendar': 'invitation.ics',
  'application/pkcs7-signature': 'smime.p7s',
  'application/pgp-signature': 'signature.asc',
}

/** What is gathered while a mail streams by. */
interface Gathered {
  readonly attachments: MailAttachment[]
  readonly calendars: CalendarPart[]
  readonly kept: Map<string, string>
  readonly hash: ReturnType<typeof createHash>
  count: number
  text: string
  html: string | null
}

/**
 * Reads one mail from its bytes, streaming: attachments are counted and hashed, never held.
 * @throws AppError 'too_large' beyond the limits, 'invalid_input' when nothing of a mail can be found in it.
 */
export async function readMail(source: AsyncIterable<Uint8Array>): Promise<MailDocument> {
  const parser = new LenientParser()
  const gathered: Gathered = { attachments: [], calendars: [], kept: new Map(), hash: createHash('sha256'), count: 0, text: '', html: null }
  await walk(parser, source, {
    onText: (text) => takeText(gathered, text),
    onFile: (file) => takeFile(gathered, file, parser),
  })
  const { headerLines } = parser as unknown as { headerLines?: readonly HeaderLine[] | false }
  const headers = readHeaders(Array.isArray(headerLines) ? headerLines : [], parser.hint)
  if (gathered.count === 0 && gathered.text === '' && gathered.html === null && headers.from.length === 0 && headers.subject === '') {
    throw new AppError('invalid_input', 'These bytes are no mail.')
  }
  return documentOf(parser, headers, gathered)
}

/**
 * Hands out the bytes of one file of a mail.
 * @param index as `MailAttachment.index`.
 * @returns false where the mail has no such file.
 */
export async function extractFile(
  source: AsyncIterable<Uint8Array>,
  index: number,
  write: (chunk: Uint8Array) => Promise<void>,
): Promise<boolean> {
  let count = 0
  let found = false
  await walk(new LenientParser(), source, {
    onText: () => undefined,
    onFile: async (file) => {
      const wanted = count === index
      count += 1
      if (wanted) found = true
      for await (const chunk of contentOf(file)) if (wanted) await write(chunk)
    },
  })
  return found
}

interface Visitor {
  onText(text: MessageText): void
  onFile(file: AttachmentStream): Promise<void>
}

async function walk(parser: LenientParser, source: AsyncIterable<Uint8Array>, visitor: Visitor): Promise<void> {
  const input = Readable.from(source, { objectMode: false })
  const failed = new Promise<never>((_resolve, reject) => {
    parser.once('error', (error: unknown) => reject(readable(error)))
    input.once('error', reject)
  })
  failed.catch(() => undefined)
  const visits: Promise<void>[] = []
  parser.on('data', (part: AttachmentStream | MessageText) => {
    if (part.type === 'text') return visitor.onText(part)
    const visit = visitor.onFile(part).finally(() => part.release?.())
    visit.catch((error: unknown) => parser.destroy(error instanceof Error ? error : new Error(String(error))))
    visits.push(visit)
  })
  input.pipe(parser)
  try {
    await Promise.race([finished(parser, { writable: false }), failed])
    await Promise.all(visits)
  } finally {
    input.destroy()
    parser.destroy()
  }
}

function readable(error: unknown): Error {
  if (error instanceof AppError) return error
  const message = error instanceof Error ? error.message : String(error)
  if (/max(imum)? /i.test(message)) return new AppError('too_large', `The mail goes beyond a limit: ${message}.`)
  return new AppError('invalid_input', `The mail cannot be read: ${message}.`)
}

function contentOf(file: AttachmentStream): AsyncIterable<Uint8Array> {
  return file.content as unknown as AsyncIterable<Uint8Array>
}

function takeText(gathered: Gathered, { text, html }: MessageText): void {
  const plain = typeof text === 'string' ? text : ''
  gathered.html = typeof html === 'string' && html.trim() !== '' ? html : null
  gathered.text = plain
  gathered.hash.update(`text ${plain}\nhtml ${gathered.html ?? ''}\n`)
}

async function takeFile(gathered: Gathered, file: AttachmentStream, parser: LenientParser): Promise<void> {
  const mime = (file.contentType ?? 'application/octet-stream').toLowerCase().slice(0, 127)
  const kept: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of contentOf(file)) {
    if (readTypes.has(mime) && bytes < keptBytes) kept.push(chunk)
    bytes += chunk.byteLength
  }
  const index = gathered.count
  gathered.count += 1
  const words = kept.length === 0 ? '' : fromBytes(Buffer.concat(kept).subarray(0, keptBytes).toString('latin1'))
  if (words !== '' && !gathered.kept.has(mime)) gathered.kept.set(mime, words)
  if (mime === 'text/calendar' && gathered.calendars.length < 5) {
    const calendar = readCalendar(words)
    if (calendar !== null) gathered.calendars.push(calendar)
  }
  const checksum = 'checksum' in file && typeof file.checksum === 'string' ? file.checksum : String(bytes)
  gathered.hash.update(`file ${mime} ${bytes} ${checksum}\n`)
  if (gathered.attachments.length >= mailLimits.maxAttachments) return
  const contentId = typeof file.cid === 'string' && file.cid !== '' ? file.cid.slice(0, 998) : null
  const name = cleanFileName(decodeWords(fromBytes(file.filename || nameFor(mime, words), parser.hint)))
  const inline = contentId !== null && (file.related === true || file.contentDisposition === 'inline')
  gathered.attachments.push({ index, name, mime, bytes, contentId, inline })
}

/** A forwarded mail is named by its subject. */
function nameFor(mime: string, words: string): string {
  const subject = mime === 'message/rfc822' ? /^subject:[ \t]*(.+(?:\r?\n[ \t].*)*)/im.exec(words.slice(0, keptBytes))?.[1] : undefined
  if (subject !== undefined)
    return `${decodeWords(subject.replaceAll(/\r?\n[ \t]+/g, ' '))
      .replaceAll(/[/\\]/g, ' ')
      .slice(0, 100)}.eml`
  return namesByType[mime] ?? 'file'
}

function documentOf(parser: LenientParser, headers: MailHeaders, gathered: Gathered): MailDocument {
  const { kept } = gathered
  const notices: MailNotice[] = noticesOf(parser, gathered)
  const tooLong = gathered.html !== null && gathered.html.length > mailLimits.maxHtmlChars
  const html = tooLong ? null : gathered.html
  if (tooLong) notices.push('html_too_large')
  const plain = gathered.text.trim() === '' && gathered.html !== null ? textOfHtml(gathered.html) : gathered.text
  const text = plain.replaceAll('\u0000', '').slice(0, mailLimits.maxTextChars)
  const delivery = kept.get('message/delivery-status') ?? null
  const disposition = kept.get('message/disposition-notification') ?? null
  const author = headers.from[0]?.address ?? ''
  return {
    headers,
    text,
    html,
    attachments: gathered.attachments,
    calendars: gathered.calendars,
    report: readReport({
      status: delivery ?? disposition,
      kind: delivery !== null ? 'delivery' : disposition !== null ? 'disposition' : null,
      original: kept.get('message/rfc822') ?? kept.get('text/rfc822-headers') ?? null,
      text,
      failedRecipients: headers.marks['x-failed-recipients'] ?? '',
      subject: headers.subject,
      fromDaemon: headers.returnPath === '' || /^(mailer-daemon|postmaster|mail-daemon|mdaemon)@/.test(author),
    }),
    notices,
    bodyHash: gathered.hash.digest('hex'),
  }
}

function noticesOf(parser: LenientParser, gathered: Gathered): MailNotice[] {
  const notices = new Set<MailNotice>()
  if (parser.guessedCharset) notices.add('charset_guessed')
  if (gathered.count > gathered.attachments.length) notices.add('attachments_left_out')
  for (const { type, detail } of parser.contentTypes) {
    if (type === 'multipart/signed' || detail === 'signed-data') notices.add('signed')
    else if (type === 'multipart/encrypted' || /^application\/(x-)?pkcs7-mime$/.test(type)) notices.add('encrypted')
    else if (type === 'application/ms-tnef' || type === 'application/vnd.ms-tnef') notices.add('tnef_kept')
  }
  if (gathered.attachments.some(({ name }) => name.toLowerCase() === 'winmail.dat')) notices.add('tnef_kept')
  return [...notices]
}

/** The words of an HTML form, for lists, search and those who want no HTML. */
function textOfHtml(html: string): string {
  return convert(html.slice(0, mailLimits.maxHtmlChars), {
    wordwrap: false,
    limits: { maxDepth: 100, maxInputLength: mailLimits.maxHtmlChars, ellipsis: '…' },
    selectors: [
      { selector: 'img', format: 'skip' },
      { selector: 'a', options: { hideLinkHrefIfSameAsText: true } },
    ],
  })
}
