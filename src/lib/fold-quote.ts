import EmailReplyParser from 'email-reply-parser'

/** A mail's text in the pieces that a reader wants apart. */
export interface FoldedText {
  /** What was written this time; never empty while the whole is not. */
  readonly visible: string
  /** The writer's signature with its delimiter; empty when there is none. */
  readonly signature: string
  /** What was said before, with the line that introduces it; empty when there is none. */
  readonly quoted: string
}

/** Longer texts are shown whole: looking for quotes in them takes time and helps nobody. */
const maxChars = 100_000
/** The library tries dozens of patterns on every line. */
const maxLibraryChars = 20_000
/** Places that are looked at before a text counts as one with answers between its quotes. */
const maxPlaces = 40

/** What may stand before a header's name: marks of emphasis and quoting. */
const before = String.raw`^[\s>*_|]*`

/** Lines with which mail programs begin a quote: Gmail, Apple Mail, Yahoo, QQ, NetEase, LINE WORKS, in the languages of the region. */
const introductions: readonly RegExp[] = [
  // 「Mei Chen <mei@example.com> 於 2026年1月5日 週一 下午3:04寫道：」, 「在 2026-01-05 15:04:05，"Mei" 写道：」
  /(寫道|写道|來信|来信|寫信|回覆說|回复说)\s*[:：]\s*$/,
  // 「2026年1月5日(月) 15:04 Mei Chen <mei@example.com>:」
  /^\s*\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日.{0,200}<[^<>\s]{3,254}>\s*[:：]\s*$/,
  /(のメール|さんは書きました|が書きました|からのメッセージ|は次のように書きました)\s*[:：]?\s*$/,
  /님이 작성\s*[:：]\s*$/,
  // Rules of dashes with a word between them.
  /^\s*-{2,}\s*(原始郵件|原始邮件|原郵件|轉寄的郵件|转发的邮件|轉寄郵件|转发邮件|元のメッセージ|オリジナルメッセージ|転送メッセージ|Original Message|Forwarded message|Original Appointment)\s*-{2,}\s*$/i,
  /^\s*-{3,}\s*(原始郵件|原始邮件|原郵件|元のメッセージ|Original)\s*-*\s*$/i,
]

/** First line of a block of headers as Outlook and its kin put above a quote, and the lines that must follow it. */
const blockStart = new RegExp(`${before}(From|寄件者|寄件人|发件人|發件人|差出人|送信者|보낸 사람)\\**\\s*[:：]`, 'i')
const blockFollows = new RegExp(
  `${before}(Sent|Date|To|Cc|Subject|寄件日期|傳送時間|日期|发送时间|發送時間|時間|收件者|收件人|副本|抄送|主旨|主题|主題|送信日時|日付|宛先|件名|보낸 날짜|받는 사람|제목)\\**\\s*[:：]`,
  'i',
)

const quotedLine = /^\s*[>＞]/
const delimiter = /^--\s?$|^—\s*$/
/** Signatures that telephones and mail programs write by themselves. */
const machineSignature =
  /^\s*(Sent from my |Get Outlook for |Envoyé de mon |從我的 ?\S{1,20} ?(傳送|寄出)|传送自|發自我的|发自我的|从我的 ?\S{1,20} ?发送|来自我的|取得 Outlook|获取 Outlook|iPhoneから送信|Androidから送信|私の\S{1,20}から送信)/i
/** A signature longer than that is no signature. */
const maxSignatureLines = 12

/**
 * Separates what was written this time from signature and earlier mail. Pure, in time linear in the text. Answers
 * written between quoted lines stay where they are; when nothing would be left, everything is shown.
 */
export function foldQuote(text: string): FoldedText {
  if (text.length > maxChars || text.trim() === '') return { visible: text, signature: '', quoted: '' }
  const lines = text.replaceAll('\r\n', '\n').split('\n')
  const cut = quoteBegins(lines)
  const own = lines.slice(0, cut)
  const at = signatureBegins(own)
  const visible = trimmed(own.slice(0, at))
  const signature = trimmed(own.slice(at))
  const quoted = trimmed(lines.slice(cut))
  if (visible === '') return { visible: trimmed(lines), signature: '', quoted: '' }
  return quoted === '' && signature === '' ? english(visible) : { visible, signature, quoted }
}

