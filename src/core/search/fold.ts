/** A text as it is compared: compatible forms, letter case and accents of Latin, Greek and Cyrillic do not matter. */
export interface FoldedText {
  readonly text: string
  /** For each UTF-16 code unit of `text`, where in the original what it came from begins. */
  readonly starts: readonly number[]
  /** The same for where that ends. */
  readonly ends: readonly number[]
}

// What belongs together is folded together: marks with their base, half-width kana with their voicing, Hangul letters.
const clusters = /[\u1100-\u11ff]+|[^\p{M}\uff9e\uff9f][\p{M}\uff9e\uff9f\u200d]*|[\p{M}\uff9e\uff9f]+/gsu

/** Combining accents as they follow Latin, Greek and Cyrillic letters; voicing marks of kana are others. */
const accents = /[\u0300-\u036f]/g
const invisible = /\p{Cf}/gu

/** `text` as `foldWithPlaces` gives it, without the places. */
export function fold(text: string): string {
  if (isPlain(text)) return text.toLowerCase()
  let folded = ''
  for (const [cluster] of text.matchAll(clusters)) folded += foldCluster(cluster)
  return folded
}

/** Folds a text (Unicode NFKC, lower case, accents off, invisible characters out) and remembers where each part came from. */
export function foldWithPlaces(text: string): FoldedText {
  const starts: number[] = []
  const ends: number[] = []
  let folded = ''
  for (const { 0: cluster, index } of text.matchAll(clusters)) {
    const part = foldCluster(cluster)
    folded += part
    for (let i = 0; i < part.length; i++) {
      starts.push(index)
      ends.push(index + cluster.length)
    }
  }
  return { text: folded, starts, ends }
}

function foldCluster(cluster: string): string {
  if (cluster.length === 1 && isPlain(cluster)) return cluster.toLowerCase()
  const bare = cluster.normalize('NFKC').replace(invisible, '').toLowerCase()
  return bare.normalize('NFD').replace(accents, '').normalize('NFKC')
}

/** Whether every character stands for itself but for ASCII's case: ASCII, CJK punctuation, kana and Han as people type them. */
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    if (unit < 0x7f) continue
    if (unit >= 0x4e00 && unit <= 0x9fff) continue
    if (unit >= 0x3041 && unit <= 0x3096) continue
    if (unit >= 0x30a1 && unit <= 0x30fe) continue
    if (unit >= 0x3001 && unit <= 0x3029) continue
    return false
  }
  return true
}
