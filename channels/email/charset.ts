import { Transform, type TransformCallback } from 'node:stream'
import chardet from 'chardet'
import iconv from 'iconv-lite'

/** Bytes that a guess is made from; more makes it slower, not better. */
const sampleBytes = 64 * 1024

/** Names that mail uses and the encoding standard does not know, or knows too narrowly. */
const aliases: Readonly<Record<string, string>> = {
  // Senders that say GB 2312 use characters of GB 18030.
  gb2312: 'gb18030',
  gb_2312: 'gb18030',
  'gb_2312-80': 'gb18030',
  gbk: 'gb18030',
  cp936: 'gb18030',
  ms936: 'gb18030',
  'big5-eten': 'big5',
  cp950: 'big5',
  'x-x-big5': 'big5',
  cp932: 'shift_jis',
  'x-sjis': 'shift_jis',
  ms932: 'shift_jis',
  cp949: 'euc-kr',
  'ks_c_5601-1987': 'euc-kr',
  'iso-2022-jp-ms': 'iso-2022-jp',
  'iso-2022-jp-1': 'iso-2022-jp',
  'iso-2022-jp-2': 'iso-2022-jp',
  cp50220: 'iso-2022-jp',
  cp50221: 'iso-2022-jp',
}

/** Encodings a guess may end in, as the detector names them. */
const guessable: Readonly<Record<string, string>> = {
  Big5: 'big5',
  GB18030: 'gb18030',
  Shift_JIS: 'shift_jis',
  'EUC-JP': 'euc-jp',
  'EUC-KR': 'euc-kr',
  'ISO-2022-JP': 'iso-2022-jp',
  'ISO-2022-KR': 'euc-kr',
  'windows-1250': 'windows-1250',
  'windows-1251': 'windows-1251',
  'windows-1252': 'windows-1252',
  'windows-1253': 'windows-1253',
  'windows-1254': 'windows-1254',
  'ISO-8859-1': 'windows-1252',
  'ISO-8859-2': 'iso-8859-2',
  'KOI8-R': 'koi8-r',
}

/** Text with whether its encoding had to be guessed. */
export interface Decoded {
  readonly text: string
  readonly guessed: boolean
}

/**
 * Bytes as text by the label a mail gives them; where the label is missing, unknown, or contradicted by the bytes, by
 * what the bytes look like. Never throws.
 * @param label such as `iso-2022-jp`; empty for none.
 * @param hint the label of other text of the same mail, tried before guessing: a few bytes tell too little.
 */
export function decodeText(bytes: Buffer, label: string, hint = ''): Decoded {
  const name = nameOf(label)
  const plain = name === '' || name === 'us-ascii' || name === 'ascii' || name === 'utf-8' || name === 'utf8'
  if (!plain) {
    const text = decodeAs(bytes, name, false)
    if (text !== null) return { text, guessed: false }
  }
  if (isEscapedJapanese(bytes)) return { text: decodeAs(bytes, 'iso-2022-jp', false) ?? '', guessed: name !== '' }
  const utf8 = decodeAs(bytes, 'utf-8', true)
  if (utf8 !== null) return { text: utf8, guessed: false }
  const hinted = hint === '' ? null : decodeAs(bytes, nameOf(hint), true)
  return { text: hinted ?? guess(bytes).text, guessed: true }
}

/** The label under which bytes without one would be read; empty for plain UTF-8. */
export function likelyLabel(bytes: Buffer): string {
  return isEscapedJapanese(bytes) ? 'iso-2022-jp' : decodeAs(bytes, 'utf-8', true) === null ? guess(bytes).name : ''
}

/** Decodes a whole text part at its end, because a guess needs all of it. Writes UTF-8. */
export class TextDecoding extends Transform {
  readonly #label: string
  readonly #onText: (found: { readonly guessed: boolean; readonly label: string }) => void
  readonly #chunks: Buffer[] = []

  /** @param onText told at the end by which label the text was read. */
  constructor(label: string, onText: (found: { readonly guessed: boolean; readonly label: string }) => void) {
    super()
    this.#label = label
    this.#onText = onText
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.#chunks.push(chunk)
    done()
  }

  override _flush(done: TransformCallback): void {
    const bytes = Buffer.concat(this.#chunks)
    const { text, guessed } = decodeText(bytes, this.#label)
    this.#onText({ guessed, label: guessed ? likelyLabel(bytes) : this.#label })
    done(null, Buffer.from(text, 'utf8'))
  }
}

/** The label as decoders know it. */
export function nameOf(label: string): string {
  const name = label
    .trim()
    .toLowerCase()
    .replace(/^["']|["']$/g, '')
  return aliases[name] ?? name
}

function decodeAs(bytes: Buffer, name: string, fatal: boolean): string | null {
  // Every byte means something in these; Node's own decoder takes windows-1252 for ISO 8859-1.
  if (/^(windows-125\d|iso-8859-\d+|koi8-[ru]|cp125\d)$/.test(name) && iconv.encodingExists(name)) return iconv.decode(bytes, name)
  try {
    return new TextDecoder(name, { fatal }).decode(bytes)
  } catch {
    return null
  }
}

/** ISO-2022-JP is 7-bit and often sent without its name: RFC 1468 escape sequences give it away. */
function isEscapedJapanese(bytes: Buffer): boolean {
  const at = bytes.indexOf('\u001b$')
  return at !== -1 && (bytes[at + 2] === 0x42 || bytes[at + 2] === 0x40)
}

/** The likeliest encoding under which no byte is wrong; Western European where none fits, which takes every byte. */
function guess(bytes: Buffer): { readonly text: string; readonly name: string } {
  for (const { name } of chardet.analyse(bytes.subarray(0, sampleBytes))) {
    const known = guessable[name]
    const text = known === undefined ? null : decodeAs(bytes, known, true)
    if (known !== undefined && text !== null) return { text, name: known }
  }
  for (const { name, confidence } of chardet.analyse(bytes.subarray(0, sampleBytes))) {
    const known = guessable[name]
    if (known !== undefined && confidence >= 10) return { text: decodeAs(bytes, known, false) ?? '', name: known }
  }
  return { text: decodeAs(bytes, 'windows-1252', false) ?? '', name: 'windows-1252' }
}