/**
 * Where a text's signature or earlier mail begins, UTF-16 code units into the text as given; undefined when there is
 * nothing to fold.
 */
export function foldFrom(text: string): number | undefined {
  const { visible, signature, quoted } = foldQuote(text)
  if (signature === '' && quoted === '') return undefined
  const at = text.replaceAll('\r\n', '\n') === text ? text.indexOf(visible) : -1
  return at === -1 ? undefined : at + visible.length
}

/** Index of the line with which earlier mail begins; the number of lines when there is none. */
function quoteBegins(lines: readonly string[]): number {
  let places = 0
  for (let at = 0; at < lines.length && places < maxPlaces; at++) {
    const introduced = introduces(lines, at)
    if (!introduced && !quotedLine.test(lines[at] ?? '')) continue
    places += 1
    if (!answeredBelow(lines, introduced ? at + 1 : at)) return introduced ? at : introducedAt(lines, at)
  }
  return lines.length
}

function introduces(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? ''
  if (line.length > 1_000) return false
  if (introductions.some((pattern) => pattern.test(line))) return true
  // An address that did not fit has moved the verb to the next line.
  const next = lines[at + 1] ?? ''
  if (/(於|在|On)\s*\S*\d|<[^<>\s]{3,254}>\s*$/.test(line) && /^.{0,80}(寫道|写道|wrote)\s*[:：]\s*$/.test(next)) return true
  return blockStart.test(line) && lines.slice(at + 1, at + 6).filter((later) => blockFollows.test(later)).length >= 2
}

/** Whether the writer goes on below: then the quotes are what the answers stand under. */
function answeredBelow(lines: readonly string[], from: number): boolean {
  let seenQuote = false
  for (let at = from; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (quotedLine.test(line)) seenQuote = true
    else if (delimiter.test(line) || machineSignature.test(line)) return false
    else if (line.trim() !== '' && seenQuote && !quotedLine.test(lines[at + 1] ?? '') && !introduces(lines, at)) return true
    else if (line.trim() !== '' && !seenQuote && at > from + 3) return false
  }
  return false
}

/** Quoted lines are often introduced by up to two lines in a language we have no pattern for: one that ends in a colon. */
function introducedAt(lines: readonly string[], quoteAt: number): number {
  let at = quoteAt - 1
  while (at >= 0 && (lines[at] ?? '').trim() === '') at -= 1
  const line = lines[at] ?? ''
  if (at < 0 || !/[:：]\s*$/.test(line)) return quoteAt
  const verbAlone = !/\d/.test(line) && at > 0 && /\d|@/.test(lines[at - 1] ?? '')
  if (verbAlone) return at - 1
  return /\d|@/.test(line) ? at : quoteAt
}

function signatureBegins(lines: readonly string[]): number {
  const from = Math.max(1, lines.length - maxSignatureLines)
  for (let at = from; at < lines.length; at++) {
    const line = lines[at] ?? ''
    if (delimiter.test(line) || machineSignature.test(line)) return at
  }
  return lines.length
}

/** What our own patterns leave whole is asked of the library, which knows the languages of Europe. */
function english(text: string): FoldedText {
  const whole: FoldedText = { visible: text, signature: '', quoted: '' }
  if (text.length > maxLibraryChars) return whole
  const fragments = new EmailReplyParser().read(text).getFragments()
  const at = fragments.findIndex((fragment) => fragment.isHidden())
  if (at <= 0) return whole
  const rest = fragments.slice(at)
  if (rest.some((fragment) => !fragment.isHidden() && !fragment.isEmpty())) return whole
  const visible = fragments.slice(0, at).map(String).join('\n').trim()
  if (visible === '') return whole
  const signature = rest.filter((fragment) => fragment.isSignature() && !fragment.isQuoted())
  const quoted = rest.filter((fragment) => !signature.includes(fragment))
  return { visible, signature: signature.map(String).join('\n').trim(), quoted: quoted.map(String).join('\n').trim() }
}

function trimmed(lines: readonly string[]): string {
  return lines.join('\n').replaceAll(/^\s*\n|\s+$/g, '')
}
