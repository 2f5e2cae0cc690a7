/** A stretch of a folded text that is searched as one: a word, or a run of a script that is written without blanks. */
export interface Stretch {
  readonly wide: boolean
  readonly text: string
  /** UTF-16 code units into the folded text. */
  readonly from: number
}

const letter = /[\p{L}\p{N}\p{M}]/u
const unspaced =
  /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Bopomofo}\p{scx=Hangul}\p{scx=Yi}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]/u

const other = 0
const narrow = 1
const wide = 2
const unknown = 3

/** Kinds of the characters of the basic plane, found out as they are met. */
const kinds = new Uint8Array(0x10000).fill(unknown)

function kindOf(codePoint: number): number {
  const known = codePoint < 0x10000 ? (kinds[codePoint] ?? unknown) : unknown
  if (known !== unknown) return known
  const character = String.fromCodePoint(codePoint)
  const kind = !letter.test(character) ? other : unspaced.test(character) ? wide : narrow
  if (codePoint < 0x10000) kinds[codePoint] = kind
  return kind
}

/** The stretches of a folded text in their order; what stands between them is not searched. */
export function stretchesOf(folded: string): Stretch[] {
  const stretches: Stretch[] = []
  let from = 0
  let kind = other
  const end = (at: number) => {
    if (kind !== other) stretches.push({ wide: kind === wide, text: folded.slice(from, at), from })
  }
  for (let at = 0; at < folded.length; ) {
    const codePoint = folded.codePointAt(at) ?? 0
    const next = kindOf(codePoint)
    if (next !== kind) {
      end(at)
      from = at
      kind = next
    }
    at += codePoint > 0xffff ? 2 : 1
  }
  end(folded.length)
  return stretches
}
